"""Two campaigns by lot in a world made so that orders, their value and who ordered can be counted by hand."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.inference.permutation import compare
from analysis.monitor import lot_outcomes as lo

START = pd.Timestamp("2024-04-01")
NAMES = [f"c{number:03d}" for number in range(300)]


def runs(*names):
    return pd.DataFrame({
        "campaign_id": list(names), "starts_on": START, "measured_until": START + pd.Timedelta(days=6), "days": 7,
    })  # fmt: skip


def results(*names, method="lot"):
    return pd.DataFrame({
        "campaign_id": list(names), "method": method, "effect_per_week": 1.0, "lift": 0.1, "lift_low": -0.1, "lift_high": 0.4,
        "p_value": 0.3,
    })  # fmt: skip


def contacts(name="lot"):
    arms = ["treated", "treated", "holdout"] * 100
    return pd.DataFrame({"campaign_id": name, "customer_id": NAMES, "arm": arms})


def bought(seed=1, treated_value=1.0):
    """About half order once or twice in the week, and as many in the week before."""
    draw, rows = np.random.default_rng(seed), []
    for number, name in enumerate(NAMES):
        usual = float(draw.integers(10, 40))
        for day, times in (("2024-04-02", draw.integers(0, 3)), ("2024-03-28", draw.integers(0, 3))):
            for _ in range(times):
                factor = treated_value if number % 3 < 2 and day == "2024-04-02" else 1.0
                rows.append((name, day, "milk", usual * factor))
    return rows


@pytest.fixture
def lines(order_lines):
    def make(rows):
        # each row is an order of its own, although two fall on one day
        table = order_lines(rows)
        return table.with_columns(order_id=engine.nw.col("line_id"))

    return make


def found(lines, rows, *, data_from=date(2024, 1, 1), method="lot", **options):
    made = lo.lot_outcomes(
        contacts(), lines(rows), runs("lot"), results("lot", method=method), data_from=data_from, seed=1, **options
    )
    return made.set_index("measure")


def test_values_of_both_arms_are_counted_as_by_hand(lines):
    rows = bought()
    table = found(lines, rows)
    week = pd.DataFrame(rows, columns=["name", "day", "product", "amount"]).query("day == '2024-04-02'")
    treated = week[week["name"].isin([name for place, name in enumerate(NAMES) if place % 3 < 2])]
    row = table["value_treated"]
    assert row[lo.SHARE] == pytest.approx(treated["name"].nunique() / 200)
    assert row[lo.ORDERS] == pytest.approx(len(treated) / 200)
    assert row[lo.VALUE] == pytest.approx(treated["amount"].sum() / len(treated))
    assert row[lo.SPEND] == pytest.approx(treated["amount"].sum() / 200)
    assert table.loc[lo.SPEND, ["lift", "low", "high", "p_value"]].tolist() == [0.1, -0.1, 0.4, 0.3]  # found elsewhere
    assert table[["customers_treated", "customers_holdout"]].iloc[0].tolist() == [200, 100]


def test_the_value_of_an_order_moves_and_the_number_of_orders_does_not(lines):
    table = found(lines, bought(treated_value=1.6))
    assert table.loc[lo.VALUE, "low"] > 0.3 and table.loc[lo.VALUE, "lift"] == pytest.approx(0.6, abs=0.25)
    assert table.loc[lo.ORDERS, "low"] < 0 < table.loc[lo.ORDERS, "high"]


def test_orders_per_customer_are_read_by_lots_drawn_again(lines):
    rows = bought(5)
    week = pd.DataFrame(rows, columns=["name", "day", "product", "amount"]).query("day == '2024-04-02'")
    number = week.groupby("name").size().reindex(NAMES, fill_value=0).to_numpy()
    treated = np.arange(300) % 3 < 2
    plain = compare(number[treated], number[~treated], n_treated=200, n_holdout=100, rng=np.random.default_rng(8))
    row = found(lines, rows).loc[lo.ORDERS]
    assert row["low"] == pytest.approx(plain.lift_interval.low, abs=0.02) and row["lift"] == pytest.approx(
        plain.lift, abs=0.01
    )


def test_spend_before_that_foretells_spend_saves_variance_and_noise_saves_none(lines):
    same = [(name, "2024-03-28", "milk", amount) for name, day, _, amount in bought() if day == "2024-04-02"]
    twice = found(lines, [row for row in bought() if row[1] == "2024-04-02"] + same).loc[lo.CUPED]
    assert twice["variance_saved"] == pytest.approx(1, abs=1e-6)
    draw = np.random.default_rng(11)
    noise = [(name, "2024-03-28", "milk", 10.0) for name in NAMES if draw.random() < 0.5]
    none = found(lines, [row for row in bought() if row[1] == "2024-04-02"] + noise).loc[lo.CUPED]
    assert none["variance_saved"] < 0.01 and none["why"] == "Spend before foretells too little of it: nothing is saved."
    assert np.isnan(none["lift"])


def test_a_week_before_the_data_cannot_adjust_and_no_lot_gives_no_row(lines):
    early = found(lines, bought(), data_from=date(2024, 3, 30)).loc[lo.CUPED]
    assert early["why"] == "The days before are not in the data." and np.isnan(early["variance_saved"])
    none = found(lines, bought(), method="comparable customers").reset_index()
    assert none.empty and set(none.columns) == set(lo.COLUMNS)


def test_few_buyers_have_no_interval_but_the_share_has(lines):
    few = [row for row in bought() if row[1] == "2024-04-02"][:20]
    table = found(lines, few)
    assert table.loc[lo.ORDERS, "why"].startswith("Too few buyers") and np.isnan(table.loc[lo.ORDERS, "low"])
    assert np.isfinite(table.loc[lo.SHARE, ["low"]].astype(float)).all()
    assert table.loc[[lo.VALUE, lo.HURDLE], "lift"].isna().all()


def test_an_order_without_pieces_is_spend_and_no_order(order_lines):
    rows = [("c000", "2024-04-02", "milk", 10.0), ("c001", "2024-04-02", "coupon", 5.0, 0.0, 0.0, 0)]
    made = engine.collect(lo.customers_in_lots(contacts(), order_lines(rows), runs("lot"))).set_index("customer_id")
    assert made.loc["c000", ["spend", "orders", "buyer"]].tolist() == [10, 1, 1]
    assert made.loc["c001", ["spend", "orders", "buyer"]].tolist() == [5, 0, 0]
    assert len(made) == 300 and made.loc["c299", "spend"] == 0


def test_row_order_does_not_change_a_number(lines):
    rows = bought()
    pd.testing.assert_frame_equal(found(lines, rows[::-1]), found(lines, rows), check_exact=True)
