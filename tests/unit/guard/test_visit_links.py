from __future__ import annotations

import pytest

from bot.guard.visit_links import UnknownLink, VisitLinks

SECRET = "s" * 32
LINKS = VisitLinks(SECRET, "https://faq.clinic.example/")


def _name(link: str) -> str:
    return link.rpartition("/")[2]


def test_a_link_leads_back_to_its_visit() -> None:
    link = LINKS.link("B7K-3QD")
    assert link.startswith("https://faq.clinic.example/visits/B7K-3QD.")
    assert link.endswith(".ics")
    assert LINKS.reference_of(_name(link)) == "B7K-3QD"


@pytest.mark.parametrize(
    "name",
    [
        "",
        "B7K-3QD",
        "B7K-3QD.ics",
        "B7K-3QD.AAAAAAAAAAAAAAAAAAAAAAAAAAA.ics",
        "é.ics",
        "\udcff.ics",
        _name(VisitLinks("t" * 32, "https://faq.clinic.example").link("B7K-3QD")),
        _name(LINKS.link("B7K-3QD")).replace("B7K", "B7L"),
    ],
)
def test_a_link_that_this_server_did_not_make_is_refused(name: str) -> None:
    with pytest.raises(UnknownLink):
        LINKS.reference_of(name)
