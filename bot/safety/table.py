"""The tables as text for a practitioner to read and sign."""

from __future__ import annotations

from bot.safety.gate import Gate
from bot.safety.model import Level, Sign

_ACT = {
    Level.EMERGENCY: "Call 911 now",
    Level.CRISIS: "Call or text 988; 911 in immediate danger",
    Level.URGENT: "Doctor today, or Health Link 811",
}


def render_table(gate: Gate) -> str:
    """Every sign with its source, its rules and its examples, as Markdown, most severe first."""
    lines = [
        "# Red flags for sign-off",
        "",
        f"{len(gate.signs)} signs. Reviewed by: ____________________   Date: ____________",
    ]
    for level in Level:
        signs = [sign for sign in gate.signs if sign.level is level]
        lines += ["", f"## {_ACT[level]} ({level.value}, {len(signs)} signs)"]
        for sign in signs:
            lines += _rows(sign)
    return "\n".join(lines) + "\n"


def _rows(sign: Sign) -> list[str]:
    rows = ["", f"### {sign.title} (`{sign.id}`)", f"Source: {sign.source}"]
    rows += _list("Looks for", [f"`{line}`" for line in sign.patterns])
    rows += _list("Unless close to", [f"`{line}`" for line in sign.unless])
    rows += _list("Raises the flag", [f'"{line}"' for line in sign.positive])
    rows += _list("Does not", [f'"{line}"' for line in sign.negative])
    return [*rows, "Agreed: [ ] yes  [ ] change: ____________________"]


def _list(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"- {line}" for line in lines)] if lines else []
