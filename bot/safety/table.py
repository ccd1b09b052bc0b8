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
    lines = ["# Red flags for sign-off"]
    for language, signs in gate.tables.items():
        signed = f"{len(signs)} signs. Reviewed by: ____________________   Date: ____________"
        lines += ["", f"{language}: {signed}"]
        for level in Level:
            rows = [sign for sign in signs if sign.level is level]
            lines += ["", f"## {language}: {_ACT[level]} ({level.value}, {len(rows)} signs)"]
            for sign in rows:
                lines += _rows(sign)
    return "\n".join(lines) + "\n"


def _rows(sign: Sign) -> list[str]:
    rows = ["", f"### {sign.title} (`{sign.id}`)", f"Source: {sign.source}"]
    rows += _list("Looks for", [f"`{line}`" for line in sign.patterns])
    rows += _list("Only where the second opinion sees it too", [f"`{line}`" for line in sign.hints])
    rows += _list("Where nothing else is said", [f"`{line}`" for line in sign.alone])
    rows += _list("Unless close to", [f"`{line}`" for line in sign.unless])
    rows += _list("Raises the flag", [f'"{line}"' for line in sign.positive])
    rows += _list("Does not", [f'"{line}"' for line in sign.negative])
    return [*rows, "Agreed: [ ] yes  [ ] change: ____________________"]


def _list(title: str, lines: list[str]) -> list[str]:
    return ["", f"{title}:", *(f"- {line}" for line in lines)] if lines else []
