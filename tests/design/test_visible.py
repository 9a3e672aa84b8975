import numpy as np
import pandas as pd
import pytest

from analysis.design.visible import by_measure
from analysis.inference.experiments import power_two_proportions

PLANNED = pd.DataFrame({
    "customer_id": [f"p{n}" for n in range(300)], "segment": ["a"] * 200 + ["b"] * 100,
    "arm": (["treated"] * 150 + ["holdout"] * 50) + ["not planned"] * 100,
})  # fmt: skip
MEMBERS = pd.DataFrame({"customer_id": list("uvwx"), "segment": ["a", "a", "a", "b"]})
DONE = pd.DataFrame({"customer_id": ["u", "v", "x"], "orders": [1, 2, 9], "spend": [12.0, 18.0, 900.0]})


def made(planned=PLANNED, members=MEMBERS, done=DONE, **options):
    table = by_measure(planned, members, done, effect=0.1, power=0.8, rng=np.random.default_rng(1), **options)
    return table.set_index("measure")


def many(n=400, seed=2):
    """Members of segment a, most of whom order, and what they did."""
    rng, names = np.random.default_rng(seed), [f"m{k}" for k in range(n)]
    orders = rng.poisson(1.2, n)
    done = pd.DataFrame({"customer_id": names, "orders": orders, "spend": orders * rng.gamma(4, 5, n)})
    return pd.DataFrame({"customer_id": names, "segment": "a"}), done[orders > 0]


def test_what_is_usual_is_that_of_the_planned_segments_by_hand():
    # segment b is not planned; of a two of three ordered, three orders, 30 in all
    assert made()["usual"].to_dict() == pytest.approx(
        {"share who order": 2 / 3, "orders per customer": 1, "value of an order": 10}
    )
    assert made()[["treated", "holdout"]].drop_duplicates().values.tolist() == [[150, 50]]


def test_the_smallest_rise_of_a_rate_is_shown_with_the_power_asked_for():
    row = made(*(PLANNED, *many())).loc["share who order"]
    rate, rise = row["usual"], row["smallest_rise"]
    assert power_two_proportions(150, 50, rate_a=rate + rise, rate_b=rate, alpha=0.05) == pytest.approx(0.8)
    assert row["smallest_relative"] == pytest.approx(rise / rate)


def test_four_times_the_customers_show_half_the_rise_and_what_it_takes_goes_with_its_square():
    more = pd.concat([PLANNED] * 4, ignore_index=True)
    once, often = made(PLANNED, *many()), made(more, *many())
    for measure in ("orders per customer", "value of an order"):
        assert once.loc[measure, "smallest_relative"] / often.loc[measure, "smallest_relative"] == pytest.approx(
            2, rel=0.15
        )
        needed = 200 * (once.loc[measure, "smallest_relative"] / 0.1) ** 2
        assert once.loc[measure, "customers_needed"] == np.ceil(needed)


def test_segments_count_as_they_are_planned():
    both = PLANNED.assign(arm=["treated"] * 150 + ["holdout"] * 50 + ["treated"] * 75 + ["holdout"] * 25)
    usual = made(both)["usual"]
    assert usual["orders per customer"] == pytest.approx((200 * 1 + 100 * 9) / 300)
    assert usual["value of an order"] == pytest.approx((200 * 10 + 100 * 900) / (200 * 1 + 100 * 9))


def test_people_of_one_household_tell_less():
    members, done = many()
    alone = made(
        PLANNED, members, done, households=pd.Series(members["customer_id"].to_numpy(), index=members["customer_id"])
    )
    pd.testing.assert_frame_equal(alone, made(PLANNED, members, done))
    home = np.repeat(np.arange(100), 4)
    orders = np.random.default_rng(1).poisson(2, 100)[home]
    done = pd.DataFrame({"customer_id": members["customer_id"], "orders": orders, "spend": 9.0 * orders})[orders > 0]
    together = made(PLANNED, members, done, households=pd.Series(home, index=members["customer_id"]))
    assert together.loc["orders per customer", "design_effect"] == pytest.approx(4)  # four who are one
    assert "expected in the smaller arm" in together.loc["orders per customer", "why_not"]  # 50 held out are as 13


def test_what_is_not_known_is_missing_and_says_why():
    nobody, unseen = made(PLANNED.assign(arm="not planned")), made(PLANNED, MEMBERS.head(0))
    for table in (nobody, unseen):
        assert table[["smallest_rise", "smallest_relative", "customers_needed"]].isna().all(axis=None)
        assert (table["why_not"] != "").all()
    few = made().loc[
        "value of an order"
    ]  # two who order stand for 133 of 200: 33 in the smaller arm, of whom chance takes
    assert (
        few["why_not"].startswith("Too few customers with an outcome are expected in the smaller arm")
        or few["smallest_rise"] > 0
    )
