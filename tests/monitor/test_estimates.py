from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.monitor.comparison import Rules
from analysis.monitor.estimates import COLUMNS, campaign_estimates

NEW_YEAR, JUNE = date(2024, 1, 1), date(2024, 6, 30)
RULES = Rules(bands=1, min_history_days=7, min_days=7, min_per_arm=2, min_contacted=2)
OPTIONS = {"as_of": JUNE, "data_from": NEW_YEAR, "rules": RULES, "unit": "EUR per customer and week", "seed": 1}

# A week of each window: history, before the placebo, before, after. Ann, Ben and Cem are contacted on 1 March.
DAYS = ["2024-01-10", "2024-02-18", "2024-02-25", "2024-03-03"]
SPEND = {
    "Ann": (10, 10, 10, 15),
    "Ben": (10, 12, 12, 18),
    "Cem": (10, 11, 13, 17),  # the contacted rise by 5, 6, 4 after the start, by 0, 0, 2 before
    "Dee": (10, 10, 10, 11),
    "Eva": (10, 12, 13, 14),
    "Fay": (10, 11, 12, 13),  # the others by 1, 1, 1 and by 0, 1, 1
}


def spring(table, *, contacted=("Ann", "Ben", "Cem"), starts="2024-03-01", ends="2024-03-07"):
    contacts = table("campaign_id customer_id arm", *(("spring", name, "treated") for name in contacted))
    campaigns = table("campaign_id kind starts_on ends_on", ("spring", "mail", starts, ends))
    return contacts, campaigns, table("customer_id", *SPEND)


def bought(spend):
    return [(name, day, "milk", amount) for name, row in spend.items() for day, amount in zip(DAYS, row, strict=True)]


def test_the_effect_is_the_change_of_the_contacted_minus_that_of_the_comparable(table, order_lines):
    contacts, campaigns, customers = spring(table)
    found = campaign_estimates(contacts, order_lines(bought(SPEND)), campaigns, customers, **OPTIONS).results.iloc[0]
    assert found["effect_per_week"] == pytest.approx(5 - 1)
    assert found["placebo_effect"] == pytest.approx(2 / 3 - 2 / 3)
    assert found["low"] < 4 < found["high"] and found["placebo_low"] < 0 < found["placebo_high"]
    assert found["weeks"] == 1 and found["contacted_used"] == 3 and found["comparable"] == 3
    assert found["total_effect"] == pytest.approx(4 * 3 * 1)
    assert found["total_low"] == pytest.approx(3 * found["low"])
    assert found["comparable_effective"] == pytest.approx(3)  # one stratum, equal weights
    assert found["p_adjusted"] == found["p_value"]  # one campaign: nothing to adjust for
    assert found["verdict"] == "cannot tell"  # clear, but six customers bear no other check
    for missing in (
        "products not offered: no spend is known",
        "doubly robust: no doubly robust estimate",
        "overlap: 3 of 3",
    ):
        assert missing in found["why"]


def test_a_difference_that_was_there_before_is_called_not_causal(table, order_lines):
    contacts, campaigns, customers = spring(table)
    rising = SPEND | {"Ann": (10, 10, 20, 30), "Ben": (10, 12, 22.5, 33), "Cem": (10, 11, 20.5, 31)}
    found = campaign_estimates(contacts, order_lines(bought(rising)), campaigns, customers, **OPTIONS).results.iloc[0]
    assert found["placebo_low"] > 0 and found["verdict"] == "not causal"


def test_who_had_not_joined_or_agreed_when_it_began_is_not_comparable(table, order_lines):
    contacts, campaigns, customers = spring(table)
    late = table("customer_id", "Gus", "Hal", "Ida")
    everyone = pd.concat([customers, late], ignore_index=True).assign(
        joined_on=pd.to_datetime(["2023-01-01"] * 6 + ["2024-03-02", "2023-01-01", "2024-02-29"]),
        consent=["yes"] * 7 + ["no", "yes"],
    )  # only Ida could have been asked besides the six: she spends nothing
    found = campaign_estimates(contacts, order_lines(bought(SPEND)), campaigns, everyone, **OPTIONS)
    assert found.results.iloc[0]["comparable"] == 4
    assert found.results.iloc[0]["effect_per_week"] == pytest.approx(5 - 3 / 4)
    assert found.methods.set_index("method").loc["naive", "comparable"] == 4


def test_a_customer_without_an_order_counts_as_spending_nothing(table, order_lines):
    contacts, campaigns, customers = spring(table)
    orders = bought({name: row for name, row in SPEND.items() if name != "Fay"})
    found = campaign_estimates(contacts, order_lines(orders), campaigns, customers, **OPTIONS).results.iloc[0]
    assert found["comparable"] == 3
    assert found["effect_per_week"] == pytest.approx(5 - 2 / 3)  # Dee and Eva rise by 1, Fay by 0


@pytest.mark.parametrize(
    ("change", "verdict", "why"),
    [
        ({"starts": "2024-01-10", "ends": "2024-01-16"}, "no estimate",
         "Only 9 days of data come before it; an estimate needs 7 to compare with and 7 more to find comparable "
         "customers."),
        ({"starts": "2024-01-17", "ends": "2024-01-23"}, "no check",
         "The weeks before give no placebo estimate, so the comparison cannot be checked."),
        ({"contacted": ("Ann",)}, "no estimate",
         "Only 0 contacted customers have comparable ones; an estimate needs 2."),
        ({"starts": "2024-06-28", "ends": "2024-07-28"}, "no estimate",
         "Only 3 days of the window are in the data; an estimate needs 7."),
    ],
)  # fmt: skip
def test_where_there_is_no_estimate_or_no_check_it_says_why(change, verdict, why, table, order_lines):
    contacts, campaigns, customers = spring(table, **change)
    spend = {name: (*row[:3], row[3]) for name, row in SPEND.items()}
    orders = bought(spend) + [(name, "2024-01-18", "milk", row[3]) for name, row in SPEND.items()]
    found = campaign_estimates(contacts, order_lines(orders), campaigns, customers, **OPTIONS).results.iloc[0]
    assert (found["verdict"], found["why"]) == (verdict, why)
    assert pd.isna(found["effect_per_week"]) == (verdict == "no estimate")


def big(rng, *, gain=0.0, elsewhere=0.0):
    """200 customers with an order of milk (offered) and one of soap (not) every other day; the first 80 are contacted on 1 June.

    From then on they spend `gain` more on milk, `elsewhere` on soap. Returns orders, contacts, campaigns, customers, offers, products.
    """
    names, days = [f"c{number:03d}" for number in range(200)], pd.date_range("2024-01-01", "2024-06-14", freq="2D")
    rows = []
    for number, name in enumerate(names):
        level = rng.gamma(8, 1)
        for day in days:
            lifted = number < 80 and day >= pd.Timestamp("2024-06-01")
            rows.append((name, f"{day:%F}", "milk", round(level + rng.normal(0, 2) + gain * lifted, 2)))
            rows.append((name, f"{day:%F}", "soap", round(level + rng.normal(0, 2) + elsewhere * lifted, 2)))
    contacts = pd.DataFrame({"campaign_id": "june", "customer_id": names[:80], "arm": "treated"})
    campaigns = pd.DataFrame(
        {"campaign_id": ["june"], "kind": ["mail"], "starts_on": ["2024-06-01"], "ends_on": ["2024-06-14"]}
    )
    offers = engine.lazy(pd.DataFrame({"campaign_id": ["june"], "incentive_id": ["off"], "product_id": ["milk"]}))
    products = pd.DataFrame({"product_id": ["milk", "soap"], "category": ["dairy", "house"]})
    return rows, contacts, campaigns, pd.DataFrame({"customer_id": names}), offers, products


WIDE = OPTIONS | {"rules": Rules(bands=5, min_history_days=21, min_days=7, min_per_arm=5, min_contacted=20)}


def redeemed(days, users=80):
    """The first of those who are contacted use the offer on each of the days."""
    rows = [("june", f"c{number:03d}", "off", pd.Timestamp(day), "redeem") for number in range(users) for day in days]
    return pd.DataFrame(rows, columns=["campaign_id", "customer_id", "incentive_id", "responded_on", "kind"])


def looked_at(world, order_lines, *, known=True, used=("2024-06-03", "2024-06-05"), users=80, **changes):
    rows, contacts, campaigns, customers, offers, products = world
    also = (offers, products, redeemed(used, users)) if known else ()
    return campaign_estimates(contacts, order_lines(rows), campaigns, customers, *also, **WIDE | changes)


def test_a_gain_is_named_only_where_every_check_holds(order_lines):
    world = big(np.random.default_rng(1), gain=1.5)
    found = looked_at(world, order_lines)
    row = found.results.iloc[0]
    assert row["verdict"] == "consistent with a gain" and "caused" not in row["why"]
    assert row["low"] < 1.5 * 7 / 2 < row["high"]  # 1.5 every other day
    assert found.checks["state"].tolist() == ["holds"] * 8 and len(found.pseudo) >= 100
    blind = looked_at(world, order_lines, known=False).results.iloc[0]  # nothing is known that it could not touch
    assert blind["verdict"] == "cannot tell" and "products not offered: no spend is known" in blind["why"]
    assert "days of use: no use of its offers is known" in blind["why"]


def test_a_gain_on_other_days_than_those_of_use_may_be_of_another_cause(order_lines):
    world = big(np.random.default_rng(1), gain=1.5)
    for used, state in (((), "not known"), (("2024-06-04",), "fails")):  # nobody orders on 4 June
        found = looked_at(world, order_lines, used=used)
        assert found.checks.set_index("check").loc["days of use", "state"] == state
        assert found.results["verdict"].tolist() == ["cannot tell"]


def test_a_cause_that_also_moves_what_was_not_offered_is_seen(order_lines):
    found = looked_at(big(np.random.default_rng(2), gain=1.5, elsewhere=1.5), order_lines)
    state = found.checks.set_index("check")["state"]
    assert state["products not offered"] == "fails" and found.results["verdict"].tolist() == ["cannot tell"]


def test_more_than_half_of_the_gain_must_have_been_spent_on_days_of_use(order_lines):
    world = big(np.random.default_rng(1), gain=1.5)
    rows = pd.DataFrame(world[0], columns=["who", "day", "what", "amount"])
    then = rows[(rows["day"] == "2024-06-03") & (rows["who"] < "c040")]["amount"].sum() / 80 / 2
    found = looked_at(world, order_lines, used=("2024-06-03",), users=40)
    assert 0.7 < then / found.results["effect_per_week"].iloc[0] < 1  # most of it, and not all
    assert found.checks.set_index("check").loc["days of use", "state"] == "holds"
    few = looked_at(world, order_lines, used=("2024-06-03",), users=10).checks.set_index("check")
    assert few.loc["days of use", "state"] in ("fails", "too coarse")


def test_three_methods_stand_in_the_same_columns(order_lines):
    rows, *_ = world = big(np.random.default_rng(1), gain=1.5)
    found = looked_at(world, order_lines)
    table = found.methods.set_index("method")
    assert list(table.index) == ["naive", "difference in differences", "doubly robust"]
    assert table[["effect_per_week", "low", "high", "p_value"]].notna().all(axis=None)
    spent = (
        pd.DataFrame(rows, columns=["who", "day", "what", "amount"])
        .query("day >= '2024-06-01'")
        .groupby("who")["amount"]
        .sum()
        / 2
    )
    assert table.loc["naive", "effect_per_week"] == pytest.approx(spent.iloc[:80].mean() - spent.iloc[80:].mean())
    result = found.results.iloc[0]
    assert (
        table.loc["difference in differences", ["effect_per_week", "low", "high"]].tolist()
        == result[["effect_per_week", "low", "high"]].tolist()
    )
    assert (table["low"] < table["effect_per_week"]).all() and (
        table["contacted"] + table["contacted_left_out"] == 80
    ).all()
    assert found.balance["trait"].nunique() == 6


def test_a_gain_that_does_not_stand_among_all_campaigns_is_cannot_tell(order_lines):
    world = big(np.random.default_rng(1), gain=1.5)
    alone = looked_at(world, order_lines).results.iloc[0]
    others = [0.5] * int(0.06 / alone["p_value"]) if alone["p_value"] > 1e-5 else [0.5] * 5000
    found = looked_at(world, order_lines, looked_at_too=others).results.iloc[0]
    assert found["p_value"] == alone["p_value"] and found["p_adjusted"] == pytest.approx(
        min(1, (len(others) + 1) * alone["p_value"])
    )
    if found["p_adjusted"] >= 0.05:
        assert found["verdict"] == "cannot tell" and found["why"].endswith("by Holm).")


def test_estimates_agree_with_a_slow_literal_version_and_do_not_depend_on_row_order(table, order_lines):
    rng = np.random.default_rng(5)
    names = [f"c{number:02d}" for number in range(40)]
    rows = [(name, f"2024-{month:02d}-{dom:02d}", "milk", round(rng.gamma(1, 10), 2))
            for name in names for month in (1, 2, 3) for dom in range(1, 29, 3) if rng.random() < 0.7]  # fmt: skip
    contacts = table("campaign_id customer_id arm", *(("a", n, "treated") for n in names[:15]),
                     *(("b", n, "treated") for n in names[8:25]))  # fmt: skip
    campaigns = table("campaign_id kind starts_on ends_on", ("a", "mail", "2024-03-01", "2024-03-14"),
                      ("b", "mail", "2024-02-10", "2024-02-25"))  # fmt: skip
    customers = pd.DataFrame({"customer_id": names})
    options = OPTIONS | {"rules": RULES._replace(bands=2)}
    found = campaign_estimates(contacts, order_lines(rows), campaigns, customers, **options).results

    def spent(name, first, last):
        return sum(row[3] for row in rows if row[0] == name and first <= row[1] <= last)

    history = {name: spent(name, "2024-01-01", "2024-02-15") for name in names}
    middle, b = np.quantile(list(history.values()), 0.5), set(names[8:25])  # b runs before a, and not after it begins
    cells = {}
    for name in names:
        change = (spent(name, "2024-03-01", "2024-03-14") - spent(name, "2024-02-16", "2024-02-29")) / 2
        cells.setdefault((history[name] > middle, name in b), ([], []))[name in names[:15]].append(change)
    used = [cell for cell in cells.values() if min(len(cell[0]), len(cell[1])) >= 2]
    weighted = sum(len(hit) * (np.mean(hit) - np.mean(other)) for other, hit in used)
    assert found["effect_per_week"].iloc[0] == pytest.approx(weighted / sum(len(hit) for _, hit in used))
    assert found["contacted_used"].iloc[0] == sum(len(hit) for _, hit in used)

    turned = campaign_estimates(
        contacts[::-1], order_lines(rows[::-1]), campaigns[::-1], customers[::-1], **options
    ).results
    pd.testing.assert_frame_equal(turned, found, check_exact=True)


def test_no_campaign_gives_an_empty_table_with_all_columns(table, order_lines):
    contacts, campaigns, customers = spring(table)
    found = campaign_estimates(contacts.head(0), order_lines(bought(SPEND)), campaigns.head(0), customers, **OPTIONS)
    assert found.results.empty and found.results.columns.tolist() == COLUMNS
    assert found.methods.empty and found.checks.empty and found.balance.empty and found.pseudo.empty
