import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.segment.rules import Comparison, named_segments, parse, reach

FOUR = pd.DataFrame(
    {
        "customer_id": ["1", "2", "3", "4"],
        "purchases": [10, 5, 20, 3],
        "amount": [1000, 500, 2000, 300],
        "referrals": [5, 3, 10, 2],
    }
)
GROUPS = [
    ("group6", "purchases >= 10 and referrals >= 5"),
    ("group5", "purchases >= 20"),
    ("group4", "purchases >= 5 and referrals >= 3"),
    ("group3", "purchases >= 3"),
]


def test_the_four_customers_of_the_source_documents_fall_into_group6_group4_group6_group3():
    table = named_segments(FOUR, GROUPS, otherwise="group1")
    assert table["segment"].tolist() == ["group6", "group4", "group6", "group3"]


def test_reach_shows_what_a_rule_matches_and_what_earlier_rules_leave_it():
    table = reach(FOUR, GROUPS, otherwise="group1").set_index("segment")
    assert table["matched"].to_dict() == {"group6": 2, "group5": 1, "group4": 3, "group3": 4, "group1": 0}
    assert table["taken"].to_dict() == {"group6": 2, "group5": 0, "group4": 1, "group3": 1, "group1": 0}
    assert table["share"].sum() == 1
    assert table["shadowed_by"].isna().all()  # somebody with 20 purchases and no referrals would be in group5


def test_a_rule_that_no_customer_could_ever_reach_names_the_rule_before_it():
    rules = [("many", "purchases >= 5"), ("most", "purchases > 10 and referrals >= 1"), ("some", "purchases >= 3")]
    assert reach(FOUR, rules, otherwise="few")["shadowed_by"].fillna("").tolist() == ["", "many", "", ""]


@pytest.mark.parametrize(
    ("first", "second", "shadowed"),
    [
        ("a >= 5", "a > 5", True),
        ("a > 5", "a >= 5", False),
        ("a > 5", "a > 5", True),
        ("a < 5", "a <= 4", True),
        ("a <= 4", "a < 5", False),
        ("a >= 5", "a == 5", True),
        ("a > 5", "a == 5", False),
        ("a == 5", "a == 5.0", True),
        ("a >= 5", "a <= 9", False),
        ("a >= 5", "b >= 9", False),
        ("a >= 5 and b > 1", "a >= 5", False),
    ],
)
def test_a_rule_is_shadowed_when_the_earlier_follows_from_it(first, second, shadowed):
    table = pd.DataFrame({"customer_id": ["x"], "a": [1.0], "b": [1.0]})
    found = reach(table, [("first", first), ("second", second)], otherwise="rest")["shadowed_by"].fillna("").tolist()
    assert found == ["", "first" if shadowed else "", ""]


def test_parse_reads_numbers_words_and_words_in_quotes():
    assert parse("a >= 10 and b<-3.5") == (Comparison("a", ">=", "10", 10.0), Comparison("b", "<", "-3.5", -3.5))
    words = parse("band == 25-34 and income == 'Under 15 and more'")
    assert [part.value for part in words] == ["25-34", "Under 15 and more"]


@pytest.mark.parametrize(
    ("when", "problem"),
    [
        ("a >= 10 or b < 3", "cannot read 'a >= 10 or b < 3'; write it like 'recency_days > 91'"),
        ("a >= 10 and", "cannot read ''; write it like 'recency_days > 91'"),
        ("", "cannot read ''; write it like 'recency_days > 91'"),
        ("a => 1", "cannot read 'a => 1'; write it like 'recency_days > 91'"),
        ("exit() == 1", "cannot read 'exit() == 1'; write it like 'recency_days > 91'"),
        ("a >= many", ">= needs a number, not 'many'; words compare with =="),
        ("a < nan", "< needs a number, not 'nan'; words compare with =="),
    ],
)
def test_what_is_not_a_rule_is_refused_and_shown(when, problem):
    with pytest.raises(ValueError) as error:
        parse(when)
    assert str(error.value) == f"rule {when!r}: {problem}"


@pytest.mark.parametrize(
    ("when", "message"),
    [
        ("purchase >= 1", "no column 'purchase' for the rule; the nearest are purchases"),
        ("purchases == many", "column 'purchases' holds numbers and cannot be 'many'"),
        ("customer_id > 2", "column 'customer_id' holds words; compare it with ==, not >"),
    ],
)
def test_a_rule_that_does_not_fit_the_columns_is_refused(when, message):
    with pytest.raises(ValueError) as error:
        named_segments(FOUR, [("x", when)], otherwise="rest")
    assert str(error.value) == message


def test_what_is_not_known_satisfies_no_comparison():
    unknown = pd.DataFrame(
        {
            "customer_id": ["a", "b"],
            "days": [np.nan, 5.0],
            "score": pd.array([None, 3], dtype="Int64"),
            "region": [None, "North"],
        }
    )
    for when in ("days >= 0", "days < 100", "days == 5", "score <= 9", "score >= 0", "region == North"):
        found = named_segments(unknown, [("known", when)], otherwise="rest")["segment"].tolist()
        assert found == ["rest", "known"], when


def test_words_that_look_like_numbers_compare_as_words():
    sizes = pd.DataFrame({"customer_id": ["a", "b"], "household_size": ["2", "5+"]})
    assert named_segments(sizes, [("two", "household_size == 2")], otherwise="x")["segment"].tolist() == ["two", "x"]


def test_without_rules_everyone_is_in_the_rest():
    assert named_segments(FOUR, [], otherwise="all")["segment"].tolist() == ["all"] * 4


number = st.integers(0, 4)
rule = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from([">=", "<=", ">", "<", "=="]), number), min_size=1, max_size=3
)


@settings(max_examples=50, deadline=None)
@given(st.lists(st.tuples(number, number), min_size=1, max_size=6), st.lists(rule, max_size=4))
def test_first_match_agrees_with_python_and_a_shadowed_rule_takes_nobody(values, drawn):
    table = pd.DataFrame(values, columns=["a", "b"]).assign(customer_id=[f"c{i}" for i in range(len(values))])
    rules = [(f"r{i}", " and ".join(f"{c} {s} {n}" for c, s, n in parts)) for i, parts in enumerate(drawn)]
    found = named_segments(table, rules, otherwise="rest")["segment"].tolist()
    assert found == [next((n for n, when in rules if eval(when, {"a": a, "b": b})), "rest") for a, b in values]
    reached = reach(table, rules, otherwise="rest")
    assert reached["taken"].sum() == len(values)
    assert (reached.loc[reached["shadowed_by"].notna(), "taken"] == 0).all()
