from __future__ import annotations

import logging
from pathlib import Path

import pytest

from bot.runtime import _without_client_bytes, blas_kernels

AVX512 = "avx512f avx512cd avx512bw avx512dq avx512vl"


def test_a_parser_error_is_logged_without_what_the_client_sent(
    caplog: pytest.LogCaptureFixture,
) -> None:
    logger = logging.getLogger("test.parser")
    logger.addFilter(_without_client_bytes)
    try:
        int("my phone is 780")
    except ValueError as error:
        logger.exception(error)
    assert "780" not in caplog.text
    assert "ValueError" in caplog.text


@pytest.mark.parametrize(
    ("flags", "kernels"),
    [
        (f"fpu sse4_2 avx2 fma {AVX512} amx_tile", "SKYLAKEX"),
        ("fpu sse4_2 avx2 fma avx512f", "HASWELL"),
        ("fpu sse4_2 avx", None),
    ],
)
def test_matrices_use_the_kernels_that_the_processor_can_run(
    tmp_path: Path, flags: str, kernels: str | None
) -> None:
    told = tmp_path / "cpuinfo"
    told.write_text(f"processor\t: 0\nflags\t\t: {flags}\n\nprocessor\t: 1\nflags\t\t: fpu\n")
    assert blas_kernels(told) == kernels


def test_where_nothing_tells_of_the_processor_the_library_chooses(tmp_path: Path) -> None:
    assert blas_kernels(tmp_path / "missing") is None
    silent = tmp_path / "cpuinfo"
    silent.write_text("Features\t: fp asimd\n")
    assert blas_kernels(silent) is None
