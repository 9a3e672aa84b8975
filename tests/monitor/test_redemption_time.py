from datetime import date

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.monitor.redemption_time import median_days, redemption_time

START = pd.Timestamp("2024-01-01")


def outcomes(*rows, as_of_day=10):
    """Contacts of one kind from (day contacted, day redeemed or None); days count from 2024-01-01."""
    contacted = [START + pd.Timedelta(days=row[0]) for row in rows]
    redeemed = [pd.NaT if row[1] is None else START + pd.Timedelta(days=row[1]) for row in rows]
    table = pd.DataFrame(
        {"kind": "mail", "contacted_on": contacted, "redeemed_on": pd.Series(redeemed, dtype="datetime64[s]")}
    )
    return table.assign(redeemed=table["redeemed_on"].notna(), seen_from_start=True, customer_id=range(len(table)))


def test_the_share_redeemed_is_the_plain_share_when_all_are_followed_long_enough():
    found = redemption_time(outcomes((0, 1), (0, 3), (0, None), (0, None)), as_of=date(2024, 1, 11))
    mail = found[found["kind"] == "mail"]
    assert mail["days"].tolist() == [0, 1, 2, 3]
    assert mail["redeemed_by"].tolist() == [0, 1, 1, 2]
    assert mail["rate"].tolist() == pytest.approx([0, 0.25, 0.25, 0.5])


def test_a_contact_counts_only_as_long_as_it_was_followed():
    # Day 1: one of four. Then the contact of day 9 is out of sight, so on day 3 one of two: 1 - 3/4 * 1/2.
    found = redemption_time(outcomes((0, 1), (0, 3), (0, None), (9, None)), as_of=date(2024, 1, 11))
    mail = found[found["kind"] == "mail"]
    assert mail["at_risk"].tolist() == [4, 4, 2, 2]
    assert mail["rate"].iloc[-1] == pytest.approx(1 - 3 / 4 * 1 / 2)
    assert mail["contacted"].tolist() == [4] * 4


def test_a_contact_from_before_the_data_is_left_out():
    table = outcomes((0, 1), (0, 3), (0, None))
    table["seen_from_start"] = [True, False, True]
    found = redemption_time(table, as_of=date(2024, 1, 11))
    assert found["contacted"].eq(2).all() and found["days"].max() == 1
    assert median_days(table)["redeemed"].tolist() == [1, 1]


def test_a_kind_without_redemption_has_no_curve_and_nothing_gives_an_empty_table():
    table = outcomes((0, 1), (0, None))
    table["kind"] = ["mail", "post"]
    assert set(redemption_time(table, as_of=date(2024, 1, 11))["kind"]) == {"all", "mail"}
    assert redemption_time(table[1:], as_of=date(2024, 1, 11)).empty


def test_the_median_is_that_of_those_who_redeemed():
    found = median_days(outcomes((0, 1), (0, 3), (5, 9), (0, None)))
    assert found.set_index("kind")["median_days"].to_dict() == {"all": 3, "mail": 3}


@pytest.mark.filterwarnings("ignore")  # statsmodels' own, not ours
@settings(max_examples=15, deadline=None)
@given(st.lists(st.tuples(st.integers(0, 8), st.one_of(st.none(), st.integers(0, 8))), min_size=3, max_size=20))
def test_the_curve_and_its_variance_agree_with_statsmodels(rows):
    from statsmodels.duration.survfunc import SurvfuncRight

    rows = [(start, None if wait is None else min(start + wait, 10)) for start, wait in rows]
    table = outcomes(*rows)
    if not table["redeemed"].any():
        return
    mail = redemption_time(table, as_of=date(2024, 1, 11)).query("kind == 'mail'").set_index("days")
    time = table["redeemed_on"].fillna(pd.Timestamp("2024-01-11")) - table["contacted_on"]
    referee = SurvfuncRight(time.dt.days.to_numpy(), table["redeemed"].to_numpy().astype(float))
    at = referee.surv_times[referee.n_events > 0]
    survive, error = referee.surv_prob[referee.n_events > 0], referee.surv_prob_se[referee.n_events > 0]
    assert mail.loc[at, "rate"].to_numpy() == pytest.approx(1 - survive)
    inside = survive > 0
    reach = 1.959963984540054 * error[inside] / survive[inside] / np.log(survive[inside])
    assert mail.loc[at, "low"].to_numpy()[inside] == pytest.approx(1 - survive[inside] ** np.exp(reach))
    assert mail.loc[at, "high"].to_numpy()[inside] == pytest.approx(1 - survive[inside] ** np.exp(-reach))


def test_contacts_of_one_customer_that_redeem_alike_tell_as_much_as_one():
    rows = [(0, day) for day in (1, 2, 2, 3, 5)] + [(0, None)] * 7
    one, four = outcomes(*rows), pd.concat([outcomes(*rows)] * 4, ignore_index=True)  # the same twelve customers
    ends = ["rate", "low", "high"]
    alone, often = (redemption_time(table, as_of=date(2024, 1, 11))[ends] for table in (one, four))
    np.testing.assert_allclose(often.dropna(), alone.dropna(), rtol=1e-9)
    strangers = redemption_time(four.assign(customer_id=range(len(four))), as_of=date(2024, 1, 11))[ends]
    widths = [(table["high"] - table["low"])[table["rate"] > 0] for table in (strangers, often)]
    assert (widths[0] < 0.7 * widths[1]).all()


def test_the_band_by_customer_is_that_of_the_jackknife_over_customers():
    rng = np.random.default_rng(3)
    customer = np.repeat(np.arange(40), 3)
    own = rng.random(40)[customer] < 0.5
    days = [int(day) if yes else None for day, yes in zip(rng.integers(0, 9, 120), own, strict=True)]
    table = outcomes(*((0, day) for day in days)).assign(customer_id=customer)

    def survival(part):
        found = redemption_time(part, as_of=date(2024, 1, 11))
        return np.log(1 - found[found["kind"] == "all"].set_index("days")["rate"].reindex(range(9)).ffill().to_numpy())

    left_out = np.array([survival(table[table["customer_id"] != name]) for name in range(40)])
    jackknife = 39 / 40 * ((left_out - left_out.mean(axis=0)) ** 2).sum(axis=0)
    whole = redemption_time(table, as_of=date(2024, 1, 11))
    whole = whole[whole["kind"] == "all"]
    from scipy.special import ndtri

    shown = (
        (np.log(-np.log(1 - whole["high"])) - np.log(-np.log(1 - whole["low"])))
        / 2
        / ndtri(0.975)
        * -np.log(1 - whole["rate"])
    )
    assert np.sqrt(jackknife)[2:] == pytest.approx(shown.abs().to_numpy()[2:], rel=0.06)


def test_before_the_first_redemption_and_after_the_last_contact_nothing_is_said_of_chance():
    some = redemption_time(outcomes((0, 1), (0, None), (0, None)), as_of=date(2024, 1, 11))
    assert some.query("days == 0")[["rate", "low", "high"]].iloc[0].fillna(-1).tolist() == [0, -1, -1]
    every = redemption_time(outcomes((0, 1), (0, 2)), as_of=date(2024, 1, 11)).query("kind == 'all'")
    assert every["rate"].tolist() == [0, 0.5, 1.0] and every["low"].isna().tolist() == [True, False, True]
