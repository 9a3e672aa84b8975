import pandas as pd
import pytest

from analysis.report.campaign import beyond

NAN = float("nan")
WHO = {"customer": "household", "customers": "households", "currency": "USD"}


@pytest.fixture
def later(table_of):
    """Campaign 2 was followed by clearly lower spend; the weeks after 4 are not over."""
    return table_of(
        "campaign_id place span effect low high total total_low total_high p_value elsewhere why",
        ("2", 0, "campaign", 12.0, 2.0, 20.0, 1200.0, 200.0, 2000.0, 0.01, 40, None),
        ("2", 1, "weeks after", -9.0, -15.0, -1.0, -900.0, -1500.0, -100.0, 0.02, 40, None),
        ("2", 2, "both together", 3.0, -9.0, float("inf"), 300.0, -900.0, float("inf"), 0.5, 40, None),
        ("4", 0, "campaign", 1.0, -2.0, 3.0, 80.0, -160.0, 240.0, 0.6, 0, None),
        ("4", 1, "weeks after", *[NAN] * 7, 0, "The campaign still runs."),
        ("4", 2, "both together", *[NAN] * 7, 0, "The campaign still runs."),
    )  # fmt: skip


@pytest.fixture
def parts(table_of):
    return table_of(
        "campaign_id place part effect low high total total_low total_high p_value p_adjusted tested why",
        ("2", 0, "offered products", 14.0, 5.0, 22.0, 1400.0, 500.0, 2200.0, 0.001, 0.002, 2, None),
        ("2", 1, "same categories, not offered", *[NAN] * 8, 2, "There is no such product."),
        ("2", 2, "other categories", -2.0, -9.0, 6.0, -200.0, -900.0, 600.0, 0.4, 0.4, 2, None),
    ).assign(by="Holm")


@pytest.fixture
def table_of():
    return lambda columns, *rows: pd.DataFrame(rows, columns=columns.split()).assign(customers=150)


def test_what_is_refused_is_blank_and_keeps_its_reason(later, parts):
    refused = parts.assign(
        **dict.fromkeys(["low", "high", "total_low", "total_high", "p_adjusted"], NAN), why="Too few buyers: 6."
    )
    rows = beyond.listed(later, refused).set_index("what").loc["offered products"]
    assert pd.isna(rows["per_customer"]) and pd.isna(rows["in_all"]) and rows["note"] == "Too few buyers: 6."


def test_the_title_counts_weeks_that_were_clearly_lower_and_parts_that_moved(later, parts):
    assert (
        beyond.title(later, parts)
        == "After the one campaign by lot spend was clearly lower; one of 2 parts of the range clearly moved"
    )

    several = pd.concat([later, later.assign(campaign_id="9", high=5.0)])
    assert beyond.title(several, parts.assign(p_adjusted=0.5)) == (
        "After one of two campaigns spend was clearly lower; none of 2 parts of the range clearly moved"
    )


def test_without_weeks_or_offers_the_title_says_so(later, parts):
    none = beyond.title(later[later["campaign_id"] == "4"], parts.head(0))
    assert none == "No weeks after a campaign are over; where in the range spend moved is not known"


def test_the_lead_tells_the_biggest_campaign_in_its_days_after_and_together(later, parts):
    told = beyond.leads(later, parts, customer="household", currency="USD")
    assert "spent +12.0 (+2.0 to +20.0) USD more in its days, −9.0 (−15.0 to −1.0) in as many days after" in told[0]
    assert "+3.0 (−9.0 to no limit) in both together" in told[0]
    assert told[1] == "Among 2 numbers on parts of the range these stand (Holm): offered products in campaign 2."
    weak = beyond.leads(later, parts.assign(p_adjusted=0.9), customer="household", currency="USD")
    other = beyond.leads(later, parts.assign(by="Benjamini-Hochberg"), customer="household", currency="USD")
    assert "these stand (Benjamini-Hochberg)" in other[1]
    assert weak[1] == "None of 2 numbers on parts of the range stands among all of them (Holm)."


def test_every_span_and_part_has_a_row_with_its_interval_or_the_reason(later, parts):
    rows = beyond.listed(later, parts).set_index(["campaign_id", "what"])
    assert rows.loc[("2", "weeks after"), "per_customer"] == "−9.0 (−15.0 to −1.0)"
    assert rows.loc[("2", "weeks after"), "note"] == "40 of them were in another campaign in these weeks"
    assert rows.loc[("2", "offered products"), "note"] == "p = 0.002 among 2 (Holm)"
    assert rows.loc[("4", "both together"), "note"] == "The campaign still runs."
    assert ("2", "same categories, not offered") not in rows.index and len(rows) == 6


def test_a_campaign_whose_offers_are_not_known_has_one_row_for_all_parts(later, parts):
    unsaid = parts.assign(
        campaign_id="4", why="The data does not say what it offered.", effect=NAN, low=NAN, p_adjusted=NAN
    )
    rows = beyond.listed(later, unsaid)
    own = rows[rows["what"] == "parts of the range"]
    assert len(own) == 1 and own["note"].iloc[0] == "The data does not say what it offered." and len(rows) == 5


def test_a_campaign_of_which_one_number_rests_on_few_shows_none_where_few_may_not_be_shown(later, parts, by_lot):
    weak = later.assign(low=later["low"].mask(later["span"] == "weeks after"))
    spans, of_range = beyond.shown(weak, parts, by_lot, smallest=10)
    assert spans.loc[spans["campaign_id"] == "2", ["effect", "total"]].isna().all(axis=None)
    assert spans.loc[spans["campaign_id"] == "4", "effect"].notna().sum() == 1 and of_range["effect"].notna().sum() == 2
    assert beyond.shown(weak, parts, by_lot, smallest=0)[0]["effect"].notna().sum() == 4


def test_few_customers_elsewhere_are_not_counted(later, parts, by_lot):
    assert beyond.shown(later.assign(elsewhere=3), parts, by_lot, smallest=10)[0]["elsewhere"].isna().all()


def test_only_campaigns_whose_estimate_is_shown_are_shown(later, parts, by_lot):
    hidden = by_lot.assign(effect_per_week=by_lot["effect_per_week"].mask(by_lot["campaign_id"] == "2"))
    spans, of_range = beyond.shown(later, parts, hidden, smallest=0)
    assert set(spans["campaign_id"]) == {"4"} and of_range.empty


def test_the_section_stands_where_there_is_a_lot_and_nowhere_else(later, parts):
    shown = beyond.section((later, parts), **WHO)
    assert "beyond.csv" in shown and shown.count("<tr>") == 7
    assert beyond.section(None, **WHO) == beyond.section((later.head(0), parts.head(0)), **WHO) == ""
