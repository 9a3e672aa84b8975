"""Past the door nobody is called by the id that came in, and nothing depends on the key but the names."""

import hashlib
import hmac
from datetime import date

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis import engine, keys
from analysis.clean import contract, pseudonyms, quarantine
from analysis.identity import masked
from analysis.tables import CANONICAL

DAY = date(2024, 6, 30)
KEY, OTHER = (keys.Key(bytes([number]) * 32) for number in (1, 2))


def tables(*lines, referrals=(("Ann", "Eve"),), later=()):
    """Typed customers, orders and referrals; `lines` are customer and amount, one order each, `later` after the day."""
    rows = [(who, amount, "2024-05-01 12:00") for who, amount in lines] + [
        (who, amount, "2024-07-02 12:00") for who, amount in later
    ]
    orders = pd.DataFrame(rows, columns=["customer_id", "amount", "ordered_at"]).astype(
        {"ordered_at": "datetime64[us]"}
    )
    orders = orders.assign(
        order_id=[f"o{n}" for n in range(len(orders))], line_id="1", product_id="tea", quantity=1, discount=0.0,
        coupon_discount=0.0, coupon_match=0.0,
    )  # fmt: skip
    known = sorted({who for who, _ in lines if who})
    raw = {
        "customers": pd.DataFrame(
            {"customer_id": known, "email": [f"{who}@mail.example" for who in known], "gender": "f"}
        ),
        "orders": orders,
        "referrals": pd.DataFrame(referrals, columns=["customer_id", "referred_customer_id"]).assign(
            referred_on=pd.Timestamp("2024-05-02")
        ),
    }
    return {name: contract.typed(engine.lazy(frame), CANONICAL[name], time_zone="UTC") for name, frame in raw.items()}


def made(typed, *, key=KEY):
    return pseudonyms.pseudonyms(typed, key=key, as_of=DAY).set_index("customer_id")["pseudonym"]


PEOPLE = [("Ann", 10.0), ("Bob", 20.0), ("Bob", 5.0), ("Cy", 7.5), ("Dee", 1.0)]


def test_the_digest_is_the_hmac_of_the_id_under_the_key_for_customers():
    derived = hmac.new(bytes([1]) * 32, b"purpose: customers", hashlib.sha256).digest()
    by_hand = {
        who: hmac.new(derived, who.encode(), hashlib.sha256).hexdigest()[:24]
        for who in ("Ann", "Bob", "Cy", "Dee", "Eve")
    }
    assert made(tables(*PEOPLE)).str.partition("-")[2].to_dict() == by_hand


def test_the_same_customer_is_the_same_in_every_table_and_no_id_is_left():
    typed = tables(*PEOPLE, (None, 3.0))
    names = made(typed)
    past = {name: engine.collect(frame) for name, frame in pseudonyms.replaced(typed, names.reset_index()).items()}
    assert past["customers"].set_index("customer_id").index.tolist() == sorted(names.drop("Eve"))
    spent = past["orders"].groupby("customer_id")["amount"].sum().to_dict()
    assert spent == {names["Ann"]: 10.0, names["Bob"]: 25.0, names["Cy"]: 7.5, names["Dee"]: 1.0}
    assert past["orders"]["customer_id"].isna().sum() == 1  # nobody stays nobody
    assert past["referrals"].iloc[0][["customer_id", "referred_customer_id"]].tolist() == [names["Ann"], names["Eve"]]
    assert [list(frame) for frame in past.values()] == [list(engine.collect(frame)) for frame in typed.values()]


def test_personal_columns_end_at_the_contract():
    assert "email" not in tables(*PEOPLE)["customers"].collect_schema().names()


def test_another_key_changes_every_pseudonym_and_no_order():
    one, other = made(tables(*PEOPLE)), made(tables(*PEOPLE), key=OTHER)
    assert not set(one.str.partition("-")[2]) & set(other.str.partition("-")[2])
    assert one.sort_values().index.tolist() == other.sort_values().index.tolist()


def test_the_order_tells_no_more_than_the_order_lines_do():
    # the same people with other money stand in another order: the ids alone do not give the places
    orders = {tuple(made(tables(("Ann", float(n)), *PEOPLE[1:])).sort_values().index) for n in range(1, 9)}
    assert len(orders) > 4


def test_what_is_not_yet_seen_moves_nobody():
    before = made(tables(*PEOPLE)).sort_values().index.tolist()
    after = made(tables(*PEOPLE, later=[("Ann", 99.0), ("Zoe", 5.0)])).sort_values().index.tolist()
    assert after == [*before, "Zoe"]


@given(
    st.lists(st.tuples(st.text("ab客\ud800'\t", min_size=1, max_size=3), st.integers(1, 999)), min_size=1, max_size=12),
    st.randoms(use_true_random=False),
)
@settings(max_examples=25, deadline=None)
def test_each_customer_has_one_pseudonym_whatever_the_order_of_rows(lines, shuffle):
    lines = [(who.replace("\ud800", "x"), float(amount)) for who, amount in lines]
    names = made(tables(*lines))
    mixed = list(lines)
    shuffle.shuffle(mixed)
    assert made(tables(*mixed)).equals(names)
    assert names.is_unique and set(names.index) == {who for who, _ in lines} | {"Ann", "Eve"}
    places = names.str.partition("-")[0]
    assert places.str.len().nunique() == 1 and sorted(places.astype(int)) == list(range(1, len(names) + 1))


def test_the_quarantine_names_customers_by_their_pseudonym():
    typed = tables(*PEOPLE)
    names = made(typed)
    contacts = pd.DataFrame({
        "campaign_id": ["1", "1"], "customer_id": ["Ann", "Eve"], "arm": "treated", "contacted_on": pd.Timestamp("2024-05-01"),
    })  # fmt: skip
    typed["contacts"] = contract.typed(engine.lazy(contacts), CANONICAL["contacts"], time_zone="UTC")
    past = pseudonyms.replaced(typed, names.reset_index())
    valid = {"customers": past["customers"], "campaigns": engine.lazy(pd.DataFrame({"campaign_id": ["1"]}))}
    aside = quarantine.clean(past["contacts"], CANONICAL["contacts"], valid=valid, as_of=DAY).set_aside
    assert aside[["key", "reason"]].to_numpy().tolist() == [[f"1 / {names['Eve']}", "unknown customer_id"]]


@pytest.mark.parametrize(("setting", "same"), [("none", True), ("keyed", False)])
def test_a_study_says_whether_ids_are_replaced(workspace, setting, same):
    typed = tables(*PEOPLE)
    past = pseudonyms.at_the_door(typed, study="shop", setting=setting, as_of=DAY)
    ids = set(engine.collect(past["orders"])["customer_id"])
    assert (ids == {"Ann", "Bob", "Cy", "Dee"}) is same
    assert (workspace / "keys" / "shop.key").exists() is not same


def test_an_example_row_shows_that_something_is_withheld_and_where_nothing_was():
    rows = pd.DataFrame({"customer_id": ["Ann", None], "email": ["ann@mail.example", None], "amount": [1.0, 2.0]})
    assert masked(rows).fillna("-").to_numpy().tolist() == [["withheld", "withheld", 1.0], ["-", "-", 2.0]]


def test_a_household_has_a_name_of_its_own_with_the_place_of_its_first_customer():
    customers = engine.lazy(
        pd.DataFrame({"customer_id": ["07-b", "03-a", "05-c", "01-d"], "household_id": ["Oak 1", "Oak 1", None, ""]})
    )
    made = {}
    for key in (KEY, OTHER):
        past = engine.collect(pseudonyms.households_replaced(customers, key=key)).set_index("customer_id")[
            "household_id"
        ]
        assert past["03-a"] == past["07-b"] and past["05-c"] is None or pd.isna(past["05-c"])
        assert past.loc[["05-c", "01-d"]].isna().all()  # nobody shares with them
        made[key] = past["03-a"]
    assert all(name.startswith("h03-") and len(name) == 28 for name in made.values()) and made[KEY] != made[OTHER]
    derived = hmac.new(bytes([1]) * 32, b"purpose: households", hashlib.sha256).digest()
    assert made[KEY] == "h03-" + hmac.new(derived, b"Oak 1", hashlib.sha256).hexdigest()[:24]


def test_households_are_withheld_with_the_people_in_them():
    rows = pd.DataFrame({"customer_id": ["Ann"], "household_id": ["Oak 1"], "gender": ["f"]})
    assert masked(rows).iloc[0].tolist() == ["withheld", "withheld", "f"]
