from __future__ import annotations

from collections.abc import Iterator

import pytest

from faults.clinic import Clinic


@pytest.fixture(scope="session")
def clinic() -> Iterator[Clinic]:
    """The turn over the trained model, which is trained first when there is none."""
    opened = Clinic.open()
    yield opened
    opened.close()
