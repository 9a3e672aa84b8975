import numpy as np
import pandas as pd
import pytest

from analysis.monitor.ledger import COLUMNS, counted, ledger

NAN = float("nan")
NAMES = (
    "campaign_id kind method sales total_effect total_low total_high net_value net_low net_high roi net_why "
    "placebo_low placebo_high"
)


@pytest.fixture
def results(table):
    """Two lots that are worth something, one that cost nothing, a torn one, a comparison, and one that sent nothing."""
    known = {
        "starts_on": pd.Timestamp("2024-01-01"),
        "closed": True,
        "cost": 10.0,
        "contacted": 9,
        "verdict": "cannot tell",
    }
    return table(
        NAMES,
        ("a", "mail", "lot", 1000.0, 100.0, -50.0, 400.0, 30.0, -30.0, 150.0, 3.0, None, -1.0, 2.0),
        ("b", "mail", "lot", 500.0, 200.0, 100.0, 600.0, 70.0, 30.0, 230.0, NAN, None, 1.0, 2.0),
        ("c", "mail", "lot", 800.0, NAN, NAN, NAN, NAN, NAN, NAN, NAN, "It is torn.", NAN, NAN),
        ("d", "mail", "comparable customers", 600.0, 90.0, 10.0, 99.0, NAN, NAN, NAN, NAN, "Nobody drew lots.", -1.0, 1.0),
        ("e", "A/A", "lot", 700.0, 5.0, -20.0, 30.0, NAN, NAN, NAN, NAN, "Nothing was sent.", -3.0, 1.0),
    ).assign(**known)  # fmt: skip


@pytest.fixture
def lots(table):
    return table(
        "campaign_id broken leaked", ("a", False, 0), ("b", False, 3), ("c", True, 0), ("e", False, None)
    ).astype({"leaked": "Int64"})


@pytest.fixture
def checks(table):
    return table(
        "campaign_id check state", ("d", "balance", "fails"), ("d", "overlap", "holds"), ("d", "weeks", "too coarse")
    )


@pytest.fixture
def refunds(results):
    """The data says nothing of refunds."""
    return pd.DataFrame({
        "campaign_id": results["campaign_id"], "refunds_netted": False, "refund_days": 40, "usual_days": NAN,
        "refunds_over": pd.array([None] * len(results), "boolean"),
    })  # fmt: skip


@pytest.fixture
def later(table):
    """Campaign a with the weeks after is worth less, those of b are not over."""
    return table(
        "campaign_id span net_value net_low net_high why",
        ("a", "campaign", 30.0, -30.0, 150.0, None), ("a", "both together", 10.0, -60.0, 140.0, None),
        ("b", "both together", NAN, NAN, NAN, "Too early."),
    )  # fmt: skip


@pytest.fixture
def free(table):
    return table("campaign_id redeemers least_low most_high cost_least cost_most", ("a", 9, 2.5, 7.0, 4.0, 20.0))


def test_the_weeks_after_and_those_who_would_have_bought_stand_beside(results, lots, checks, refunds, later, free):
    made = ledger(results, lots, checks, refunds, later, free).set_index("campaign_id")
    assert made.loc["a", ["net_both", "both_low", "both_high"]].tolist() == [10, -60, 140] and pd.isna(
        made.loc["a", "both_why"]
    )
    assert made.loc["b", "both_why"] == "Too early." and pd.isna(made.loc["c", "both_why"])
    assert made.loc["a", "redeemers"] == 9 and made.loc["a", "least_low"] == 2.5 and pd.isna(made.loc["b", "redeemers"])


def test_the_most_valuable_stands_first_and_the_unknown_last_by_name(results, lots, checks, refunds, later, free):
    made = ledger(results.iloc[::-1], lots, checks, refunds, later, free)
    assert made["campaign_id"].tolist() == ["b", "a", "c", "d", "e"]
    named = {"a": "2", "b": "1", "c": "3", "d": "10", "e": "4 b"}  # as people count, not as signs sort
    parts = (
        part.assign(campaign_id=part["campaign_id"].map(named))
        for part in (results, lots, checks, refunds, later, free)
    )
    assert ledger(*parts)["campaign_id"].tolist() == ["1", "2", "3", "4 b", "10"]
    assert list(made) == COLUMNS and made["place"].tolist() == [1, 2, 3, 4, 5]


def test_sales_that_came_anyway_are_those_that_the_campaign_did_not_add(results, lots, checks, refunds, later, free):
    made = ledger(results, lots, checks, refunds, later, free).set_index("campaign_id")[
        ["anyway", "anyway_low", "anyway_high"]
    ]
    assert made.loc["a"].tolist() == [900, 600, 1050]  # 1,000 sold, of which 100 (−50 to 400) were added
    assert made.loc["b"].tolist() == [
        300,
        0,
        400,
    ]  # 600 cannot have been added of 500: nothing came anyway at the least
    assert made.loc[["c", "d", "e"]].isna().all(axis=None)  # torn, not drawn by lot, and nothing was sent


def test_a_return_that_is_not_defined_says_why(results, lots, checks, refunds, later, free):
    why = ledger(results, lots, checks, refunds, later, free).set_index("campaign_id")["roi_why"]
    assert pd.isna(why["a"]) and why["b"] == "Its cost is not clear of zero." and why["c"] == "It is torn."
    nothing = ledger(results.assign(cost=0.0), lots, checks, refunds, later, free).set_index("campaign_id")["roi_why"]
    assert nothing["b"] == "Nothing was spent on it."


def test_checks_are_counted_and_those_that_do_not_hold_are_named(results, lots, checks, refunds, later, free):
    made = ledger(results, lots, checks, refunds, later, free).set_index("campaign_id")[
        ["checks", "checks_held", "not_held"]
    ]
    assert made.loc["a"].tolist()[:2] == [3, 3] and pd.isna(made.loc["a", "not_held"])
    assert made.loc["b"].tolist() == [3, 1, "fails: no use by the held out, weeks before"]
    assert made.loc["c"].tolist() == [3, 1, "fails: split of the lot; not known: weeks before"]
    assert made.loc["d"].tolist() == [3, 1, "fails: balance; too coarse: weeks"]
    assert made.loc["e", "not_held"] == "not known: no use by the held out"


def test_a_campaign_without_a_check_has_none(results, lots, checks, refunds, later, free):
    made = ledger(results, lots, checks[checks["campaign_id"] != "d"], refunds, later, free).set_index("campaign_id")
    assert made.loc["d", ["checks", "checks_held"]].tolist() == [0, 0] and pd.isna(made.loc["d", "not_held"])


def test_refunds_that_may_still_come_in_are_a_check_where_refunds_are_taken_off(
    results, lots, checks, refunds, later, free
):
    over = pd.array([True, False, None, False, True], "boolean")
    made = ledger(
        results, lots, checks, refunds.assign(refunds_netted=True, usual_days=30.0, refunds_over=over), later, free
    )
    made = made.set_index("campaign_id")
    assert made.loc["a", ["checks", "checks_held"]].tolist() == [4, 4]
    assert made.loc["b", "not_held"] == "fails: no use by the held out, weeks before; too early: refunds came in"
    assert made.loc["c", "not_held"].endswith("not known: refunds came in, weeks before")
    assert made.loc["d", "checks"] == 4


def test_held_and_not_held_add_up_to_all_checks(checks):
    made = counted(checks)
    assert (made["checks"] == checks.groupby("campaign_id").size().to_numpy()).all()
    assert made["checks"].iloc[0] - made["checks_held"].iloc[0] == made["not_held"].iloc[0].count(":")


def test_no_campaign_leaves_the_columns(results, lots, checks, refunds, later, free):
    made = ledger(results.head(0), lots.head(0), checks.head(0), refunds.head(0), later.head(0), free.head(0))
    assert made.empty and list(made) == COLUMNS and np.issubdtype(made["checks"].dtype, np.integer)
