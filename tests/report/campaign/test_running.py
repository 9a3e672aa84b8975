"""A campaign that still runs on the day of the study is shown as such wherever the page has its numbers."""

import pytest

from analysis.report.campaign import around as weeks_around
from analysis.report.campaign import closing, money, opening, phrases, ways, worth
from analysis.report.campaign import lots as drawn

PEOPLE = {"customers": "households", "currency": "USD"}
WHO = {"customer": "household", **PEOPLE}
PERIOD = "2017"
STILL = "still runs"


@pytest.fixture
def inside(by_lot):
    """As of a day inside campaign 2, the biggest."""
    return by_lot.assign(closed=by_lot["campaign_id"] != "2")


def places(inside, lots, around, methods):
    """Every part of the page in which campaign 2 appears, by name."""
    still = phrases.running(inside)
    return {
        "opening": opening.answer(inside, None, budget=400.0, days=28, **PEOPLE),
        "key figure": str(opening.biggest(inside, customer="household", currency="USD")),
        "lots": drawn.section(lots.assign(closed=lots["campaign_id"] != "2"), inside, **PEOPLE),
        "worth": worth.section(inside, period=PERIOD, **WHO),
        "money": money.told(inside, **PEOPLE),
        "around": weeks_around.section(around, inside, **WHO),
        "ways": ways.section(methods, still=still, **WHO),
        "closing": " ".join(closing.steps(inside, None, budget=400.0, days=28, consent_known=True, **WHO)),
    }


def test_every_part_says_that_the_campaign_still_runs(inside, lots, around, methods):
    said = places(inside, lots, around, methods)
    assert [name for name, html in said.items() if STILL not in html] == []


def test_no_part_says_so_of_campaigns_that_ended(by_lot, lots, around, methods):
    ended = by_lot.assign(closed=True)
    said = places(ended, lots, around, methods) | {"lots": drawn.section(lots, ended, **PEOPLE)}
    assert [name for name, html in said.items() if STILL in html] == []
