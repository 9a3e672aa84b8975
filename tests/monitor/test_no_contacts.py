"""Nobody was contacted: the funnel has its steps without a rate, and the page says so and goes on."""

import re

import pandas as pd
import pytest

from analysis.monitor import conversion, no_contacts
from analysis.report.conversion import closing, nobody, steps
from analysis.report.conversion.differences import rate_difference

OUTCOMES = pd.DataFrame({
    "campaign_id": "x", "customer_id": ["Ann", "Ben"], "kind": "mail", "visited": [True, False], "bought_promoted": False,
    "redeemed": [True, False], "window_closed": True, "seen_from_start": True,
})  # fmt: skip
GROUPS = pd.DataFrame({"customer_id": ["Ann", "Ben"], "segment": ["new", "loyal"]})


def test_without_contacts_every_step_is_there_with_zero_and_no_rate():
    found = no_contacts.funnel(OUTCOMES.head(0))
    assert found["step"].tolist() == list(conversion.STEPS)
    assert (found[["reached", "contacted"]] == 0).all().all() and found["rate"].isna().all()
    assert list(found) and set(found) == set(conversion.funnel(OUTCOMES))


def test_with_contacts_they_are_what_conversion_says():
    pd.testing.assert_frame_equal(no_contacts.funnel(OUTCOMES), conversion.funnel(OUTCOMES))
    pd.testing.assert_frame_equal(
        no_contacts.by(OUTCOMES, GROUPS, by="segment"), conversion.conversion_by(OUTCOMES, GROUPS, by="segment")
    )
    empty = no_contacts.by(OUTCOMES.head(0), GROUPS, by="segment")
    assert empty.empty and list(empty) == list(conversion.conversion_by(OUTCOMES, GROUPS, by="segment"))


def test_the_page_says_that_nobody_was_contacted_and_what_to_do():
    found = no_contacts.funnel(OUTCOMES.head(0))
    section = str(steps.section(found, odd=0, customer="shop", period="2024"))
    assert "Nobody has been contacted yet" in section and "<svg" not in section
    said = str(nobody.answer(customers="shops", period="2024"))
    assert "<h1>Nobody has been contacted yet</h1>" in said
    assert re.findall(r"\bnan\b|not known|\bNone\b", section + said) == []
    nothing = rate_difference([], [], [], [])
    told = closing.steps(
        steps.overall(found).loc["redeemed"], {}, None, nothing, pd.DataFrame(), coupons={"ten": 0.2}, customers="shops"
    )
    assert told == [nobody.NEXT]


@pytest.mark.parametrize("opens", [True, False])
def test_the_limits_say_whether_opens_were_counted(opens):
    said = " ".join(closing.limits(customers="shops", opens=opens))
    assert ("opens and clicks are what the sender counted" in said) == opens
    assert ("only redemptions were recorded" in said) != opens
