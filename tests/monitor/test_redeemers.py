"""Who redeemed in each arm of a campaign by lot, and what it did to them."""

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.inference.redeemers import compare_redeemers
from analysis.monitor import redeemers
from analysis.randomness import generator

NAMES = [f"c{number:03d}" for number in range(200)]
TREATED = np.arange(200) % 2 == 0
OPTIONS = {"seed": 1, "draws": 399}


def contacts():
    parts = [
        pd.DataFrame({"campaign_id": name, "customer_id": NAMES, "arm": np.where(TREATED, "treated", "holdout")})
        for name in "123"
    ]
    return pd.concat(parts, ignore_index=True)


def runs():
    starts = pd.to_datetime(["2024-04-01", "2024-06-01", "2024-08-01"])
    return pd.DataFrame({
        "campaign_id": ["1", "2", "3"], "kind": ["mail", "A/A", "mail"], "starts_on": starts,
        "measured_until": starts + pd.Timedelta(days=9),
    })  # fmt: skip


def results(**changes):
    return pd.DataFrame({"campaign_id": ["1", "2", "3"], "method": "lot", "effect_per_week": 1.0}).assign(**changes)


def responses(names, kind="redeem"):
    day = pd.Timestamp("2024-04-03")
    return pd.DataFrame(
        {"campaign_id": "1", "customer_id": names, "incentive_id": "i", "responded_on": day, "kind": kind}
    )


def bought():
    draw, rows = np.random.default_rng(2), []
    for place, name in enumerate(NAMES):
        if draw.random() < 0.6:
            extra = 30.0 if name in REDEEMED else 0.0
            rows.append((name, "2024-04-05", "milk", round(float(draw.lognormal(3, 0.6)), 2) + extra))
            rows.append((name, "2024-08-05", "milk", float(place + 1)))
    return rows


REDEEMED = NAMES[0:60:2]  # thirty treated


@pytest.fixture
def found(order_lines):
    def make(told=None, rows=None, result=None, **options):
        offers = engine.lazy(pd.DataFrame({"campaign_id": ["1"], "incentive_id": ["i"], "product_id": ["soap"]}))
        told = responses(REDEEMED) if told is None else told
        rows, result = bought() if rows is None else rows, results() if result is None else result
        table = redeemers.lot_redeemers(
            contacts(), order_lines(rows), offers, told, runs(), result, **OPTIONS | options
        )
        return table.set_index("campaign_id")

    return make


def test_a_campaign_is_read_from_its_own_days_and_users(found):
    table = found()
    assert table.index.tolist() == ["1", "3"]  # 2 sent nothing
    one = table.loc["1"]
    assert one[["treated", "holdout", "redeemed_treated", "redeemed_holdout", "share"]].tolist() == [
        100,
        100,
        30,
        0,
        0.3,
    ]
    spent = pd.Series({name: amount for name, day, _, amount in bought() if day == "2024-04-05"}).reindex(
        NAMES, fill_value=0.0
    )
    rows = np.column_stack([spent, [name in REDEEMED for name in NAMES]])
    again = compare_redeemers(rows[TREATED], rows[~TREATED], n_treated=100, n_holdout=100, draws=399,
                              rng=generator(1, "lot 1 redeemers"))  # fmt: skip
    assert one[["effect", "low", "high"]].tolist() == pytest.approx([again.effect, *again.interval], rel=1e-9)
    assert one["effect"] == pytest.approx((spent[TREATED].mean() - spent[~TREATED].mean()) / 0.3)


def test_where_nobody_is_known_to_have_redeemed_it_says_so_and_gives_no_number(found):
    three = found().loc["3"]
    assert three["why"] == "Nobody treated is known to have redeemed." and np.isnan(three["effect"])
    opened = found(told=responses(REDEEMED, kind="open"))
    assert opened.loc["1", "why"] == redeemers.NOT_KNOWN and opened.loc["1", "redeemed_treated"] == 0


def test_held_out_who_redeemed_are_counted_and_a_coupon_on_a_line_shows_one(found, order_lines):
    leaked = responses([*REDEEMED, *NAMES[1:21:2]])
    assert found(told=leaked).loc["1", "redeemed_holdout"] == 10
    coupon = [*bought(), ("c101", "2024-04-06", "soap", 5.0, 1.0, 0.0, 1)]
    assert found(rows=coupon).loc["1", "redeemed_holdout"] == 1


def test_lots_of_households_and_campaigns_without_a_result_or_a_lot_have_no_number(found):
    homes = found(by_household=["1"]).loc["1"]
    assert homes["why"] == redeemers.HOUSEHOLDS and np.isnan(homes["effect"])
    for none in (results(method="comparable customers"), results(effect_per_week=float("nan"))):
        assert found(result=none).empty


def test_few_buyers_have_no_interval(found):
    few = found(rows=bought()[:20]).loc["1"]
    assert few["why"].startswith("Too few buyers") and np.isnan(few["low"])


def test_row_order_does_not_change_a_number(found):
    told = responses(REDEEMED)
    pd.testing.assert_frame_equal(found(told=told[::-1], rows=bought()[::-1]), found(), check_exact=True)
