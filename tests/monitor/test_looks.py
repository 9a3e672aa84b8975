"""Campaigns by lot at declared looks: which are reached, what is in them, and the word of each."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.declared_looks import Looks
from analysis.inference.interval import Interval
from analysis.inference.looks import GAIN, LOSS, Look, look
from analysis.inference.spending import POCOCK, spent
from analysis.monitor import looks
from analysis.randomness import generator

NAMES = [f"c{number:03d}" for number in range(240)]
TWO = Looks(shares=(0.5, 1.0), spending="pocock")
WHOLE = {"as_of": date(2024, 12, 31), "data_from": date(2024, 1, 1), "seed": 1, "draws": 399}


def campaigns(**changes):
    table = pd.DataFrame({
        "campaign_id": ["1", "2", "3"], "kind": ["mail", "A/A", "mail"], "starts_on": ["2024-04-01", "2024-06-01", "2024-08-01"],
        "ends_on": ["2024-04-10", "2024-06-07", "2024-08-10"],
    })  # fmt: skip
    return table.assign(**changes)


def lots(broken=(False, False, True), share=0.5):
    return pd.DataFrame({"campaign_id": ["1", "2", "3"], "broken": broken, "share_meant": share})


def contacts():
    parts = [
        pd.DataFrame({"campaign_id": name, "customer_id": NAMES, "arm": ["treated", "holdout"] * 120}) for name in "123"
    ]
    return pd.concat(parts, ignore_index=True)


def bought(seed=3, factor=1.0):
    """Half order on a day of each campaign; the treated of campaign 1 spend `factor` times as much."""
    draw, rows = np.random.default_rng(seed), []
    for start, length in (("2024-04-01", 10), ("2024-06-01", 7), ("2024-08-01", 10)):
        for place, name in enumerate(NAMES):
            for _ in range(draw.integers(0, 3)):
                day = pd.Timestamp(start) + pd.Timedelta(days=int(draw.integers(0, length)))
                more = factor if start == "2024-04-01" and place % 2 == 0 else 1.0
                rows.append((name, f"{day:%Y-%m-%d}", "milk", round(float(draw.lognormal(3, 0.8)) * more, 2)))
    return rows


def found(order_lines, rows, *, declared=TWO, **changes):
    options = WHOLE | {name: changes.pop(name) for name in list(changes) if name in WHOLE}
    lots_, runs = changes.pop("lots", lots()), changes.pop("campaigns", campaigns())
    return looks.lot_looks(contacts(), order_lines(rows), runs, lots_, looks=declared, **options)


def test_each_sound_lot_has_its_looks_with_their_days(order_lines):
    table = found(order_lines, bought())
    assert table["campaign_id"].tolist() == ["1", "1", "2", "2"]  # the lot of 3 is broken
    assert [f"{day:%m-%d}" for day in table["on"]] == ["04-05", "04-10", "06-04", "06-07"]
    assert table["share"].tolist() == pytest.approx([0.5, 1, 4 / 7, 1]) and table["reached"].all()
    assert table["spent"].tolist() == pytest.approx(
        [2 * x for days in ((0.5, 1), (4 / 7, 1)) for x in spent(days, error=0.025, kind=POCOCK)]
    )


def test_each_look_is_read_from_what_was_spent_up_to_it(order_lines):
    rows = bought(factor=1.7)
    table = found(order_lines, rows)
    own = pd.DataFrame(rows, columns=["name", "day", "product", "amount"]).query("day <= '2024-04-10'")
    values = np.column_stack([
        own[own["day"] <= until].groupby("name")["amount"].sum().reindex(NAMES, fill_value=0.0)
        for until in ("2024-04-05", "2024-04-10")
    ])  # fmt: skip
    treated = np.arange(240) % 2 == 0
    again = look(
        values[treated], values[~treated], n_treated=120, n_holdout=120, draws=399,
        spent=spent([0.5, 1.0], error=0.025, kind=POCOCK), rngs=[generator(1, f"lot 1 look {at}") for at in (0, 1)],
    )  # fmt: skip
    for row, one in zip(table.itertuples(), again, strict=False):
        assert (row.lift, row.low, row.high) == pytest.approx((one.lift, *one.interval), rel=1e-6)
        assert (row.statistic, row.lower, row.upper) == pytest.approx(one[1:4], rel=1e-6)
    assert table["buyers_treated"].tolist()[:2] == [(values[treated, at] > 0).sum() for at in (0, 1)]
    assert table["buyers_holdout"].tolist()[:2] == [(values[~treated, at] > 0).sum() for at in (0, 1)]


def test_inside_a_campaign_the_looks_ahead_are_named_and_blank(order_lines):
    rows = bought(factor=1.4)
    inside = found(order_lines, rows, as_of=date(2024, 4, 7))
    assert inside["decision"].tolist() == ["go on", "not reached", "not reached", "not reached"]
    first = inside.iloc[0]
    assert np.isfinite(first["lift"]) and inside.iloc[1:][["lift", "statistic", "buyers_treated"]].isna().all().all()
    # what comes later changes nothing of what was found then
    whole = found(order_lines, rows).iloc[0]
    pd.testing.assert_series_equal(first, whole, rtol=1e-9)
    before = found(order_lines, rows, as_of=date(2024, 4, 4))
    assert (before["decision"] == "not reached").all() and not before["reached"].any()


def test_where_households_were_drawn_they_are_what_is_drawn_again(order_lines):
    unit = pd.Series([f"h{place // 4:02d}" for place in range(240)], index=NAMES)  # four to a household
    arms = pd.DataFrame({
        "campaign_id": "1", "customer_id": NAMES, "arm": np.where(np.arange(240) // 4 % 2, "treated", "holdout"),
    })  # fmt: skip
    rows, options = bought(), WHOLE | {"looks": TWO, "units": {"1": unit}}
    table = looks.lot_looks(arms, order_lines(rows), campaigns()[:1], lots()[:1], **options)
    assert table["unit"].eq("household").all() and table[["treated", "holdout"]].iloc[0].tolist() == [30, 30]
    own = pd.DataFrame(rows, columns=["name", "day", "product", "amount"]).query("day <= '2024-04-10'")
    totals = own.groupby(own["name"].map(unit))["amount"].sum().reindex(sorted(set(unit)), fill_value=0.0)
    treated = np.array([int(name[1:]) % 2 == 1 for name in totals.index])
    a, b = totals[treated], totals[~treated]
    expected = (a.mean() - b.mean()) / np.sqrt(a.var() / 30 + b.var() / 30)
    assert table["statistic"].iloc[-1] == pytest.approx(expected)
    assert table["buyers_treated"].iloc[-1] == (a > 0).sum()


def one(shows=None):
    return Look(50.0, 1.0, -2.0, 2.0, 0.1, Interval(-0.1, 0.3), shows, None)


@pytest.mark.parametrize(
    ("shows", "silent", "words"),
    [
        ([None], False, ["go on", "not reached", "not reached"]),
        ([None, GAIN], False, ["go on", "stop: gain shown", "stopped before"]),
        ([LOSS, GAIN, None], False, ["stop: loss shown", "stopped before", "stopped before"]),
        ([None, None, None], False, ["go on", "go on", "end: cannot tell"]),
        ([None, None, GAIN], False, ["go on", "go on", "stop: gain shown"]),
        ([None, None, None], True, ["go on", "go on", "end: nothing found"]),
        ([GAIN], True, ["stop: found what is not there", "stopped before", "stopped before"]),
        ([], False, ["not reached"] * 3),
    ],
)
def test_the_first_look_that_passes_a_limit_stops_and_the_last_ends(shows, silent, words):
    assert looks.decisions([one(each) for each in shows], looks=3, sent_nothing=silent) == words


def test_a_large_gain_stops_at_the_first_look_and_a_campaign_that_sent_nothing_ends_without_a_find(order_lines):
    table = found(order_lines, bought(factor=6.0))
    assert table["decision"].tolist() == ["stop: gain shown", "stopped before", "go on", "end: nothing found"]
    assert table.loc[0, "low"] > 0


def test_without_declared_looks_or_a_lot_that_can_be_read_there_is_no_row(order_lines):
    for none in (
        found(order_lines, bought(), declared=None),
        found(order_lines, bought(), lots=lots(broken=(True, True, True))),
        found(order_lines, bought(), lots=lots(share=float("nan"))),
        found(order_lines, bought(), data_from=date(2024, 9, 1)),  # all began before the data
    ):
        assert none.empty and none.columns.tolist() == looks.COLUMNS


def test_few_buyers_decide_nothing_and_nobody_at_all_is_no_fault(order_lines):
    table = found(order_lines, bought()[:30])
    assert table["why"].iloc[1].startswith("Too few buyers") and table["decision"].iloc[1] == "end: cannot tell"
    nobody = found(order_lines, [("other", "2024-04-02", "milk", 10.0)])
    assert nobody["lift"].isna().all() and nobody["buyers_treated"].eq(0).all()


def test_row_order_does_not_change_a_number(order_lines):
    rows = bought()
    turned = found(order_lines, rows[::-1], campaigns=campaigns()[::-1])
    pd.testing.assert_frame_equal(turned, found(order_lines, rows), check_exact=True)
