import pandas as pd
import pytest

from analysis.report.campaign import ledger, refunds

NAN = float("nan")
WHO = {"customer": "household", "customers": "households", "currency": "USD", "period": "2017"}


@pytest.fixture
def rows(by_lot):
    """The ledger of the campaigns drawn by lot and of others: 2 has a net value, the others say why not."""
    made = by_lot.reindex(columns=[*by_lot, "closed", "roi_low", "roi_high"]).assign(
        closed=True, roi_low=-0.2, roi_high=float("inf"), anyway=NAN, anyway_low=NAN, anyway_high=NAN, checks=3, checks_held=2,
        not_held="fails: weeks before", roi_why=by_lot["net_why"], refunds_netted=False, refund_days=[50, 40, 90, 60, 70, 80],
        usual_days=NAN, refunds_over=pd.array([None] * 6, "boolean"), net_both=NAN, both_low=NAN, both_high=NAN, both_why=None,
        redeemers=30, least_low=NAN, most_high=NAN, cost_least=NAN, cost_most=NAN,
    )  # fmt: skip
    made.loc[made["campaign_id"] == "2", ["anyway", "anyway_low", "anyway_high"]] = [52749.0, 0.0, 53109.0]
    made.loc[made["campaign_id"] == "2", ["net_both", "both_low", "both_high", "least_low", "most_high"]] = [
        60,
        -90,
        150,
        12.4,
        27.5,
    ]
    made.loc[made["campaign_id"] == "5", "both_why"] = "The campaign still runs."
    made.loc[made["campaign_id"] == "3", ["checks", "checks_held", "not_held"]] = [0, 0, None]
    return (
        made.assign(unknown=made["net_value"].isna())
        .sort_values(["unknown", "campaign_id"], ignore_index=True)
        .assign(place=range(1, 7))
    )


def cells(rows, campaign_id):
    listed = ledger.listed(rows)
    return listed[listed["campaign_id"] == campaign_id].iloc[0]


def test_a_cell_has_the_number_and_its_interval(rows):
    found = cells(rows, "2")
    assert found["net"] == "116 (−20 to no limit)" and found["return"] == "116 % (−20 % to no limit)"
    assert found["came_anyway"] == "52,749 (0 to 53,109) of 53,289"
    assert found["spent"] == "60 for contact + 40 for incentives" and found["how"] == "Type A, by lot"
    assert found["checked"] == "2 of 3; fails: weeks before"


def test_no_comparison_is_called_added_and_one_that_fails_its_check_has_no_change(rows):
    assert (
        "Added sales" not in str(ledger.section(rows, rows, **WHO)) and cells(rows, "1")["added"] == "200 (−200 to 600)"
    )
    failed = rows.assign(verdict=rows["verdict"].mask(rows["campaign_id"] == "1", "not causal"))
    assert (
        pd.isna(cells(failed, "1")["added"])
        and cells(failed, "2")["added"] == cells(rows, "2")["added"] == "540 (180 to no limit)"
    )


def test_the_weeks_after_and_the_bounds_of_redeemers_stand_beside(rows):
    found = cells(rows, "2")
    assert found["both"] == "60 (−90 to 150)" and found["free"] == "12 to 28 of 30"  # outwards
    assert cells(rows, "5")["both"] == "The campaign still runs." and pd.isna(cells(rows, "5")["free"])


def test_bounds_of_few_are_blank_where_few_may_not_be_shown(rows, by_lot):
    assert ledger.shown(rows, by_lot, smallest=2).loc[0, "least_low"] == 12.4
    blank = ledger.shown(rows, by_lot, smallest=10)  # 30 - 27.5 is fewer than ten
    assert blank.loc[0, ["redeemers", "least_low", "most_high"]].isna().all() and blank.loc[0, "net_both"] == 60
    hidden = ledger.shown(rows, by_lot.assign(net_value=NAN), smallest=2)
    assert hidden["net_both"].isna().all()


def test_what_is_not_known_says_why_in_its_place(rows):
    found = cells(rows, "3")
    assert found["net"] == "not known: The margin is not known." and found["return"] == "not defined"
    assert pd.isna(found["came_anyway"]) and found["checked"] == "none can be made"
    assert found["spent"] == "0 for incentives, the rest unknown"


def test_a_campaign_that_cost_nothing_has_a_net_value_and_says_why_it_has_no_return(rows):
    free = rows.assign(roi=NAN, roi_why="Nothing was spent on it.", net_why=None, net_value=1.0)
    assert cells(free, "2")["return"] == "not defined: Nothing was spent on it."


@pytest.mark.parametrize(
    ("low", "high", "words"),
    [
        (-20.0, 9.0, "The one known net value may lie above or below zero"),
        (5.0, 9.0, "Of one campaign with a known net value, one surely paid"),
        (-9.0, -5.0, "Of one campaign with a known net value, one surely did not pay"),
    ],
)
def test_the_title_says_what_surely_paid(rows, low, high, words):
    assert ledger.title(rows.assign(net_low=low, net_high=high)) == words


def test_the_title_adds_up(rows):
    three = pd.concat([rows.head(1).assign(net_low=low, net_high=high) for low, high in ((1, 2), (-2, -1), (-1, 1))])
    words = "Of three campaigns with a known net value, one surely paid, one surely did not pay and of one it cannot be told"
    assert ledger.title(three) == words
    running = "Of three campaigns with a known net value, one surely did not pay and of two it cannot be told"
    assert ledger.title(three.assign(closed=[False, True, True])) == running
    assert ledger.title(three.assign(closed=False)) == "Whether they pay is not known before the end of three campaigns"
    assert ledger.title(rows.assign(net_value=NAN)) == "What six campaigns were worth is not known"


def test_the_lead_explains_the_difference_with_the_numbers_of_the_first(rows):
    told = ledger.leads(rows, currency="USD")
    assert "in campaign 2 52,700 USD (95 % interval 0 to 53,100) of 53,300 USD sold" in told[0]
    assert told[1].startswith("Five campaigns have no net value")


def test_the_blanks_of_the_results_are_those_of_the_ledger(rows, by_lot):
    results = by_lot[by_lot["campaign_id"] != "5"].assign(sales=NAN)
    shown = ledger.shown(rows.iloc[::-1], results)
    assert "5" not in set(shown["campaign_id"]) and shown[["sales", "anyway", "anyway_low", "anyway_high"]].isna().all(
        axis=None
    )
    assert shown.loc[0, "net_value"] == 116  # not blank in the results


def test_the_section_shows_every_campaign_and_none_leaves_a_word_in_its_place(rows, by_lot):
    shown = ledger.section(rows, by_lot, **WHO)
    assert shown.count("<tr>") == 1 + len(rows) and "ledger.csv" in shown and shown.count("<svg") == 2
    for none in (None, rows.head(0)):
        assert "No campaign has begun" in ledger.section(none, by_lot, **WHO)
    alone = ledger.section(rows, by_lot[by_lot["effect_per_week"].isna()], **WHO)
    assert "<svg" not in alone and "<details><summary>Data behind this" in alone


def test_the_note_says_whether_refunds_are_taken_off_and_how_long_they_had(rows):
    assert refunds.refunds_note(rows) == "Refunds are not in the data, so sales are what was sold, not what was kept."
    netted = rows.assign(refunds_netted=True)
    passed = "since the last day of a campaign 40 to 90 days have passed for them to come in."
    assert refunds.refunds_note(netted).endswith(f"{passed} How long refunds usually take is not known.")
    usual = netted.assign(usual_days=45.0, refunds_over=netted["refund_days"].ge(45).astype("boolean"))
    late = refunds.refunds_note(usual)
    assert late.endswith("95 in 100 refunds took at most 45 days, so for campaign 2 more may still come in.")
    assert refunds.refunds_note(usual.assign(refunds_over=True)).endswith("95 in 100 refunds took at most 45 days.")


def test_the_section_carries_the_note(rows, by_lot):
    assert "Refunds are not in the data" in ledger.section(rows, by_lot, **WHO)


def test_one_reason_for_all_is_said_once_and_its_columns_are_left_out(rows, by_lot):
    unknown = rows.assign(net_value=NAN, net_low=NAN, net_high=NAN, net_why="The margin is not known.", free=NAN)
    page = str(ledger.section(unknown, by_lot, **WHO))
    assert "Six campaigns have no net value: the margin is not known." in page and "Return on cost" not in page
    assert page.count("he margin is not known") == 1
    known = str(ledger.section(rows, by_lot, **WHO))
    assert "the table says why." in known and "Return on cost" in known
