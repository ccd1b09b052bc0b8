from __future__ import annotations

from collections.abc import Iterator

import pytest

from faults.clinic import Clinic


@pytest.fixture(scope="session")
def clinic(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Clinic]:
    """The turn over the trained model, which is trained first when there is none."""
    opened = Clinic.open(tmp_path_factory.mktemp("clinic"))
    yield opened
    opened.close()
