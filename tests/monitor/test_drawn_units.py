"""What a lot was drawn for, as the contacts show it or the study says it."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine
from analysis.monitor import drawn_units as units
from analysis.refusals import StudyError


def people(*sizes):
    """Households h0, h1, ... of these sizes; a size of 1 is somebody without one."""
    rows = [
        (f"c{home:02d}{place}", f"h{home}" if size > 1 else None)
        for home, size in enumerate(sizes)
        for place in range(size)
    ]
    return pd.DataFrame(rows, columns=["customer_id", "household_id"])


def lot(customers, treated, *, name="spring"):
    """A lot of one half in which customers whose id begins with one of `treated` are treated."""
    arm = ["treated" if who.startswith(tuple(treated)) else "holdout" for who in customers["customer_id"]]
    return pd.DataFrame({"campaign_id": name, "customer_id": customers["customer_id"], "arm": arm, "propensity": 0.5})


def drawn(*names):
    return pd.DataFrame({"campaign_id": list(names), "share": 0.5})


@pytest.mark.parametrize(
    ("sizes", "share", "chance"),
    [([2], 0.5, 0.5), ([2, 2, 2], 0.5, 1 / 8), ([3], 0.9, 0.73), ([2, 3], 0.8, 0.68 * 0.52), ([], 0.5, 1.0)],
)
def test_the_chance_that_every_household_stays_whole_is_a_product_over_households(sizes, share, chance):
    assert units.unsplit_chance(sizes, share=share) == pytest.approx(chance)


@settings(max_examples=20, deadline=None)
@given(st.lists(st.integers(2, 5), max_size=6), st.floats(0.05, 0.95))
def test_more_households_are_less_likely_to_stay_whole(sizes, share):
    chance = units.unsplit_chance(sizes, share=share)
    assert 0 < chance <= 1 and units.unsplit_chance([*sizes, 2], share=share) < chance


def test_households_of_which_none_is_split_show_that_they_were_drawn():
    customers = people(*[2] * 12, 1)  # 24 people in twelve households, and one alone: 0.5^12 is below 0.001
    whole = lot(customers, ["c00", "c01", "c02", "c03", "c04", "c05", "c12"])
    found = units.drawn_units(whole, drawn("spring"), customers)
    row = found.table.iloc[0]
    assert not row["declared"] and (row["units_treated"], row["units_holdout"]) == (7, 6)
    assert (row["customers_treated"], row["customers_holdout"], row["several"], row["split"]) == (13, 12, 12, 0)
    assert row["split_chance"] == pytest.approx((0.52**2 + 0.48**2) ** 12)
    assert found.of["spring"].to_dict() == dict(
        zip(customers["customer_id"], customers["household_id"].fillna("c120"), strict=True)
    )


def test_few_households_or_one_that_is_split_leave_it_a_lot_among_customers():
    few = people(*[2] * 9)  # 0.5^9 is not below 0.001
    assert units.drawn_units(lot(few, ["c00", "c01", "c02", "c03"]), drawn("spring"), few).table.empty
    many = people(*[2] * 30)
    torn = lot(many, [*(f"c{n:02d}" for n in range(15)), "c200"])
    assert units.drawn_units(torn, drawn("spring"), many).table.empty
    assert units.drawn_units(torn, drawn("spring"), many.drop(columns="household_id")).table.empty


def test_declared_households_that_are_split_count_part_by_part_and_are_counted():
    customers = people(2, 2, 3)
    torn = lot(customers, ["c00", "c010"])  # the second household has one on each side
    found = units.drawn_units(torn, drawn("spring"), customers, declared=True)
    assert found.table.iloc[0][["several", "split", "units_treated", "units_holdout"]].tolist() == [3, 1, 2, 2]
    assert found.of["spring"].tolist() == ["h0", "h0", "h1 treated", "h1 holdout", "h2", "h2", "h2"]


def test_a_study_that_draws_households_must_know_them():
    customers = people(1, 1)
    with pytest.raises(
        StudyError, match="says unit: household, and the customers have no household_id; say in the contract"
    ):
        units.drawn_units(lot(customers, ["c00"]), drawn("spring"), customers, declared=True)


def test_the_unit_takes_the_customers_place_in_contacts_orders_and_customers(table):
    unit = pd.Series({"Ann": "h1", "Ben": "h1", "Cy": "Cy"}, name="unit")
    contacts = table(
        "campaign_id customer_id arm",
        ("spring", "Ann", "treated"), ("spring", "Ben", "treated"), ("spring", "Cy", "holdout"),
        ("fall", "Ann", "holdout"), ("fall", "Ben", "treated"), ("fall", "Dee", "treated"),
    )  # fmt: skip
    made = units.contacts_by_unit(contacts, unit)
    assert made.to_numpy().tolist() == [
        ["fall", "Dee", "treated"], ["fall", "h1", "treated"], ["spring", "Cy", "holdout"], ["spring", "h1", "treated"],
    ]  # fmt: skip
    orders = engine.lazy(pd.DataFrame({"customer_id": ["Ann", "Ben", "Dee"], "amount": [1.0, 2.0, 4.0]}))
    spent = engine.collect(units.orders_by_unit(orders, unit))
    assert spent.groupby("customer_id")["amount"].sum().to_dict() == {"h1": 3.0}  # Dee is not in the lot
    known = table("customer_id channel", ("Ann", "web"), ("Ben", "app"), ("Cy", "web"), ("Dee", "web"))
    assert units.customers_by_unit(known, unit).set_index("customer_id")["channel"].to_dict() == {
        "Cy": "web",
        "h1": "several",
    }
