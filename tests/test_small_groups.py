"""The rule on small groups: what may be asked for, what is said, what is joined."""

import pandas as pd
import pytest

from analysis.small_groups import checked, dominated, merged, rule_in_words


@pytest.mark.parametrize(("smallest", "public"), [(10, False), (5, False), (0, True), (5, True)])
def test_five_and_more_are_allowed_and_none_only_for_public_data(smallest, public):
    assert checked(smallest, public=public) == smallest


@pytest.mark.parametrize(("smallest", "public"), [(0, False), (4, True), (1, False)])
def test_less_is_refused(smallest, public):
    with pytest.raises(ValueError, match=f"smallest_group={smallest} .* nearest valid"):
        checked(smallest, public=public)


def test_the_rule_is_one_sentence_with_its_number():
    said = rule_in_words(10, customers="households")
    assert said.startswith("No count of fewer than 10 households is shown") and said.count(".") == 1
    assert "public or simulated" in rule_in_words(0, customers="households")


def test_groups_of_few_are_joined_and_the_next_with_them_while_these_are_few():
    ages = pd.Series(["19-24"] * 3 + ["25-34"] * 12 + ["35-44"] * 30 + [None] * 4)
    found = merged(ages, smallest=10, other="other ages")
    assert found.value_counts().to_dict() == {
        "35-44": 30,
        "other ages": 19,
    }  # 3 and 4 are few together, so 12 go with them
    found = merged(ages, smallest=5, other="other ages")
    assert found.value_counts().to_dict() == {"35-44": 30, "25-34": 12, "other ages": 7}


def test_large_groups_stay_as_they_are_also_the_unknown():
    ages = pd.Series(["25-34"] * 12 + [None] * 11)
    found = merged(ages, smallest=10, other="other ages")
    assert found.isna().sum() == 11 and (found == "25-34").sum() == 12


def test_a_sum_is_dominated_when_one_has_more_than_85_of_100():
    assert dominated([86, 10, 4])
    assert not dominated([85, 10, 5])
    assert not dominated([])
    assert not dominated([0, 0])
