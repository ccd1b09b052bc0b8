from __future__ import annotations

from pathlib import Path

import pytest

from bot.errors import SettingError
from bot.nlu.red_flag_messages import LOOK_ALIKES, NONE, RED_FLAGS, read_messages

FLAGS = (
    'emergency:\n  chest_pain: ["chest hurts", "no: pain"]\nurgent:\n  night_pain: ["all night"]\n'
)
HARMLESS = 'idiom: ["killing me"]\n'


def _folder(tmp_path: Path, flags: str = FLAGS, harmless: str = HARMLESS) -> Path:
    (tmp_path / RED_FLAGS).write_text(flags)
    (tmp_path / LOOK_ALIKES).write_text(harmless)
    return tmp_path


def test_messages_come_with_level_and_sign_or_none(tmp_path: Path) -> None:
    assert read_messages(_folder(tmp_path)) == [
        ("chest hurts", "emergency/chest_pain"),
        ("no: pain", "emergency/chest_pain"),
        ("all night", "urgent/night_pain"),
        ("killing me", NONE),
    ]


@pytest.mark.parametrize(
    "flags",
    [
        "",
        "- a list",
        "emergency: [flat]",
        "emergency:\n  chest_pain: text",
        "emergency: {s: [1]}",
        "a: [",
    ],
)
def test_a_wrong_file_is_named(tmp_path: Path, flags: str) -> None:
    with pytest.raises(SettingError, match=RED_FLAGS):
        read_messages(_folder(tmp_path, flags))


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(SettingError, match=RED_FLAGS):
        read_messages(tmp_path)
