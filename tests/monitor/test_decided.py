"""The word of a campaign beside its declared looks: neither contradicts the other, and nobody decides while peeking."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis.inference.permutation import compare
from analysis.monitor.decided import decided
from analysis.monitor.lot_effects import Around, verdict


def results(word, *, closed, effect=2.0, p_adjusted=0.01, kind="mail", **changes):
    return pd.DataFrame({
        "campaign_id": ["1"], "kind": [kind], "method": ["lot"], "closed": [closed], "measured_until": [pd.Timestamp("2024-04-06")],
        "effect_per_week": [effect], "p_adjusted": [p_adjusted], "verdict": [word], "why": ["It is so."],
    }).assign(**changes)  # fmt: skip


def looks(*decisions, statistic=3.0, lift=0.12):
    return pd.DataFrame({
        "campaign_id": "1", "look": range(1, len(decisions) + 1), "looks": len(decisions), "decision": decisions,
        "on": pd.to_datetime(["2024-04-05", "2024-04-10"])[: len(decisions)], "statistic": statistic, "lift": lift, "low": 0.03,
        "high": np.inf,
    })  # fmt: skip


NONE = looks().astype({"decision": "str"})
PASSED = (
    "Look one of two, 2024-04-05, passed its limit: spend up to it changed by +12.0 % (under looks +3.0 % to no limit)"
)
ALONE = f"It is so. {PASSED}, taken by itself; over all days{{}} and among all campaigns that does not stand."
GAIN, LOSS, CHECK = "stop: gain shown", "stop: loss shown", "stop: found what is not there"
ONCE = "It is so. Decided once that would stand; under the looks that were declared it does not."


@pytest.mark.parametrize(
    ("given", "looked", "word", "why"),
    [
        # it still runs: only a look that stands among all campaigns decides
        (results("cannot tell yet", closed=False), looks(GAIN, "stopped before"), "caused a gain", f"{PASSED}. It is so."),
        (results("cannot tell yet", closed=False), looks("go on", "not reached"), "cannot tell yet", "It is so."),
        (results("cannot tell yet", closed=False), NONE, "cannot tell yet", "It is so."),
        (results("cannot tell yet", closed=False, p_adjusted=0.06), looks(GAIN, "stopped before"), "cannot tell yet",
         ALONE.format(" so far")),
        (results("cannot tell yet", closed=False, effect=-2.0), looks(GAIN, "stopped before"), "cannot tell yet", ALONE.format(" so far")),
        (results("check still runs", closed=False, kind="A/A"), looks(CHECK, "stopped before"), "found what is not there",
         f"{PASSED}. It is so."),
        (results("consistent with a gain", closed=False), NONE, "cannot tell yet",
         "It is so. The campaign still runs; measured until 2024-04-06. Nothing is decided before its end."),
        # it has ended: both must agree, and without declared looks nothing changes
        (results("caused a gain", closed=True), looks("go on", GAIN), "caused a gain", "It is so."),
        (results("caused a gain", closed=True), looks("go on", "end: cannot tell"), "cannot tell", ONCE),
        (results("caused a gain", closed=True), looks(LOSS, "stopped before", statistic=-3.0), "cannot tell", ALONE.format("")),
        (results("found what is not there", closed=True, kind="A/A"), looks("go on", "end: nothing found"), "nothing found", ONCE),
        (results("cannot tell", closed=True, p_adjusted=0.2), looks(GAIN, "stopped before"), "cannot tell", ALONE.format("")),
        (results("caused a gain", closed=True), NONE, "caused a gain", "It is so."),
        (results("consistent with a gain", closed=True), NONE, "consistent with a gain", "It is so."),
    ],
)  # fmt: skip
def test_a_word_needs_its_end_or_a_look_that_passed_and_to_stand_among_all(given, looked, word, why):
    made = decided(given, looked)
    assert made.loc[0, ["verdict", "why"]].tolist() == [word, why]
    others = [name for name in given if name not in ("verdict", "why")]
    pd.testing.assert_frame_equal(made[others], given[others])


def test_a_look_of_another_campaign_decides_nothing():
    made = decided(results("cannot tell yet", closed=False), looks(GAIN, "stopped before").assign(campaign_id="2"))
    assert made["verdict"].tolist() == ["cannot tell yet"]


def test_who_looks_every_three_days_never_reads_that_a_running_campaign_caused_anything():
    draw, n = np.random.default_rng(11), 150
    alone = 0
    for world in range(12):  # nothing happens in any of them
        spend = np.where(draw.random((2 * n, 28)) < 0.1, draw.lognormal(0, 1, (2 * n, 28)), 0.0).cumsum(axis=1)
        for day in range(3, 28, 3):
            arms = [part[part > 0] for part in (spend[:n, day - 1], spend[n:, day - 1])]
            found = compare(*arms, n_treated=n, n_holdout=n, rng=np.random.default_rng([world, day]), draws=199)
            around = Around(1, found.p_value, open_until=f"{date(2024, 4, day)}")
            word, why = verdict(found, around, weeks=day / 7, unit="EUR")
            alone += found.p_value < 0.05
            assert word in ("cannot tell yet", "too few buyers") and "The campaign still runs" in why
    assert alone > 0  # else these worlds would show nothing
