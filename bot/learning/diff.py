"""What staff taught as a change of the shipped files: readable, and `git apply` takes it."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import unified_diff
from pathlib import Path
from typing import Any

import yaml

from bot.content.yaml_file import read_mapping
from bot.learning.taught import ROW, Taught
from bot.storage.drafts import Draft

NLU, ANSWERS = "data/nlu", "data/answers"
NEW_TOPICS = "learned.yml"
DRAFTS = "drafts.yml"
DRAFTS_HEAD = """\
# Questions that patients ask and no card answers yet, as reviewers noted them. None is served.
cards:
"""
UNNAMED = "Questions without a name"
WIDTH = 96


@dataclass(frozen=True)
class Change:
    """A file before and after.

    Attributes:
        name: The path from the project's folder.
        before: Its text; empty when it is new.
        after: Its text with the change.
    """

    name: str
    before: str
    after: str

    @property
    def diff(self) -> str:
        """The change as a unified diff; empty when there is none."""
        old = f"a/{self.name}" if self.before else "/dev/null"
        lines = unified_diff(
            self.before.splitlines(keepends=True),
            self.after.splitlines(keepends=True),
            old,
            f"b/{self.name}",
        )
        return "".join(lines)


def taught_changes(root: Path, taught: Taught) -> list[Change]:
    """The examples put beside those of their topic, file by file.

    Args:
        root: The project's folder.
        taught: Examples that no file has yet.
    """
    files = {path.name: path.read_text("utf-8") for path in sorted((root / NLU).glob("*.yml"))}
    after = dict(files)
    for topic, texts in taught.examples.items():
        name = next((n for n, text in after.items() if _heading(topic) in text), NEW_TOPICS)
        text = after.get(name) or 'version: "3.1"\n\nnlu:\n'
        if _heading(topic) not in text:
            text += f"{_heading(topic)}  examples: |\n"
        after[name] = _with_examples(text, topic, texts)
    return [
        Change(f"{NLU}/{name}", files.get(name, ""), text)
        for name, text in after.items()
        if text != files.get(name)
    ]


def _heading(topic: str) -> str:
    return f"- intent: {topic}\n"


def _with_examples(text: str, topic: str, texts: Sequence[str]) -> str:
    """The text with examples at the end of the topic's block."""
    start = text.index(_heading(topic)) + len(_heading(topic))
    following = text.find("\n- ", start)
    end = len(text) if following < 0 else following + 1
    block = text[start:end].rstrip("\n")
    rows = "".join(f"\n{ROW}{example}" for example in texts)
    blank = "\n\n" if text[start:end].endswith("\n\n") else "\n"
    return text[:start] + block + rows + blank + text[end:]


def draft_changes(
    answers_dir: Path, drafts: Iterable[Draft], questions: dict[int | None, list[str]]
) -> list[Change]:
    """The draft cards that the folder of cards does not have yet; those it has stay as they are.

    Args:
        answers_dir: Where the cards are.
        drafts: As staff named and worded them.
        questions: What patients asked, by the number of the draft; None for those without a name.
    """
    path = answers_dir / DRAFTS
    before = path.read_text("utf-8") if path.exists() else ""
    entries = read_mapping(path).get("cards") or [] if before else []
    there = {str(entry.get("title")) for entry in entries if isinstance(entry, dict)}
    asked = [_entry(draft, questions[draft.id]) for draft in drafts if questions.get(draft.id)]
    if unnamed := questions.get(None):
        asked.append({"draft": True, "title": UNNAMED, "questions": unnamed})
    new = [entry for entry in asked if entry["title"] not in there]
    if not new:
        return []
    after = (before or DRAFTS_HEAD) + "".join(map(_as_yaml, new))
    return [Change(f"{ANSWERS}/{DRAFTS}", before, after)]


def _entry(draft: Draft, questions: list[str]) -> dict[str, Any]:
    entry: dict[str, Any] = {"draft": True, "title": draft.title, "questions": questions}
    if draft.wording:
        entry["web"] = draft.wording
    if draft.approved_by and draft.approved_at:
        entry["approved_by"] = draft.approved_by
        entry["approved_on"] = draft.approved_at.date()
    return entry


def _as_yaml(entry: dict[str, Any]) -> str:
    text = yaml.safe_dump([entry], sort_keys=False, allow_unicode=True, width=WIDTH)
    return "".join(f"  {line}\n" for line in text.splitlines())
