"""Only the hand-off knows who is behind a pseudonym, and it takes no address of which the source is unsure."""

from datetime import date

import pandas as pd
import pytest

from analysis import engine, keys
from analysis.clean import contract, pseudonyms
from analysis.design import handoff, identities
from analysis.refusals import StudyError
from analysis.tables import CANONICAL

CUSTOMERS = pd.DataFrame({
    "customer_id": ["Ann", "Ann", "Bob", "Cy", "Cy"],
    "email": [" ann@mail.example ", "ann@mail.example", "", "cy@a.example", "cy@b.example"],
    "phone": ["+49 30 1", "+49 30 1", "007", None, None],
})  # fmt: skip
ORDERS = pd.DataFrame({
    "order_id": ["1", "2"], "line_id": "1", "customer_id": ["Ann", "Dee"], "product_id": "tea", "ordered_at": pd.Timestamp("2024-05-01"),
    "quantity": 1, "amount": 2.0, "discount": 0.0, "coupon_discount": 0.0, "coupon_match": 0.0,
})  # fmt: skip


@pytest.fixture
def raw(workspace):
    for name, frame in (("customers", CUSTOMERS), ("orders", ORDERS)):
        engine.write(engine.lazy(frame), workspace / "raw" / f"{name}.parquet", sort_by=list(frame))
    return workspace / "raw"


def planned(raw):
    """The pseudonym of each customer, as clean gives it."""
    typed = {
        name: contract.typed(engine.scan(raw / f"{name}.parquet"), CANONICAL[name], time_zone="UTC")
        for name in ("customers", "orders")
    }
    found = pseudonyms.pseudonyms(typed, key=keys.key("shop"), as_of=date(2024, 6, 30))
    return found.set_index("customer_id")["pseudonym"]


def test_each_pseudonym_leads_back_to_its_customer(raw):
    names = planned(raw)
    people = identities.identities(names, raw=raw, study="shop", setting="keyed").set_index("customer_id")
    assert people["known_as"].to_dict() == {pseudonym: who for who, pseudonym in names.items()}
    # Ann's address is written twice and is one, Bob's is empty, of Cy's nobody knows which is right, Dee is in no customers table
    by_id = people.set_index("known_as").fillna("-")
    assert by_id["email"].to_dict() == {"Ann": "ann@mail.example", "Bob": "-", "Cy": "-", "Dee": "-"}
    assert by_id["phone"].to_dict() == {"Ann": "+49 30 1", "Bob": "007", "Cy": "-", "Dee": "-"}


def test_without_pseudonyms_everyone_is_known_as_in_the_plan(raw):
    people = identities.identities(pd.Series(["Bob", "Ann"]), raw=raw, study="shop", setting="none")
    assert people[["customer_id", "known_as"]].to_numpy().tolist() == [["Ann", "Ann"], ["Bob", "Bob"]]


def test_a_plan_made_with_another_key_is_refused_and_names_nobody(raw, monkeypatch):
    names = planned(raw)
    monkeypatch.setenv(keys.VARIABLE, "ab" * 32)
    with pytest.raises(StudyError) as refused:
        identities.identities(names, raw=raw, study="shop", setting="keyed")
    assert str(refused.value) == "study 'shop': 4 customers of the plan are not in data/raw; has the key changed?"


def test_the_list_to_send_carries_ids_and_addresses_as_the_source_has_them(raw):
    names = planned(raw)
    people = identities.identities(names, raw=raw, study="shop", setting="keyed")
    plan = pd.DataFrame({"customer_id": names[["Dee", "Ann"]].to_numpy(), "segment": "loyal", "gift": "mug"})
    plan = plan.assign(incentive=None, arm="treated")
    listed = handoff.assignment(plan, pd.DataFrame({"segment": ["loyal"], "forms": ["gift"]}))
    sent = handoff.send(handoff.screened(listed, people))
    assert sent[["customer_id", "email", "phone"]].fillna("-").to_numpy().tolist() == [
        ["Ann", "ann@mail.example", "+49 30 1"],
        ["Dee", "-", "-"],
    ]


def test_a_source_without_addresses_gives_none(raw):
    engine.write(engine.lazy(CUSTOMERS[["customer_id"]]), raw / "customers.parquet", sort_by=["customer_id"])
    people = identities.identities(pd.Series(["Ann"]), raw=raw, study="shop", setting="none")
    assert list(people) == ["customer_id", "known_as"]
