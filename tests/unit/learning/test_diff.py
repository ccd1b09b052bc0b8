from __future__ import annotations

import subprocess
from datetime import datetime, timezone
from pathlib import Path

import yaml

from bot.content.card_file import draft_notices, read_card_file, read_cards
from bot.content.checks import check_content
from bot.learning.diff import draft_changes, taught_changes
from bot.learning.taught import Taught, examples_in
from bot.settings import ROOT
from bot.storage.drafts import Draft

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=timezone.utc)
TAUGHT = Taught.of(
    [("clinic/fees", "what's the damage"), ("faq/does_it_hurt", "ouchy?"), ("clinic/fees", "cash?")]
)
SEEDS = Draft(4, "Ear seeds", "", None, None, NOON)
ASKED: dict[int | None, list[str]] = {4: ["ear seeds?", "do you: do - ear seeds"]}


def test_examples_stand_with_their_topic_and_nothing_else_changes() -> None:
    before = examples_in(ROOT / "data" / "nlu")
    changes = taught_changes(ROOT, TAUGHT)
    names = ["data/nlu/clinic.yml", "data/nlu/faq_session.yml"]
    assert [change.name for change in changes] == names
    for change in changes:
        lines = change.diff.splitlines()
        assert not [line for line in lines[2:] if line.startswith("-")]
        assert change.diff.startswith(f"--- a/{change.name}\n+++ b/{change.name}\n")
    added = {line for change in changes for line in change.diff.splitlines() if line[:2] == "+ "}
    assert added == {f"+    - {text}" for _, text in TAUGHT.pairs}
    after = [entry for change in changes for entry in yaml.safe_load(change.after)["nlu"]]
    fees = next(e["examples"] for e in after if e["intent"] == "clinic/fees")
    assert fees.splitlines()[-2:] == ["- cash?", "- what's the damage"]
    assert len(before) > 9_000


def test_git_takes_the_change(tmp_path: Path) -> None:
    for change in taught_changes(ROOT, TAUGHT):
        path = tmp_path / change.name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(change.before, encoding="utf-8")
    subprocess.run(["git", "init", "-q"], cwd=tmp_path, check=True)
    diffs = "".join(change.diff for change in taught_changes(ROOT, TAUGHT))
    diffs += draft_changes(tmp_path / "none", [SEEDS], ASKED)[0].diff
    applied = ["git", "apply", "-"]
    subprocess.run(applied, cwd=tmp_path, input=diffs, text=True, check=True)
    for change in taught_changes(ROOT, TAUGHT):
        assert (tmp_path / change.name).read_text("utf-8") == change.after
    assert (tmp_path / "data/answers/drafts.yml").exists()


def test_a_topic_without_examples_gets_a_file() -> None:
    (change,) = taught_changes(ROOT, Taught.of([("faq/brand_new", "ear seeds?")]))
    assert change.name == "data/nlu/learned.yml"
    assert yaml.safe_load(change.after) == {
        "version": "3.1",
        "nlu": [{"intent": "faq/brand_new", "examples": "- ear seeds?\n"}],
    }


def test_a_draft_is_no_card_and_no_fault(tmp_path: Path) -> None:
    answers = tmp_path / "answers"
    answers.mkdir()
    for path in (ROOT / "data" / "answers").glob("*.yml"):
        (answers / path.name).write_text(path.read_text("utf-8"), "utf-8")
    worded = Draft(5, "Moxa", "The clinic will tell you.", "Pat Example", NOON, NOON)
    asked = {**ASKED, 5: ["moxa?"], None: ["what about: # this"]}
    (change,) = draft_changes(answers, [SEEDS, worded, Draft(6, "x", "", None, None, NOON)], asked)
    cards = read_cards(answers)
    (answers / "drafts.yml").write_text(change.after, "utf-8")
    file = read_card_file(answers / "drafts.yml")
    assert (file.cards, file.problems) == ((), ())
    assert file.drafts == ("Ear seeds", "Moxa", "Questions without a name")
    assert read_cards(answers) == cards
    profile, topics = ROOT / "data" / "clinic" / "demo.yml", ROOT / "data" / "topics.yml"
    assert check_content(answers, profile, topics, NOON.date()) == []
    assert [notice[:11] for notice in draft_notices(answers)] == [
        "“Ear seeds”",
        "“Moxa” is a",
        "“Questions ",
    ]
    entries = yaml.safe_load(change.after)["cards"]
    assert entries[0] == {"draft": True, "title": "Ear seeds", "questions": ASKED[4]}
    assert entries[1]["approved_by"] == "Pat Example"
    # What the clinic made of a draft since stays as it is.
    assert draft_changes(answers, [SEEDS, worded], asked) == []
    later = draft_changes(answers, [SEEDS, Draft(7, "Gua sha", "", None, None, NOON)], {7: ["gua"]})
    assert later[0].after.startswith(change.after)
