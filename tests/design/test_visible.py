import numpy as np
import pandas as pd
import pytest

from analysis.design.visible import by_measure
from analysis.inference.experiments import power_two_means

PLANNED = pd.DataFrame({
    "customer_id": [f"p{n}" for n in range(300)], "segment": ["a"] * 200 + ["b"] * 100,
    "arm": (["treated"] * 150 + ["holdout"] * 50) + ["not planned"] * 100,
})  # fmt: skip
MEMBERS = pd.DataFrame({"customer_id": list("uvwx"), "segment": ["a", "a", "a", "b"]})
DONE = pd.DataFrame({"customer_id": ["u", "v", "x"], "orders": [1, 2, 9], "spend": [12.0, 18.0, 900.0]})


def made(**options):
    table = by_measure(PLANNED, MEMBERS, DONE, effect=0.1, power=0.8, **options)
    return table.set_index("measure")


def test_what_is_usual_is_that_of_the_planned_segments_by_hand():
    # segment b is not planned; of a two of three ordered, three orders, 30 in all
    assert made()["usual"].to_dict() == pytest.approx(
        {"share who order": 2 / 3, "orders per customer": 1, "spend per customer": 10, "value of an order": 10}
    )
    assert made()[["treated", "holdout"]].drop_duplicates().values.tolist() == [[150, 50]]


def test_the_smallest_rise_is_shown_with_the_power_asked_for():
    row = made().loc["value of an order"]  # one customer's spread is 2, as in the tests of planning
    assert power_two_means(150, 50, effect=row["smallest_rise"], sd=2, alpha=0.05) == pytest.approx(0.8)
    assert row["smallest_relative"] == pytest.approx(row["smallest_rise"] / 10)
    assert 3 * row["customers_needed"] / 4 > 2


def test_segments_count_as_they_are_planned():
    both = PLANNED.assign(arm=["treated"] * 150 + ["holdout"] * 50 + ["treated"] * 75 + ["holdout"] * 25)
    usual = by_measure(both, MEMBERS, DONE, effect=0.1, power=0.8).set_index("measure")["usual"]
    assert usual["spend per customer"] == pytest.approx((200 * 10 + 100 * 900) / 300)
    assert usual["value of an order"] == pytest.approx((200 * 10 + 100 * 900) / (200 * 1 + 100 * 9))


def test_people_of_one_household_tell_less():
    alone = made(households=pd.Series({name: name for name in "uvwx"}))
    pd.testing.assert_frame_equal(alone, made())
    rng = np.random.default_rng(1)
    names = [f"m{n}" for n in range(60)]
    members = pd.DataFrame({"customer_id": names, "segment": "a"})
    home = np.repeat(np.arange(20), 3)
    spend = rng.gamma(2, 5, 20)[home] + rng.random(60)
    done = pd.DataFrame({"customer_id": names, "orders": 1, "spend": spend})
    options = {"effect": 0.1, "power": 0.8}
    plain = by_measure(PLANNED, members, done, **options).set_index("measure")
    together = by_measure(PLANNED, members, done, households=pd.Series(home, index=names), **options).set_index(
        "measure"
    )
    assert together.loc["spend per customer", "design_effect"] == pytest.approx(3, abs=0.1)  # three who are nearly one
    wider = together["smallest_rise"] / plain["smallest_rise"]
    assert wider["spend per customer"] == pytest.approx(3**0.5, abs=0.05)


def test_without_a_plan_or_a_past_nothing_is_known():
    nobody = by_measure(PLANNED.assign(arm="not planned"), MEMBERS, DONE, effect=0.1, power=0.8)
    assert nobody["smallest_rise"].isna().all() and nobody["customers_needed"].isna().all()
    unseen = by_measure(PLANNED, MEMBERS.head(0), DONE, effect=0.1, power=0.8)
    assert unseen[["usual", "smallest_rise", "customers_needed"]].isna().all(axis=None)
