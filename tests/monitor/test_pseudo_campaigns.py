from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.inference.observational import difference_in_differences
from analysis.monitor.campaigns import begun
from analysis.monitor.comparison import Lists, Rules, changes, reached_by, windows
from analysis.monitor.past import Past
from analysis.monitor.pseudo_campaigns import dates, own_past, pseudo_campaigns

RULES = Rules(bands=2, min_history_days=10, min_days=7, min_per_arm=2, min_contacted=4)
NAMES = [f"c{number:02d}" for number in range(30)]
AS_OF, FIRST = date(2024, 12, 31), date(2024, 1, 1)


@pytest.fixture
def world(table, order_lines):
    rng = np.random.default_rng(3)
    rows = [(name, f"2024-{month:02d}-{dom:02d}", "milk", round(rng.gamma(2, 5), 2))
            for name in NAMES for month in range(1, 7) for dom in range(1, 29, 4) if rng.random() < 0.6]  # fmt: skip
    campaigns = table(
        "campaign_id kind starts_on ends_on",
        ("a", "mail", "2024-06-01", "2024-06-14"),
        ("b", "mail", "2024-03-01", "2024-03-20"),
    )
    contacts = table(
        "campaign_id customer_id arm",
        *(("a", n, "treated") for n in NAMES[:12]),
        *(("b", n, "treated") for n in NAMES[6:20]),
    )
    runs = begun(campaigns, as_of=AS_OF)
    reached = reached_by(contacts, runs, pd.DataFrame({"customer_id": NAMES}))
    return Past.read(order_lines(rows), reached.index, data_from=FIRST), runs, reached, rows


def test_dates_go_back_from_one_length_before_the_start_and_never_reach_into_the_campaign(world):
    past, runs, _, _ = world
    first, second = dates(past, runs, rules=RULES)
    assert first[0] == pd.Timestamp("2024-05-18") and second[0] == pd.Timestamp("2024-02-10")  # 14 and 20 days before
    assert first[-1] == pd.Timestamp("2024-01-25")  # 14 days to compare with and 10 of history come before
    assert len(first) == 115 and len(second) == 11  # so short a past has fewer than 200: every day is taken
    longer = runs.assign(starts_on=runs["starts_on"] + pd.Timedelta(days=2000))
    far = dates(past, longer, rules=RULES)
    assert (far[0][0] - far[0][1]).days == 7 and sum(map(len, far)) <= 1000


def test_each_is_the_comparison_that_a_campaign_of_that_date_would_have_got(world):
    past, runs, reached, rows = world
    found = pseudo_campaigns(past, runs, Lists.of(reached, runs), rules=RULES)
    assert set(found["campaign_id"]) == {"a", "b"}
    table = pd.DataFrame(rows, columns=["who", "day", "what", "amount"])
    for row in found.iloc[[0, 40, -1]].itertuples():
        days = int(runs.set_index("campaign_id").loc[row.campaign_id, "days"])
        span = windows(row.starts_on, days=days, data_from=FIRST)
        spent = {
            part: table[table["day"].between(*(f"{end:%F}" for end in getattr(span, part)))]
            .groupby("who")["amount"]
            .sum()
            .reindex(NAMES)
            .fillna(0)
            for part in ("after", "before", "history")
        }
        literal = changes(span, pd.DataFrame(spent), reached, runs, campaign_id=row.campaign_id, bands=2)
        one = difference_in_differences(literal, min_per_arm=2)
        assert (row.effect, row.standard_error) == pytest.approx((one.effect, one.standard_error))


def test_where_nobody_is_left_to_compare_with_the_own_past_gives_the_band(world):
    past, runs, reached, rows = world
    row = next(runs.itertuples())
    found = own_past(past, row, Lists.of(reached, runs), rules=RULES)
    table = pd.DataFrame(rows, columns=["who", "day", "what", "amount"])
    mine = table[table["who"].isin(NAMES[:12])]

    def per_week(first, last):
        return mine[mine["day"].between(first, last)]["amount"].sum() / 12 / 2

    assert found.change == pytest.approx(per_week("2024-06-01", "2024-06-14") - per_week("2024-05-18", "2024-05-31"))
    assert found.dates == 125 and found.low < 0 < found.high  # no history is needed here: ten more days
    early = own_past(past, row._replace(starts_on=pd.Timestamp("2024-01-10")), Lists.of(reached, runs), rules=RULES)
    assert np.isnan(early.change) and early.dates == 0
    short = own_past(past, row._replace(starts_on=pd.Timestamp("2024-02-10")), Lists.of(reached, runs), rules=RULES)
    assert np.isfinite(short.change) and short.dates == 13 and np.isnan(short.low)
