from __future__ import annotations

from pathlib import Path

from tarsafe import TarSafe

from bot.learning.light_archive import light_archive

# Byte 8 of a gzip file (RFC 1952): 4 says the fastest way, 2 the slowest.
FASTEST, SLOWEST = 4, 2


def test_an_archive_is_packed_the_fastest_way_and_read_as_any_other(tmp_path: Path) -> None:
    with light_archive():
        archive = _archive(tmp_path)
    assert archive.read_bytes()[8] == FASTEST
    with TarSafe.open(archive, "r:gz") as packed:
        packed.extractall(tmp_path / "out")
    assert (tmp_path / "out" / "weights").read_bytes() == b"\x00\x01" * 5000


def test_archives_are_as_they_were_afterwards(tmp_path: Path) -> None:
    with light_archive():
        pass
    assert _archive(tmp_path).read_bytes()[8] == SLOWEST


def _archive(folder: Path) -> Path:
    weights = folder / "weights"
    weights.write_bytes(b"\x00\x01" * 5000)
    with TarSafe.open(folder / "model.tar.gz", "w:gz") as packed:
        packed.add(weights, "weights")
    return folder / "model.tar.gz"
