"""A campaign by lot that offers one product, in a range of two departments."""

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.inference.multiple import benjamini_hochberg, holm
from analysis.inference.permutation import compare
from analysis.monitor.halo import (
    ALL_OFFERED,
    COLUMNS,
    NOT_SAID,
    OFFERED,
    OTHER,
    PARTS,
    SAME,
    halo,
    parts_of,
    spend_by_part,
)
from analysis.randomness import generator

NAMES = [f"c{number:03d}" for number in range(300)]
ARMS = ["treated", "treated", "holdout"] * 100
CONTACTS = pd.DataFrame({"campaign_id": "lot", "customer_id": NAMES, "arm": ARMS})
RUNS = pd.DataFrame({
    "campaign_id": ["lot"], "starts_on": pd.Timestamp("2024-04-01"), "measured_until": pd.Timestamp("2024-04-07"), "days": 7,
})  # fmt: skip
RESULTS = pd.DataFrame(
    {"campaign_id": ["lot"], "method": "lot", "effect_per_week": 2.0, "contacted_used": 200, "comparable": 100}
)
PRODUCTS = pd.DataFrame({
    "product_id": ["tea", "coffee", "spade", "rake", "odd"], "department": ["food", "food", "garden", "garden", None],
    "category": ["basic", "basic", "basic", "tools", None],
})  # fmt: skip
OFFERS = pd.DataFrame({"campaign_id": "lot", "incentive_id": ["i", "j"], "product_id": "tea"})


def bought():
    """Everyone buys some of each product or none, tea in two orders; a day outside the campaign does not count."""
    draw = np.random.default_rng(5)
    amounts = {
        name: draw.integers(5, 50, 300) * (draw.random(300) < 0.5) for name in ("tea", "coffee", "rake", "unlisted")
    }
    rows = [("c000", "2024-04-08", "tea", 900.0)]
    for name, product in ((name, product) for name in range(300) for product in amounts):
        amount = float(amounts[product][name])
        rows += [(NAMES[name], "2024-04-02", product, amount)] if amount else []
    return amounts, rows


@pytest.fixture
def found(order_lines):
    def make(offers=OFFERS, products=PRODUCTS, **how):
        made = halo(
            CONTACTS, order_lines(bought()[1]), engine.lazy(offers), products, RUNS, RESULTS, units={}, seed=1, **how
        )
        return made.set_index("part")

    return make


def test_a_category_is_one_of_its_department(table):
    labels = parts_of(OFFERS, PRODUCTS, RUNS["campaign_id"]).set_index("product_id")["part"]
    # spade is basic too, but of another department
    assert labels.to_dict() == {"tea": OFFERED, "coffee": SAME, "spade": OTHER, "rake": OTHER, "odd": OTHER}
    alone = parts_of(OFFERS, PRODUCTS.drop(columns="department"), RUNS["campaign_id"]).set_index("product_id")["part"]
    assert alone["spade"] == SAME


def test_spend_is_summed_by_part_and_everyone_has_a_row(order_lines):
    amounts, rows = bought()
    made = spend_by_part(CONTACTS, order_lines(rows), parts_of(OFFERS, PRODUCTS, RUNS["campaign_id"]), RUNS)
    assert made["customer_id"].tolist() == NAMES
    assert made[OFFERED].tolist() == amounts["tea"].tolist() and made[SAME].tolist() == amounts["coffee"].tolist()
    assert made[OTHER].tolist() == (amounts["rake"] + amounts["unlisted"]).tolist()  # what no list names is elsewhere


def test_effects_are_those_of_the_means_and_add_up_to_that_on_all_spend(found):
    amounts, treated, made = bought()[0], np.array(ARMS) == "treated", found()
    tea = amounts["tea"]
    again = compare(tea[treated & (tea > 0)], tea[~treated & (tea > 0)], n_treated=200, n_holdout=100,
                    rng=generator(1, f"lot lot {OFFERED}"))  # fmt: skip
    assert made.loc[OFFERED, ["low", "high"]].tolist() == pytest.approx(list(again.interval))
    whole = sum(amounts.values())
    assert made["effect"].sum() == pytest.approx(whole[treated].mean() - whole[~treated].mean())
    assert (
        made["products"].to_dict() == {OFFERED: 1, SAME: 1, OTHER: 3} and list(made.reset_index()[COLUMNS]) == COLUMNS
    )


def test_a_lot_of_households_is_compared_by_household(order_lines):
    home = pd.Series([f"h{number // 6}-{number % 3}" for number in range(300)], index=NAMES, name="unit")
    made = halo(
        CONTACTS, order_lines(bought()[1]), engine.lazy(OFFERS), PRODUCTS, RUNS, RESULTS, units={"lot": home}, seed=1
    )
    tea, treated = bought()[0]["tea"], np.array(ARMS) == "treated"
    sums, arm = pd.Series(tea).groupby(home.to_numpy()).sum(), pd.Series(treated).groupby(home.to_numpy()).first()
    own = [sums[arm].to_numpy(), sums[~arm].to_numpy()]
    again = compare(
        *(side[side > 0] for side in own), n_treated=100, n_holdout=50, rng=generator(1, f"lot lot {OFFERED}")
    )
    row = made.set_index("part").loc[OFFERED]
    assert [row["low"], row["high"]] == pytest.approx([end / 2 for end in again.interval])
    assert row["effect"] == pytest.approx(tea[treated].mean() - tea[~treated].mean())


def test_all_numbers_of_the_table_are_looked_at_together(found):
    made = found()
    assert made["tested"].tolist() == [3, 3, 3] and made["p_adjusted"].tolist() == holm(made["p_value"]).tolist()
    assert set(made["by"]) == {"Holm"}
    other = found(many="benjamini-hochberg")  # as the study sets it
    assert other["p_adjusted"].tolist() == benjamini_hochberg(other["p_value"]).tolist() and set(other["by"]) == {
        "Benjamini-Hochberg"
    }
    assert (other["p_adjusted"] < made["p_adjusted"]).any()


def test_a_campaign_whose_offers_are_not_known_is_refused(found):
    made = found(offers=OFFERS.assign(campaign_id="another"))
    assert made["why"].tolist() == [NOT_SAID] * 3 and made[["effect", "low"]].isna().all(axis=None)


def test_a_part_that_holds_no_product_says_so(found):
    every = pd.DataFrame({"campaign_id": "lot", "incentive_id": "i", "product_id": ["tea", "coffee"]})
    made = found(offers=every)
    assert (
        made.loc[SAME, "why"] == ALL_OFFERED
        and pd.isna(made.loc[SAME, "effect"])
        and made.loc[OFFERED, "products"] == 2
    )


def test_a_refund_without_a_product_leaves_no_part_below_nothing(order_lines):
    rows = [("c000", "2024-04-02", "tea", 20.0), ("c000", "2024-04-02", None, -20.0)]
    made = spend_by_part(CONTACTS, order_lines(rows), parts_of(OFFERS, PRODUCTS, RUNS["campaign_id"]), RUNS)
    assert made.loc[0, list(PARTS)].tolist() == [20, 0, 0]


def test_without_a_campaign_by_lot_there_is_no_row(order_lines):
    none = RESULTS.assign(method="none")
    made = halo(CONTACTS, order_lines(bought()[1]), engine.lazy(OFFERS), PRODUCTS, RUNS, none, units={}, seed=1)
    assert made.empty and list(made) == COLUMNS
