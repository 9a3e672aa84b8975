"""Channels, segments and departments on the page: every step with its count, each group against the rest, and what is kept back."""

import re

import numpy as np
import pandas as pd
import pytest

from analysis.inference.multiple import holm
from analysis.monitor.funnels import funnels
from analysis.report.conversion import across, few_funnels
from analysis.report.conversion.against_the_rest import compared
from analysis.report.conversion.differences import rate_difference
from analysis.report.conversion.few import ALL_SHOWN, Few

WORDS = {"customers": "shops", "average": 0.2, "period": "1 January to 31 December 2024"}


def made(customers=60, channels=("email", "app"), often=0.5, segments=("new", "loyal", None)):
    """Each customer once by every channel; by app `often` redeem, by email a tenth."""
    rows = [
        {"campaign_id": channel, "campaign": channel, "customer_id": f"c{n}", "channel": channel, "segment": segments[n % len(segments)],
         "opened": pd.NA if channel == "app" else n % 2 == 0, "ordered": n % 3 == 0,
         "redeemed": (n + 3) % 10 < 10 * often if channel == "app" else n % 10 == 0}
        for channel in channels for n in range(customers)
    ]  # fmt: skip
    table = pd.DataFrame(rows)
    table["opened"] = table["opened"].astype("boolean")
    return table, table.assign(department="Kitchen", opened=pd.NA)[
        ["campaign_id", "customer_id", "department", "ordered", "redeemed"]
    ]


def page(table, shelves, **changed):
    return across.section(funnels(table, shelves), table, **(WORDS | changed))


def plain(fragment):
    return re.sub(r"\s+", " ", re.sub(r"<svg.*?</svg>|<[^>]+>", " ", str(fragment), flags=re.S))


def test_the_channel_that_redeems_more_is_named_with_both_rates_and_the_number_of_comparisons():
    said = plain(page(*made()))
    assert "Redeemed more often than the rest: app" in said
    assert "More often: app 50 % (the rest 10 %)." in said
    assert (
        "4 comparisons, each group with the rest of its list; corrected for that, two are clear" in said
    )  # email is the rest of app
    assert "Which shops were contacted, how and with what was chosen" in said


def test_each_difference_is_that_of_customers_and_adjusted_for_all():
    table, shelves = made()
    found = compared(table, funnels(table, shelves)).set_index("group")
    pairs = {name: table[column] == name for column, name in (("channel", "app"), ("channel", "email"))}
    pairs |= {name: table["segment"] == name for name in ("new", "loyal")}
    p = {}
    for name, inside in pairs.items():
        rest = ~inside & (table["segment"].notna() if name in ("new", "loyal") else True)
        one = rate_difference(
            table["redeemed"][inside], table["customer_id"][inside], table["redeemed"][rest], table["customer_id"][rest]
        )
        row = found.loc[name]
        assert (row["difference"], row["difference_low"], row["difference_high"]) == pytest.approx(
            (one.estimate, one.low, one.high)
        )
        p[name] = one.p_value
    assert found.loc[list(p), "p_adjusted"].to_numpy() == pytest.approx(holm(list(p.values())))


def test_nothing_is_clear_where_all_redeem_alike_and_it_says_that_we_cannot_tell():
    said = plain(page(*made(often=0.1)))
    assert "We cannot tell any channel or segment from the rest by how often its contacts redeem" in said
    assert "2 comparisons, each group with the rest of its list; corrected for that, none are clear" in said
    assert "2 groups have too few to be judged" in said  # the segments: four contacts of each redeem


@pytest.mark.parametrize(("by_app", "judged"), [(10, True), (9, False)])
def test_a_group_of_which_too_few_redemptions_are_to_be_expected_is_not_judged(by_app, judged):
    table, shelves = made(customers=200, often=0.1)
    table["redeemed"] = (table["channel"] == "app") & (table["customer_id"].isin([f"c{n}" for n in range(by_app)]))
    row = (
        compared(table, funnels(table, shelves)).set_index("group").loc["email"]
    )  # at the rate of both, 5 or 4.5 of its 200
    assert np.isnan(row["difference_low"]) != judged and row["rate"] == 0
    assert row["verdict"] == ("less often" if judged else "cannot tell")


def test_one_channel_and_no_segment_are_said_and_the_funnels_stand_open():
    table, shelves = made(channels=("email",), segments=(None,))
    said = plain(page(table, shelves))
    assert "All contacts came by one channel, email, so channels cannot be compared." in said
    assert "By department of the products offered" in said and "<svg" not in str(page(table, shelves))
    assert "does not say by which channel" in plain(page(table.assign(channel=None), shelves))


def test_every_step_has_its_count_share_and_interval_and_one_that_was_not_counted_a_dash():
    table, shelves = made()
    wide = across.wide(funnels(table, shelves), "channel").set_index("group")
    assert wide.loc["email", "opened"].startswith("30, 50.0 % (37")
    assert pd.isna(wide.loc["app", "opened"])
    assert wide.loc["app", "contacted"] == 60 and wide.loc["app", "redeemed"].startswith("30, 50.0 % (")
    segment = across.wide(funnels(table, shelves), "segment").set_index("group")
    assert segment.loc["new", "opened"].startswith("10 of 20, 50.0 %")  # known for the contacts by email only


def test_with_the_rule_no_count_of_few_is_left_nor_worked_out():
    table, shelves = made(customers=60)
    table.loc[table["customer_id"].isin([f"c{n}" for n in range(6)]), "segment"] = "rare"
    few = Few(10)
    few._count(("kind", "all", "contacted"), table)
    few_funnels.add(few, table, shelves)
    kept = few_funnels.shown(funnels(table, shelves), few)
    assert "rare" not in kept["group"].tolist()
    for row in kept.itertuples():
        assert not 0 < row.reached < 10 and not 0 < row.contacted - row.reached < 10, row
    segments = kept[(kept["dimension"] == "segment") & (kept["step"] == "contacted")]
    assert len(table) - segments["contacted"].sum() >= 20  # the rare ones and those without a segment together
    assert "customers" not in kept


def test_without_the_rule_nothing_is_kept_back():
    table, shelves = made()
    rows = funnels(table, shelves)
    assert few_funnels.shown(rows, Few(0)) is rows


def test_names_with_markup_are_escaped_and_nothing_unknown_is_printed():
    source = str(page(*made(channels=("<script>x</script>", "app"))))
    assert "<script" not in source
    assert re.findall(r"\bnan\b|\bNone\b|\bNaT\b|<NA>", plain(source)) == []


def test_where_kinds_of_campaigns_are_of_few_the_funnels_stay_away_and_else_they_come():
    table, shelves = made(customers=60)
    for kinds, kept in ((["A", "B"], True), (["A"] + ["B"] * 59, False)):
        few = Few(10)
        named = table.assign(kind=[kinds[n % len(kinds)] for n in range(len(table))])
        few.add("kind", "all", named)
        for kind, rows in named.groupby("kind"):
            few.add("kind", kind, rows)
        few.inside("kind", "all", [("kind", "A"), ("kind", "B")])
        found = few_funnels.shown(funnels(table, shelves), few_funnels.added(few, named, shelves))
        assert bool(len(found)) == kept
    assert few_funnels.added(ALL_SHOWN, table, shelves) is ALL_SHOWN
