"""Each person is sent one thing at most, and nobody who refused or is held out is sent anything."""

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design.handoff import COLUMNS, KEPT, assignment, kept, screened, send, write_csv
from analysis.design.handoff.people import details, persons
from analysis.inference.arms import sample_ratio
from analysis.monitor import lots

PLAN = pd.DataFrame(
    [("7", "loyal", "mug", "double", "treated"), ("12", "loyal", None, None, "holdout"),
     ("0012", "loyal", "mug", "double", "treated"), ("9", "quiet", None, None, "not planned")],
    columns=["customer_id", "segment", "gift", "incentive", "arm"],
)  # fmt: skip
STRATEGIES = pd.DataFrame({"segment": ["loyal", "quiet"], "forms": ["gift + points", "nothing"]})


def test_the_assignment_has_the_planned_and_the_list_to_send_the_treated_only():
    planned = assignment(PLAN, STRATEGIES)
    assert planned.fillna("").to_numpy().tolist() == [
        ["0012", "loyal", "mug", "double", "gift + points", "treated", 2 / 3],
        ["12", "loyal", "", "", "", "holdout", 2 / 3],
        ["7", "loyal", "mug", "double", "gift + points", "treated", 2 / 3],
    ]
    assert send(planned)["customer_id"].tolist() == ["0012", "7"]


def test_the_lot_is_read_as_one_when_the_assignment_comes_back_as_contacts(tmp_path):
    arms = ["treated"] * 90 + ["holdout"] * 10
    plan = pd.DataFrame(
        {
            "customer_id": [f"c{n:03}" for n in range(100)],
            "segment": "loyal",
            "gift": None,
            "incentive": None,
            "arm": arms,
        }
    )
    write_csv(kept(screened(assignment(plan, STRATEGIES))), tmp_path / "assignment.csv")
    back = pd.read_csv(tmp_path / "assignment.csv", encoding="utf-8-sig", dtype={"customer_id": "str"})
    found = lots.drawn(back.assign(campaign_id="spring"))
    assert found.to_numpy().tolist() == [["spring", 0.9]]
    assert not sample_ratio(90, 10, share=found["share"][0]).broken
    everyone = assignment(plan.assign(arm="treated"), STRATEGIES)  # nobody held out: no lot
    assert everyone["propensity"].isna().all() and lots.drawn(everyone.assign(campaign_id="spring")).empty


def planned(*rows):
    table = pd.DataFrame(rows, columns=["customer_id", "arm"])
    return table.assign(segment="new", gift=None, incentive="ten-off", forms="coupon")[COLUMNS]


def people(*rows):
    return pd.DataFrame(rows, columns=["customer_id", "email", "consent"])


def why(table):
    return {row.customer_id: None if pd.isna(row.left_out) else row.left_out for row in table.itertuples()}


def stands_for(table):
    return {row.customer_id: row.same_person_as for row in table.itertuples() if not pd.isna(row.same_person_as)}


def test_one_person_under_two_ids_is_sent_one_thing_under_the_first():
    table = screened(
        planned(("b", "treated"), ("a", "treated"), ("c", "treated")),
        people(("a", "anna@x.yz", "yes"), ("b", "Anna@x.yz", "yes"), ("c", "c@x.yz", "yes")),
    )
    assert why(table) == {"a": None, "b": "same person as another id", "c": None}
    assert stands_for(table) == {"b": "a"}
    assert send(table)["customer_id"].tolist() == ["a", "c"]


def test_a_person_held_out_under_one_id_is_sent_nothing_under_another():
    table = screened(
        planned(("a", "treated"), ("b", "holdout")), people(("a", "anna@x.yz", "yes"), ("b", "anna@x.yz", "yes"))
    )
    assert why(table) == {"a": "held out under another id of the same person", "b": "held out"}
    assert stands_for(table) == {"b": "a"}
    assert send(table).empty


def test_who_refused_under_any_id_is_sent_nothing_and_who_was_not_asked_there_is():
    table = screened(
        planned(("a", "treated"), ("c", "treated"), ("e", "treated"), ("f", "treated")),
        people(
            ("a", "anna@x.yz", "yes"), ("b", "anna@x.yz", "no"),  # b is not planned, and refused all the same
            ("c", "cleo@x.yz", "yes"), ("d", "cleo@x.yz", None),
            ("e", "emil@x.yz", None),
        ),  # f is nowhere among the identities
    )  # fmt: skip
    assert why(table) == {
        "a": "no consent under another id of the same person",
        "c": None,
        "e": "no consent",
        "f": "no consent",
    }


def test_both_arms_are_marked_by_the_same_rule_of_consent():
    table = screened(planned(("a", "treated"), ("b", "holdout")), people(("a", None, "no"), ("b", None, "no")))
    assert why(table) == {"a": "no consent", "b": "no consent"}


def test_without_identities_or_consent_in_the_data_all_treated_are_sent_something():
    rows = planned(("a", "treated"), ("b", "holdout"))
    assert why(screened(rows)) == {"a": None, "b": "held out"}
    assert why(screened(rows, pd.DataFrame({"customer_id": ["z"]}))) == {"a": None, "b": "held out"}
    assert list(screened(rows)) == KEPT


def test_lists_name_customers_as_the_source_knows_them_whatever_the_key():
    assigned = planned(("a", "treated"), ("b", "treated"), ("c", "holdout"))
    came = people(("anna1", "anna@x.yz", "yes"), ("anna2", "anna@x.yz", "yes"), ("cleo", "cleo@x.yz", "yes"))
    for key in ({"a": "anna1", "b": "anna2", "c": "cleo"}, {"b": "anna1", "a": "anna2", "c": "cleo"}):
        pseudonyms = {name: pseudonym for pseudonym, name in key.items()}
        keyed = came.assign(known_as=came["customer_id"], customer_id=came["customer_id"].map(pseudonyms))
        table = screened(assigned, keyed)
        assert why(table) == {"anna1": None, "anna2": "same person as another id", "cleo": "held out"}
        assert stands_for(table) == {"anna2": "anna1"}
        assert "known_as" not in table


FEW = st.lists(
    st.tuples(st.sampled_from([None, "treated", "holdout"]), st.sampled_from([None, "a@x.yz", "b@x.yz", "c@x.yz"]),
              st.sampled_from(["yes", "no", None])), min_size=1, max_size=8,
)  # fmt: skip


@given(FEW, st.randoms(use_true_random=False))
@settings(max_examples=80, deadline=None)
def test_nobody_is_sent_two_things_or_against_their_will_in_any_order_of_rows(rows, dice):
    ids = [f"c{n}" for n in range(len(rows))]
    identities = people(*((one, email, consent) for one, (_, email, consent) in zip(ids, rows, strict=True)))
    assigned = planned(*((one, arm) for one, (arm, _, _) in zip(ids, rows, strict=True) if arm))
    table = screened(assigned, identities)
    label = dict(zip(ids, persons(details(identities)), strict=True))
    sent = send(table)["customer_id"].tolist()
    assert len({label[one] for one in sent}) == len(sent)
    for one in sent:
        mates = [n for n, other in enumerate(ids) if label[other] == label[one]]
        assert not any(rows[n][0] == "holdout" or rows[n][2] == "no" for n in mates)
        assert rows[ids.index(one)][2] == "yes"
    assert len(table) == len(assigned) == len(sent) + table["left_out"].notna().sum()
    assert set(stands_for(table).values()).isdisjoint(stands_for(table))
    order = dice.sample(range(len(assigned)), len(assigned))
    again = screened(assigned.iloc[order], identities.iloc[::-1])
    pd.testing.assert_frame_equal(table, again)
