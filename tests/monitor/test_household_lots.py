"""A campaign drawn by household beside one drawn by customer: every number by the unit that was drawn, worked out apart."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.monitor import household_lots
from analysis.monitor.campaigns import begun
from analysis.monitor.comparison import Rules
from analysis.monitor.effects import campaign_effects

OPTIONS = {
    "as_of": date(2024, 6, 30), "data_from": date(2024, 1, 1), "unit": "EUR per customer and week", "seed": 1,
    "rules": Rules(bands=1, min_history_days=7, min_days=7, min_per_arm=2, min_contacted=5),
}  # fmt: skip
SIZES = [1, 2, 3] * 40
HOMES = [home for home, size in enumerate(SIZES) for _ in range(size)]
NAMES = [f"c{number:03d}" for number in range(len(HOMES))]
DAYS = {"home": "2024-04-01", "each": "2024-05-01"}


@pytest.fixture
def world(table, order_lines):
    """120 households; in "home" every second one is treated and spends 20 more, in "each" every second customer."""
    rng = np.random.default_rng(8)
    arms = {"home": [home % 2 == 0 for home in HOMES], "each": [number % 2 == 0 for number in range(len(NAMES))]}
    rows = [
        (name, who, "treated" if on else "holdout", 0.5)
        for name, on_it in arms.items()
        for who, on in zip(NAMES, on_it, strict=True)
    ]
    contacts = pd.DataFrame(rows, columns=["campaign_id", "customer_id", "arm", "propensity"])
    lines = []
    for name, day in DAYS.items():
        at_home = rng.random(120) < 0.6
        for who, home, on in zip(NAMES, HOMES, arms[name], strict=True):
            if at_home[home]:
                lines.append((who, day, "milk", float(rng.integers(10, 30) + 20 * (on and name == "home"))))
    campaigns = table("campaign_id kind starts_on", *((name, "mail", day) for name, day in DAYS.items()))
    campaigns["ends_on"] = pd.to_datetime(campaigns["starts_on"]) + pd.Timedelta(days=6)
    households = pd.Series(HOMES).map(lambda home: f"h{home:03d}" if SIZES[home] > 1 else None)
    customers = pd.DataFrame({"customer_id": NAMES, "household_id": households, "channel": "web"})
    responses = table(
        "campaign_id customer_id kind",
        ("home", "c001", "redeem"),
        ("home", "c002", "redeem"),
        ("home", "c000", "redeem"),
    )
    offers = engine.lazy(table("campaign_id incentive_id product_id", ("home", "five-off", "milk")))
    return contacts, lines, campaigns, customers, responses, offers


def effects(world, order_lines, **changes):
    contacts, lines, *rest = world
    return campaign_effects(contacts, order_lines(lines), *rest, **OPTIONS | changes)


@pytest.fixture
def found(world, order_lines):
    return effects(world, order_lines)


def spent(world, day):
    lines = pd.DataFrame(world[1], columns=["customer_id", "day", "product", "amount"])
    return lines[lines["day"] == day].set_index("customer_id")["amount"].reindex(NAMES, fill_value=0.0).to_numpy()


def test_the_household_that_was_drawn_is_found_and_both_counts_are_said(found):
    row = found.units.table.iloc[0]
    assert found.units.table["campaign_id"].tolist() == ["home"] and row["split_chance"] < 1e-12
    assert (row["units_treated"], row["units_holdout"], row["customers_treated"], row["customers_holdout"]) == (
        60,
        60,
        120,
        120,
    )
    why = found.results.set_index("campaign_id")["why"]
    assert why["home"].endswith(" Drawn by household: 60 with 120 customers treated, 60 with 120 customers held out.")
    assert "household" not in why["each"]


def test_the_effect_per_customer_is_total_over_customers_and_that_per_household_over_households(world, found):
    spend, on = spent(world, DAYS["home"]), np.array([home % 2 == 0 for home in HOMES])
    row = found.results.set_index("campaign_id").loc["home"]
    assert row["effect_per_week"] == pytest.approx(spend[on].sum() / 120 - spend[~on].sum() / 120)
    assert (row["contacted_used"], row["comparable"]) == (120, 120)  # customers
    assert row["total_effect"] == pytest.approx(120 * row["effect_per_week"]) and row["verdict"] == "caused a gain"
    unit = found.units.table.iloc[0]
    assert unit["effect_per_household"] == pytest.approx(spend[on].sum() / 60 - spend[~on].sum() / 60)
    assert unit["low"] < unit["effect_per_household"] < unit["high"]


def test_checks_of_the_lot_count_households(found):
    check = found.lots.set_index("campaign_id").loc["home"]
    assert (check["treated"], check["holdout"], check["leaked"]) == (60, 60, 1)  # two people of one household redeemed
    assert (
        found.strata.set_index("campaign_id").loc["home", ["treated", "holdout"]].sum().sum() == 2 * 120
    )  # by order and by channel


def test_households_make_a_wider_interval_than_customers_taken_one_by_one(world, order_lines, found):
    contacts, lines, campaigns, customers, *rest = world
    alone = effects((contacts, lines, campaigns, customers.drop(columns="household_id"), *rest), order_lines)
    one, other = (part.results.set_index("campaign_id").loc["home"] for part in (found, alone))
    assert one["high"] - one["low"] > 1.1 * (other["high"] - other["low"])
    same = found.results.set_index("campaign_id").loc[["each"], ["effect_per_week", "low", "high", "p_value"]]
    pd.testing.assert_frame_equal(
        alone.results.set_index("campaign_id").loc[["each"], same.columns], same, check_exact=True
    )


def test_a_declared_lot_that_splits_households_is_told_with_their_number(world, order_lines):
    found = effects(world, order_lines, households=True)
    why = found.results.set_index("campaign_id")["why"]
    assert why["each"].endswith(
        "80 of 80 households of several have customers in both arms; each part counts by itself."
    )
    assert found.units.table.set_index("campaign_id")["split"].to_dict() == {"each": 80, "home": 0}


def test_neither_row_order_nor_names_of_households_change_a_result(world, order_lines, found):
    contacts, lines, campaigns, customers, responses, offers = world
    other_way = {f"h{home:03d}": f"z{999 - home}" for home in range(120)}
    named = customers.assign(household_id=customers["household_id"].map(other_way))
    turned = effects((contacts[::-1], lines[::-1], campaigns[::-1], named[::-1], responses[::-1], offers), order_lines)
    for one, other in zip([*turned[:3], turned.units.table], [*found[:3], found.units.table], strict=True):
        pd.testing.assert_frame_equal(one, other, check_exact=True)


def test_outcomes_of_a_lot_of_households_are_of_households(world, order_lines, found):
    contacts, lines, campaigns, *_ = world
    runs = begun(campaigns, as_of=OPTIONS["as_of"])
    options = {"data_from": OPTIONS["data_from"], "seed": 1}
    made = household_lots.outcomes(contacts, order_lines(lines), runs, found.results, found.units, **options)
    home = made[made["campaign_id"] == "home"].set_index("measure")
    spend = pd.Series(spent(world, DAYS["home"])).groupby(HOMES).sum()
    assert home.loc["spend per household", "value_treated"] == pytest.approx(spend[::2].mean())
    assert home.loc["share of households who ordered", "value_holdout"] == pytest.approx((spend[1::2] > 0).mean())
    assert home["customers_treated"].unique() == [60] and "orders per household" in home.index
    assert home.loc["spend per household", "lift"] == pytest.approx(found.units.table["lift"].iloc[0])
    each = made[made["campaign_id"] == "each"]
    assert each["customers_treated"].unique() == [120] and "orders per customer" in set(each["measure"])
