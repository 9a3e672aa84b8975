from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.inference.observational import difference_in_differences
from analysis.monitor.comparison import Rules, changes, reached_by, spend_band, spend_in_windows, why_not, windows

NEW_YEAR = date(2024, 1, 1)
RULES = Rules(bands=2, min_history_days=7, min_days=7, min_per_arm=2, min_contacted=2)


def day(text):
    return pd.Timestamp(f"2024-{text}")


def test_before_is_as_long_as_after_and_history_is_all_that_lies_before_it():
    found = windows(day("03-01"), days=10, data_from=NEW_YEAR)
    assert found.after == (day("03-01"), day("03-10"))
    assert found.before == (day("02-20"), day("02-29"))
    assert found.history == (day("01-01"), day("02-19"))


def test_the_placebo_ends_where_the_campaign_begins():
    real, placebo = (windows(day("03-01"), days=10, data_from=NEW_YEAR, moved_back=back) for back in (0, 1))
    assert placebo.after == real.before
    assert placebo.before == (day("02-10"), day("02-19"))
    assert placebo.history[1] == day("02-09")


@pytest.mark.parametrize(
    ("starts", "days", "why"),
    [
        (day("03-01"), 10, None),
        (day("03-01"), 6, "Only 6 days of the window are in the data; an estimate needs 7."),
        (pd.Timestamp("2023-12-31"), 10, "The campaign began on 2023-12-31, before the data begins on 2024-01-01."),
        (day("01-17"), 10, "Only 16 days of data come before it; an estimate needs 10 to compare with and 7 more "
                           "to find comparable customers."),
        (day("01-18"), 10, None),
    ],
)  # fmt: skip
def test_it_says_why_there_is_no_estimate(starts, days, why):
    assert why_not(windows(starts, days=days, data_from=NEW_YEAR), rules=RULES) == why


def test_spend_counts_both_ends_of_a_window_to_the_cent(order_lines):
    orders = order_lines([
        ("Ann", "2024-03-01", "milk", 0.10), ("Ann", "2024-03-10", "milk", 0.20), ("Ann", "2024-03-11", "milk", 5),
        ("Ben", "2024-02-29", "milk", 7),
    ])  # fmt: skip
    spans = {"after": (day("03-01"), day("03-10")), "before": (day("02-20"), day("02-29"))}
    found = engine.collect(spend_in_windows(orders, spans)).set_index("customer_id").astype(float)
    assert found.loc["Ann"].tolist() == [0.3, 0.0]  # decimals: 0.1 + 0.2 is 0.3
    assert found.loc["Ben"].tolist() == [0.0, 7.0]


def test_equal_spend_falls_into_the_same_band():
    assert spend_band(pd.Series([0, 0, 0, 5, 9, 9]), bands=3).tolist() == [0, 0, 0, 1, 2, 2]


def test_a_stratum_tells_apart_who_another_campaign_reached_before_and_after(table):
    campaigns = table(
        "campaign_id starts_on ends_on",
        ("spring", day("03-01"), day("03-10")), ("old", day("02-01"), day("02-20")),
        ("new", day("03-10"), day("04-01")),
    )  # fmt: skip
    contacts = table(
        "campaign_id customer_id arm",
        ("spring", "Ann", "treated"), ("old", "Ann", "treated"), ("old", "Ben", "treated"), ("new", "Cem", "treated"),
        ("spring", "Dee", "holdout"),
    )  # fmt: skip
    reached = reached_by(contacts, campaigns, table("customer_id", "Dee", "Cem", "Ben", "Ann"))
    assert reached.index.tolist() == ["Ann", "Ben", "Cem", "Dee"]
    spend = pd.DataFrame({"after": [20.0, 0, 0, 0], "before": [10.0, 0, 0, 0], "history": [1.0, 1, 1, 1]})
    found = changes(windows(day("03-01"), days=10, data_from=NEW_YEAR), spend, reached, campaigns,
                    campaign_id="spring", bands=2)  # fmt: skip
    assert found["contacted"].tolist() == [True, False, False, False]  # a holdout is comparable
    assert found["stratum"].tolist() == [2, 2, 1, 0]
    assert found["change"].tolist() == pytest.approx([7, 0, 0, 0])  # 10 more in ten days is 7 a week


def test_a_lasting_difference_in_level_is_not_taken_for_an_effect():
    """The contacted usually spend more, without effect: earlier bands find nothing, bands from before find luck."""
    rng = np.random.default_rng(11)
    found = windows(day("06-01"), days=28, data_from=NEW_YEAR)
    ours, alike = [], []
    for _ in range(25):
        usual = rng.gamma(2, 20, 400)
        contacted = rng.random(400) < usual / usual.max()
        weeks = {part: usual + rng.normal(0, 30, 400) for part in ("after", "before", "history")}
        table = pd.DataFrame({"contacted": contacted, "change": weeks["after"] - weeks["before"]})
        for results, part in ((ours, "history"), (alike, "before")):
            strata = table.assign(stratum=spend_band(pd.Series(weeks[part]), bands=5))
            results.append(difference_in_differences(strata, min_per_arm=5).effect)
    error = np.std(ours) / np.sqrt(len(ours))
    assert abs(np.mean(ours)) < 3 * error
    assert np.mean(alike) > 6 * error
    assert found.days == 28
