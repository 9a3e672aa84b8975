from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.monitor.comparison import Rules
from analysis.monitor.estimates import COLUMNS, campaign_estimates

NEW_YEAR, JUNE = date(2024, 1, 1), date(2024, 6, 30)
RULES = Rules(bands=1, min_history_days=7, min_days=7, min_per_arm=2, min_contacted=2)
OPTIONS = {"as_of": JUNE, "data_from": NEW_YEAR, "rules": RULES, "unit": "EUR per customer and week"}

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
    found = campaign_estimates(contacts, order_lines(bought(SPEND)), campaigns, customers, **OPTIONS).iloc[0]
    assert found["effect_per_week"] == pytest.approx(5 - 1)
    assert found["placebo_effect"] == pytest.approx(2 / 3 - 2 / 3)
    assert found["low"] < 4 < found["high"] and found["placebo_low"] < 0 < found["placebo_high"]
    assert found["weeks"] == 1 and found["contacted_used"] == 3 and found["comparable"] == 3
    assert found["total_effect"] == pytest.approx(4 * 3 * 1)
    assert found["total_low"] == pytest.approx(3 * found["low"])
    assert found["comparable_effective"] == pytest.approx(3)  # one stratum, equal weights
    assert found["p_adjusted"] == found["p_value"]  # one campaign: nothing to adjust for
    assert found["verdict"] == "consistent with a gain" and "caused" not in found["why"]


def test_a_difference_that_was_there_before_is_called_not_causal(table, order_lines):
    contacts, campaigns, customers = spring(table)
    rising = SPEND | {"Ann": (10, 10, 20, 30), "Ben": (10, 12, 22.5, 33), "Cem": (10, 11, 20.5, 31)}
    found = campaign_estimates(contacts, order_lines(bought(rising)), campaigns, customers, **OPTIONS).iloc[0]
    assert found["placebo_low"] > 0 and found["verdict"] == "not causal"


def test_a_customer_without_an_order_counts_as_spending_nothing(table, order_lines):
    contacts, campaigns, customers = spring(table)
    orders = bought({name: row for name, row in SPEND.items() if name != "Fay"})
    found = campaign_estimates(contacts, order_lines(orders), campaigns, customers, **OPTIONS).iloc[0]
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
    found = campaign_estimates(contacts, order_lines(orders), campaigns, customers, **OPTIONS).iloc[0]
    assert (found["verdict"], found["why"]) == (verdict, why)
    assert pd.isna(found["effect_per_week"]) == (verdict == "no estimate")


def test_a_gain_that_does_not_stand_among_all_campaigns_is_cannot_tell(table, order_lines):
    contacts, campaigns, customers = spring(table)
    orders = order_lines(bought(SPEND))
    alone = campaign_estimates(contacts, orders, campaigns, customers, **OPTIONS).iloc[0]
    assert 0.05 / 4 < alone["p_value"] < 0.05  # it stands alone; three more campaigns, and it does not
    more, late = [], {"Ann": (5, 6), "Ben": (5, 5), "Cem": (6, 5), "Dee": (5, 7), "Eva": (4, 6), "Fay": (7, 5)}
    starts = [pd.Timestamp(day) for day in ("2024-04-05", "2024-05-03", "2024-05-31")]
    week, lines = pd.Timedelta(days=6), bought(SPEND)
    for start in starts:
        more.append((f"{start:%m%d}", "mail", f"{start:%F}", f"{start + week:%F}"))
        for name, (before, after) in late.items():
            lines += [(name, f"{start - week:%F}", "milk", before), (name, f"{start + week:%F}", "milk", after)]
    campaigns = pd.concat([campaigns, table("campaign_id kind starts_on ends_on", *more)])
    others = [contacts.assign(campaign_id=row[0], customer_id=["Ann", "Eva", "Fay"]) for row in more]
    found = campaign_estimates(pd.concat([contacts, *others]), order_lines(lines), campaigns, customers, **OPTIONS)
    assert found["p_value"].notna().all()
    found = found.set_index("campaign_id").loc["spring"]
    assert found["p_value"] == pytest.approx(alone["p_value"]) and found["p_adjusted"] > 0.05
    assert found["verdict"] == "cannot tell"
    assert found["why"].endswith("by Holm).")


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
    found = campaign_estimates(contacts, order_lines(rows), campaigns, customers, **options)

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

    turned = campaign_estimates(contacts[::-1], order_lines(rows[::-1]), campaigns[::-1], customers[::-1], **options)
    pd.testing.assert_frame_equal(turned, found, check_exact=True)


def test_no_campaign_gives_an_empty_table_with_all_columns(table, order_lines):
    contacts, campaigns, customers = spring(table)
    found = campaign_estimates(contacts.head(0), order_lines(bought(SPEND)), campaigns.head(0), customers, **OPTIONS)
    assert found.empty and found.columns.tolist() == COLUMNS
