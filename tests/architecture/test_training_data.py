"""Training and evaluation data: enough, clearly labelled, and strictly apart."""

from __future__ import annotations

import json
import re
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path

import pytest

from bot.content.topics import load_topics
from bot.nlu.red_flag_layers import LAYERS_FILE
from bot.nlu.red_flag_messages import NONE, read_messages
from bot.review.sameness import folded
from bot.safety import Gate
from bot.safety.one_language import OneLanguage
from bot.settings import ROOT

from .project import kept_files, name_of, read_yaml

DATA = ROOT / "data"
TRAINING = DATA / "nlu"
EVALUATION = ROOT / "tests" / "nlu"
LEAST = 15
DIALOGUE = ("dialogue/affirm", "dialogue/deny", "dialogue/stop")
TOPICS = load_topics(DATA / "topics.yml")
# Renaming one breaks stored conversations, statistics and every clinic's own cards.
STABLE_IDS = [
    "faq/about_acupuncture",
    "faq/why_it_helps",
    "faq/muscle_tension",
    "faq/circulation",
    "faq/natural_painkillers",
    "faq/nerve_pain",
    "faq/posture",
    "faq/stress_sleep",
    "faq/what_to_expect",
    "faq/does_it_hurt",
    "faq/session_length",
    "faq/added_therapies",
    "faq/how_many_sessions",
    "faq/who_benefits",
    "faq/drug_free",
    "faq/is_it_safe",
    "faq/side_effects",
    "faq/evidence",
    "faq/pregnancy",
    "faq/blood_thinners",
    "faq/medical_devices",
    "faq/needle_fear",
    "faq/children",
    "faq/medication_changes",
    "faq/prepare",
    "faq/aftercare",
    "faq/other_treatments",
    "clinic/practitioner",
    "clinic/hours",
    "clinic/location",
    "clinic/fees",
    "clinic/insurance",
    "clinic/cancellation_policy",
    "clinic/contact",
    "clinic/privacy",
    "booking/request",
    "booking/change",
    "booking/cancel",
    "booking/status",
    "handoff/human",
    "smalltalk/greet",
    "smalltalk/thanks",
    "smalltalk/goodbye",
    "smalltalk/bot_identity",
    "safety/emergency",
    "safety/urgent",
    "safety/crisis",
    "other/out_of_scope",
]


def training_examples() -> Iterator[tuple[str, str, Path]]:
    """Intent, text and file of each training example."""
    for path in sorted(TRAINING.glob("*.yml")):
        for entry in read_yaml(path)["nlu"]:
            for line in entry["examples"].splitlines():
                if line.strip():
                    assert line.startswith("- "), f"{name_of(path)}: {line!r} is no list item"
                    yield entry["intent"], line[2:].strip(), path


EXAMPLES = list(training_examples())
LEARNED = read_messages(DATA / "safety" / "learned")
LAYERS = DATA / "safety" / "learned" / LAYERS_FILE


def evaluation_texts() -> set[str]:
    """Every evaluation message, folded."""
    lines = [
        line for path in EVALUATION.glob("*.jsonl") for line in path.read_text("utf-8").splitlines()
    ]
    return {folded(json.loads(line)["text"]) for line in lines if line.strip()}


def test_topic_ids_are_stable() -> None:
    assert list(TOPICS) == STABLE_IDS


@pytest.mark.parametrize("topic", [*STABLE_IDS, *DIALOGUE])
def test_a_topic_has_enough_examples(topic: str) -> None:
    assert Counter(intent for intent, _, _ in EXAMPLES)[topic] >= LEAST


def test_no_example_has_an_unknown_intent() -> None:
    assert {intent for intent, _, _ in EXAMPLES} == {*TOPICS, *DIALOGUE}


def test_no_sentence_stands_twice() -> None:
    places = defaultdict(list)
    for intent, text, path in EXAMPLES:
        places[folded(text)].append(f"{text!r} in {intent} ({name_of(path)})")
    repeated = [" and ".join(found) for found in places.values() if len(found) > 1]
    assert not repeated, "\n".join(repeated)


def test_no_evaluation_sentence_is_trained_on() -> None:
    held_out = evaluation_texts()
    trained = [(text, name_of(path)) for _, text, path in EXAMPLES]
    trained += [(text, "data/safety/learned") for text, _ in LEARNED]
    leaked = [f"{text!r} ({where})" for text, where in trained if folded(text) in held_out]
    assert len(held_out) > 1000
    assert not leaked, "Take these out of the training data:\n" + "\n".join(leaked)


def test_the_learned_red_flags_are_those_of_the_tables() -> None:
    gate = Gate.load(DATA / "safety")
    tabled = {f"{sign.level.value}/{sign.id}" for sign in gate.signs}
    counts = Counter(label for _, label in LEARNED)
    assert set(counts) == {*tabled, NONE}
    assert min(counts.values()) >= LEAST


def test_the_french_tables_add_no_flag_to_an_english_message() -> None:
    gate, english = Gate.load(DATA / "safety"), OneLanguage.load(DATA / "safety")
    texts = [text for _, text, _ in EXAMPLES] + [text for text, _ in LEARNED]
    assert len(texts) > 10_000
    added = [t for t in texts if gate.check(t).flags != english.check(t, english.tokens(t)).flags]
    assert added == []


def test_few_english_messages_are_taken_for_french() -> None:
    gate = Gate.load(DATA / "safety")
    texts = [text for _, text, _ in EXAMPLES] + [text for text, _ in LEARNED]
    french = [text for text in texts if gate.check(text).language == "fr"]
    assert len(french) <= 10, french


def test_no_learned_message_stands_twice() -> None:
    texts = Counter(folded(text) for text, _ in LEARNED)
    assert [text for text, count in texts.items() if count > 1] == []


def test_training_and_test_data_lie_in_their_own_folders() -> None:
    """Rasa trains on every file below the folder it is given."""
    yaml_files = [path for path in kept_files() if path.suffix in {".yml", ".yaml"}]
    training = {path for path in yaml_files if "nlu" in top_level_keys(path)}
    assert training == set(TRAINING.glob("*.yml"))
    strays = [
        name_of(path)
        for path in kept_files()
        if DATA in path.parents
        and path != LAYERS
        and (path.suffix != ".yml" or "test" in path.name or "stories" in top_level_keys(path))
    ]
    assert strays == []


def top_level_keys(path: Path) -> set[str]:
    return set(re.findall(r"^(\w+):", path.read_text(encoding="utf-8"), re.MULTILINE))
