from __future__ import annotations

import re
import shutil
from importlib.metadata import version
from pathlib import Path

import pytest

from bot.learning import fingerprint as module
from bot.learning.fingerprint import INPUTS, fingerprint, model_path, unseen_fingerprint
from bot.settings import ROOT

FILES = {
    "config.yml": "pipeline: []\n",
    "domain.yml": "intents: []\n",
    "data/nlu/faq.yml": "nlu: []\n",
    "data/nlu/more/deep.yml": "nlu: []\n",
    "data/rules/rules.yml": "rules: []\n",
    "bot/nlu/part.py": "X = 1\n",
}
OTHERS = (
    "data/answers/article.yml",
    "data/topics.yml",
    "bot/turn/turn.py",
    "actions/action_clarify.py",
    "README.md",
    "data/nlu/notes.txt",
    "bot/nlu/__pycache__/part.cpython-310.pyc",
)


@pytest.fixture
def project(tmp_path: Path) -> Path:
    for name, text in FILES.items():
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    return tmp_path


def test_it_is_short_hexadecimal(project: Path) -> None:
    assert re.fullmatch(r"[0-9a-f]{16}", fingerprint(project))


def test_it_is_the_same_again_wherever_the_project_is(project: Path, tmp_path: Path) -> None:
    copy = tmp_path.parent / f"{tmp_path.name} copy"
    shutil.copytree(project, copy)
    for path in copy.rglob("*"):
        path.touch()
    assert fingerprint(copy) == fingerprint(project) == fingerprint(project)


@pytest.mark.parametrize("name", FILES)
def test_it_changes_with_each_input(project: Path, name: str) -> None:
    before = fingerprint(project)
    (project / name).write_text(FILES[name] + "# changed\n")
    assert fingerprint(project) != before


@pytest.mark.parametrize("name", FILES)
def test_it_changes_when_an_input_goes_or_is_renamed(project: Path, name: str) -> None:
    before = fingerprint(project)
    path = project / name
    moved = path.rename(path.with_name(f"other{path.suffix}"))
    renamed = fingerprint(project)
    moved.unlink()
    gone = fingerprint(project)
    # A file of another name is an input only within a folder.
    is_single = name in INPUTS
    assert before not in {renamed, gone}
    assert (renamed == gone) == is_single


def test_it_changes_with_a_new_file(project: Path) -> None:
    before = fingerprint(project)
    (project / "data/nlu/new.yml").write_text("nlu: []\n")
    assert fingerprint(project) != before


def test_what_moves_between_files_changes_it(project: Path) -> None:
    before = fingerprint(project)
    first, second = project / "data/nlu/faq.yml", project / "data/rules/rules.yml"
    one, other = first.read_text(), second.read_text()
    first.write_text(other)
    second.write_text(one)
    assert fingerprint(project) != before


@pytest.mark.parametrize("name", OTHERS)
def test_it_does_not_change_with_anything_else(project: Path, name: str) -> None:
    before = fingerprint(project)
    path = project / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_text("anything")
    assert fingerprint(project) == before


@pytest.mark.parametrize("package", module.PACKAGES)
def test_it_changes_with_a_library(
    project: Path, monkeypatch: pytest.MonkeyPatch, package: str
) -> None:
    before = fingerprint(project)
    monkeypatch.setattr(module, "version", lambda name: "99" if name == package else version(name))
    assert fingerprint(project) != before


def test_a_models_path_is_its_fingerprint(project: Path, tmp_path: Path) -> None:
    assert model_path(tmp_path, project) == tmp_path / f"{fingerprint(project)}.tar.gz"


def test_every_input_is_there() -> None:
    for name in INPUTS:
        assert (ROOT / name).exists(), name


def test_the_codes_own_changes_with_the_code_alone(project: Path) -> None:
    before = unseen_fingerprint(project)
    (project / "config.yml").write_text("pipeline: [other]\n")
    (project / "data/nlu/faq.yml").write_text("nlu: [other]\n")
    assert unseen_fingerprint(project) == before
    (project / "bot/nlu/part.py").write_text("X = 2\n")
    assert unseen_fingerprint(project) != before


def test_what_staff_taught_counts_wherever_it_lies(project: Path, tmp_path: Path) -> None:
    bare = fingerprint(project)
    one, other = tmp_path.parent / f"{tmp_path.name} a", tmp_path.parent / f"{tmp_path.name} b"
    assert fingerprint(project, one) == bare
    for folder, text in ((one, "nlu: []"), (other, "nlu: []")):
        (folder / "nlu").mkdir(parents=True)
        (folder / "nlu" / "learned.yml").write_text(text)
    assert fingerprint(project, one) == fingerprint(project, other) != bare
    (other / "nlu" / "learned.yml").write_text("nlu: [x]")
    assert fingerprint(project, one) != fingerprint(project, other)
    # What lies beside it, such as earlier candidates, does not count.
    (one / "runs").mkdir()
    (one / "runs" / "learned.yml").write_text("nlu: []")
    assert fingerprint(project, one) != bare
