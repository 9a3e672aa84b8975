"""Titles and sentences follow the numbers, in every branch."""

import numpy as np
import pandas as pd
import pytest

from analysis.monitor.redemption_time import redemption_time
from analysis.report.conversion import before, closing, groups, history, kinds, opening, phrases, steps, timing, weeks
from analysis.report.conversion.differences import Difference

NAN = float("nan")
UP = Difference(0.28, 0.07, 0.21, 0.17, 0.24, 1e-9, 500)
DOWN = Difference(0.05, 0.10, -0.05, -0.07, -0.02, 1e-4, 500)
SAME = Difference(0.97, 0.97, 0.0, -0.005, 0.004, 0.9, 500)
UNSURE = Difference(0.5, 0.2, 0.3, NAN, NAN, NAN, 8)
ALL = pd.Series({"reached": 120, "contacted": 1000, "rate": 0.12, "low": 0.11, "high": 0.131, "window_closed": 0.88,
                 "seen_from_start": 0.98})  # fmt: skip


@pytest.mark.parametrize(
    ("share", "words"),
    [
        (0.12, "one contact in eight"), (0.099, "one contact in ten"), (0.41, "four contacts in ten"), (1.0, "nearly every contact"),
        (0.0, "hardly any contact"), (0.0196, "one contact in 51"), (NAN, "an unknown share of contacts"),
    ],
)  # fmt: skip
def test_shares_in_plain_words(share, words):
    assert phrases.one_in(share) == words


def test_the_title_of_the_funnel_counts_of_a_hundred():
    funnel = pd.DataFrame({"scope": "all", "step": ["redeemed", "visited", "contacted", "bought_promoted"],
                           "step_no": [3, 1, 0, 2], "rate": [0.12, 0.972, 1.0, 0.742]})  # fmt: skip
    assert steps.title(funnel) == "Of 100 contacts, 97 visit, 74 buy a promoted product and 12 redeem"


@pytest.mark.parametrize(
    ("visited", "bought", "words"),
    [
        (SAME, SAME, "Visits and promoted purchases are no more common in a campaign’s days than just before"),
        (UP, UP, "Visits and promoted purchases are more common in a campaign’s days than just before"),
        (
            DOWN,
            SAME,
            "Visits are less common and promoted purchases no more common in a campaign’s days than just before",
        ),
        (SAME, UNSURE, "We cannot tell whether visits are more common in a campaign’s days than before"),
    ],
)
def test_the_days_before_lead_to_one_of_four_findings(visited, bought, words):
    assert before.title({"visited": visited, "bought_promoted": bought}) == words


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (UP, "Shops that redeemed before redeem four times as often as those that had not"),
        (UP._replace(b=0.0), "Only shops that redeemed before redeem again"),
        (DOWN, "Shops that redeemed before redeem less often than those that had not"),
        (SAME, "We see no clear difference in how often shops that redeemed before redeem and others do"),
        (UNSURE, "We cannot tell whether shops that redeemed before redeem more often"),
    ],
)
def test_redeeming_again_is_said_as_the_interval_allows(found, words):
    assert history.title(found, customers="shops") == words
    assert "nan" not in history.lead(found, customers="shops")


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (None, "All campaigns are of one kind"),
        (kinds.Leading("A", UP, False, UP), "No kind of campaign is clearly redeemed more often than the others"),
        (kinds.Leading("A", UP, True, UP), "A is redeemed four times as often as other campaigns, by the same {customers} too"),
        (kinds.Leading("A", UP, True, DOWN), "A is redeemed four times as often as other campaigns, but not by the same {customers}"),
        (kinds.Leading("A", UP, True, UNSURE), "A is redeemed four times as often as other campaigns"),
        (kinds.Leading("A", UP._replace(b=0.0), True, SAME), "A is redeemed and no other is"),
    ],
)  # fmt: skip
def test_a_kind_leads_only_when_clear(found, words):
    assert kinds.title(found) == words


def contacts(*, kind, hits, of, named="", on="2017-05-01", campaign="1"):
    return pd.DataFrame({
        "campaign_id": campaign, "customer_id": [f"{named}{n}" for n in range(of)], "kind": kind, "redeemed": [n < hits for n in range(of)],
        "contacted_on": pd.Timestamp(on), "window_closed": True, "seen_from_start": True,
    })  # fmt: skip


def test_the_leading_kind_is_the_one_with_the_highest_rate_and_is_tried_on_the_same_customers():
    table = pd.concat(
        [contacts(kind="A", hits=30, of=60), contacts(kind="B", hits=6, of=60), contacts(kind="C", hits=3, of=60)]
    )
    found = kinds.leading(table, table)
    assert (found.kind, found.clear, found.against.a, found.against.b) == ("A", True, 0.5, 0.075)
    assert found.same == found.against and found.compared == 3
    assert not kinds.leading(
        pd.concat([contacts(kind="A", hits=9, of=60), contacts(kind="B", hits=8, of=60)]), table
    ).clear
    assert kinds.leading(contacts(kind="A", hits=3, of=9), table) is None


def test_a_kind_of_too_few_is_not_among_those_compared():
    table = pd.concat(
        [contacts(kind="A", hits=30, of=60), contacts(kind="B", hits=6, of=60), contacts(kind="C", hits=3, of=19)]
    )
    assert kinds.leading(table, table).compared == 2  # 19 customers, where 20 are needed


def test_a_kind_that_is_highest_by_luck_does_not_lead():
    table = pd.concat([
        contacts(kind="A", hits=14, of=60, named="a"), contacts(kind="B", hits=6, of=60, named="b"),
        contacts(kind="C", hits=7, of=60, named="c"),
    ])  # fmt: skip
    found = kinds.leading(table, table)
    assert found.against.word == "up" and found.against.p_value < 0.05  # alone it would be clear
    assert not found.clear  # as the highest of three it is not


def test_the_trend_compares_the_last_with_the_first_campaign_that_was_seen_whole():
    table = pd.concat([
        contacts(kind="A", hits=4, of=40, campaign="1"), contacts(kind="A", hits=20, of=40, campaign="2"),
        contacts(kind="A", hits=0, of=40, campaign="3").assign(window_closed=False), contacts(kind="B", hits=0, of=40, campaign="4"),
    ])  # fmt: skip
    begun = pd.DataFrame(
        {
            "campaign_id": list("1234"),
            "starts_on": pd.to_datetime(["2017-01-01", "2017-03-01", "2017-05-01", "2017-01-05"]),
        }
    )
    found = kinds.trend(table, begun, kind="A")
    assert (found.kind, found.first, found.last, found.difference.word) == ("A", "1", "2", "up")
    assert kinds.trend(table, begun, kind="B") is None


TIMES = pd.DataFrame({
    "kind": "all", "days": [0, 1, 2, 3, 9], "redeemed_by": [0, 4, 10, 15, 20], "contacted": 100, "rate": [0, 0.04, 0.1, 0.15, 0.2],
})  # fmt: skip


def test_the_middle_day_is_the_first_by_which_half_have_redeemed():
    assert [timing.day_by_which(TIMES, share=share) for share in (0.5, 0.75, 0.76, 1.0)] == [2, 3, 9, 9]
    assert timing.day_by_which(TIMES.head(2), share=0.5) is None  # four redemptions
    assert timing.day_by_which(TIMES, share=0.5, kind="B") is None


def test_a_campaign_still_open_does_not_make_the_middle_day_early():
    # Of 100 contacts 10 redeem on day 1 and, of those followed for longer, as many again on day 20. Of the 50 that are
    # followed for 5 days only, the second half is unseen: counted are 10 + 5, but the curve climbs to 0.1 + 0.9 x 1/9 = 0.2.
    start = pd.Timestamp("2024-03-01")
    open_late = pd.Timestamp("2024-03-16")
    day = lambda first, days: [first + pd.Timedelta(days=n) if n else pd.NaT for n in days]  # noqa: E731
    seen = [(start, day(start, [1] * 5 + [20] * 5 + [0] * 40)), (open_late, day(open_late, [1] * 5 + [0] * 45))]
    rows = pd.concat([
        pd.DataFrame({"kind": "A", "contacted_on": first, "redeemed_on": redeemed, "seen_from_start": True}) for first, redeemed in seen
    ], ignore_index=True)  # fmt: skip
    rows = rows.assign(redeemed=rows["redeemed_on"].notna(), customer_id=range(len(rows)))
    times = redemption_time(rows, as_of=(open_late + pd.Timedelta(days=5)).date())
    assert times[times["kind"] == "all"]["rate"].iloc[-1] == pytest.approx(0.2)
    assert timing.day_by_which(times, share=0.51) == 20  # of the redemptions counted, two thirds came on day 1


def test_the_interval_of_the_middle_day_is_that_of_the_redemptions_in_order():
    days = sorted([1] * 4 + [2] * 6 + [3] * 5 + [9] * 5)  # 20 redemptions: the 5th and the 16th, 10 -/+ 0.98 x 4.47
    assert timing.middle_day_interval(TIMES) == (days[4], days[15])


GROUPS = pd.DataFrame({
    "dimension": ["segment"] * 3 + ["age_band"] * 3, "group": ["champions", "loyal", "new", "65+", "25-34", None],
    "customers": [200, 300, 3, 100, 100, 303], "reached": [80, 30, 0, 25, 22, 63], "contacted": [400, 600, 3, 200, 200, 603],
    "effective": [300.0, 500.0, 3.0, 150.0, 150.0, 500.0],
}).assign(rate=lambda t: t["reached"] / t["contacted"], low=0.0, high=0.5)  # fmt: skip


def test_groups_are_compared_with_the_rest_of_their_list_and_small_ones_left_out():
    table = groups.compared(GROUPS)
    assert table["group"].tolist() == ["champions", "loyal", "25-34", "65+", "age not known"]
    assert table["verdict"].tolist() == ["more often", "less often", *["cannot tell"] * 3]
    assert table.loc[0, "rest"] == pytest.approx(30 / 603)
    assert groups.title(table, customers="shops") == "Champions redeem more often than the rest"


def test_with_independent_contacts_a_group_is_compared_by_the_pooled_z_test():
    two = GROUPS.head(2).assign(effective=lambda t: t["contacted"].astype(float))
    pooled = 110 / 1000
    z = (0.2 - 0.05) / np.sqrt(pooled * (1 - pooled) * (1 / 400 + 1 / 600))
    from scipy.stats import norm

    assert groups.compared(two)["p_adjusted"].iloc[0] == pytest.approx(2 * 2 * norm.sf(z))  # two looked at


def test_group_titles_say_less_often_or_nothing_clear():
    table = groups.compared(GROUPS)
    assert groups.title(table.iloc[1:], customers="shops") == "Loyal redeem less often than the rest"
    assert groups.title(table.iloc[2:], customers="shops").startswith("No segment and no age group")
    aged = table.iloc[2:].assign(verdict="more often")
    assert (
        groups.title(aged, customers="shops")
        == "Shops aged 25 to 34 and shops aged 65+ redeem more often than the rest"
    )


def week(*signals, start="2017-05-01"):
    days = pd.date_range(start, periods=len(signals), freq="7D")
    return pd.DataFrame(
        {"week_starts_on": days, "value": 0.03, "centre": 0.01, "lower": 0.0, "upper": 0.02, "signal": signals}
    )


def test_weeks_are_early_in_a_campaign_for_its_first_three():
    begun = pd.DataFrame({"kind": ["A", "B"], "starts_on": pd.to_datetime(["2017-05-03", "2017-05-15"])})
    found = weeks.signals(week(None, "above", "above", "above", "above"), begun, kind="A")  # its 21st day is 23 May
    assert (found.weeks, found.found, found.near) == (5, 4, 3)


@pytest.mark.parametrize(
    ("found", "near", "words"),
    [
        (0, 0, "No week stands out in redemption"), (1, 1, "One week stands out, early in a A campaign"),
        (2, 2, "Two weeks stand out, both early in a A campaign"), (5, 5, "Five weeks stand out, all early in a A campaign"),
        (5, 4, "Five weeks stand out, four of them early in a A campaign"), (3, 0, "Three weeks stand out"),
    ],
)  # fmt: skip
def test_the_title_of_the_weeks_counts_signals(found, near, words):
    assert weeks.title(weeks.Signals(52, found, found, near, "A")) == words


def test_halves_leave_open_campaigns_out():
    table = pd.concat([
        contacts(kind="A", hits=4, of=40, on="2017-02-01"), contacts(kind="A", hits=20, of=40, on="2017-08-01"),
        contacts(kind="A", hits=0, of=40, on="2017-09-01").assign(window_closed=False),
    ])  # fmt: skip
    found = opening.halves(table, on=pd.Timestamp("2017-07-02"))
    assert (found.a, found.b, found.word) == (0.5, 0.1, "up")


def test_the_title_of_the_page_says_rate_and_visits():
    table = contacts(kind="A", hits=5, of=40)
    assert opening.title(table, {"visited": SAME}) == (
        "About one contact in eight ends in a redemption; visits are no more common than just before"
    )
    assert opening.title(table, {}) == "About one contact in eight ends in a redemption"
    assert opening.title(contacts(kind="A", hits=0, of=40), {}) == "Hardly any contact ends in a redemption"
    assert opening.title(table.head(0), {}) == "Nobody has been contacted yet"
    assert opening.title(contacts(kind="A", hits=20, of=40), {}) == "About five contacts in ten end in a redemption"


def test_next_steps_are_tied_to_what_was_found_and_there_is_always_one():
    everything = closing.steps(
        ALL, {"visited": SAME}, kinds.Leading("A", UP, True, UP), UP, TIMES, coupons={"5 off": 0.17}, customers="shops"
    )
    assert len(everything) == 5 and "17 % for “5 off”" in everything[1] and "10.9" not in everything[1]
    nothing = closing.steps(ALL, {"visited": UNSURE}, None, UNSURE, TIMES.head(0), coupons={}, customers="shops")
    assert len(nothing) == 1 and "120 contacts redeemed" in nothing[0]


def test_the_expected_use_of_coupons_agrees_only_inside_the_interval():
    inside = closing.steps(ALL, {}, None, UNSURE, TIMES.head(0), coupons={"5 off": 0.12}, customers="shops")
    outside = closing.steps(
        ALL, {}, None, UNSURE, TIMES.head(0), coupons={"5 off": 0.12, "10 off": 0.2}, customers="shops"
    )
    assert inside[0].endswith("11.0 to 13.1 %, which does not contradict it.")
    assert outside[0].endswith("so cost the plan with that as well.")


def test_quality_says_what_was_kept_and_what_was_not_wholly_seen():
    table = pd.DataFrame({"table": ["contacts", "offers"], "rows_in": [10, 20], "rows_kept": [9, 15], "rows_set_aside": [0, 5],
                          "rows_not_yet_seen": [1, 0]})  # fmt: skip
    first, second = closing.quality(table, ALL)
    assert (
        "9 of 10 contacts (none set aside, 1 after the date of the data)" in first
        and "15 of 20 coupon products (5 set aside)" in first
    )
    assert second.startswith("12.0 % of contacts are in campaigns that still run") and "2.0 % came before" in second
