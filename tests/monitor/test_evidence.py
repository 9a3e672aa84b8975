"""Of whom each way of looking speaks."""

import numpy as np
import pandas as pd
import pytest

from analysis.inference.doubly_robust import doubly_robust
from analysis.inference.observational import difference_in_differences
from analysis.monitor.comparison import Rules
from analysis.monitor.evidence import DIFFERENCES, METHODS, NAIVE, ROBUST, look

RULES = Rules(bands=5, min_history_days=21, min_days=7, min_per_arm=5, min_contacted=50)
PSEUDO = pd.DataFrame({"effect": [], "standard_error": []})


def world(*, cuts=(0.0, 1.6)):
    """Of 900 customers the bigger are contacted sooner and gain more; of those above 1.6 all are. `cuts` divide the strata."""
    rng = np.random.default_rng(3)
    level = rng.normal(size=900)
    contacted = (rng.random(900) < 1 / (1 + np.exp(1 - 2 * level))) | (level > 1.6)
    stratum = np.searchsorted(cuts, level)
    gain = np.exp(level)
    main = pd.DataFrame({"stratum": stratum, "contacted": contacted, "change": gain * contacted + rng.normal(size=900)})
    return main, gain, pd.DataFrame({"level": level})


def seen(main, traits, *, rules=RULES):
    spent, others = main["change"].to_numpy() + 10, ~main["contacted"].to_numpy()
    rng = np.random.default_rng(1)
    return look(main, None, None, traits, spent, others, PSEUDO, rules=rules, rng=rng, unit="per customer and week")


def test_each_number_is_the_mean_over_the_contacted_that_its_way_can_compare():
    main, gain, traits = world()
    found = seen(main, traits)
    contacted, about = main["contacted"].to_numpy(), found.about
    assert about.columns.tolist() == list(METHODS) and (about[NAIVE] == contacted).all()
    by_hand = [c and s < 2 for c, s in zip(contacted, main["stratum"], strict=True)]
    assert about[DIFFERENCES].tolist() == by_hand
    rows = found.methods.set_index("method")
    assert rows["contacted"].tolist() == about.sum().tolist()
    assert (rows["contacted"] + rows["contacted_left_out"] == contacted.sum()).all()
    assert len({tuple(about[name]) for name in METHODS}) == 3  # three ways, three sets of customers
    for name in (DIFFERENCES, ROBUST):
        low, high = rows.loc[name, ["low", "high"]]
        assert low <= gain[about[name]].mean() <= high < gain[contacted].mean()


def test_the_two_ways_are_held_against_each_other_on_the_contacted_that_both_keep():
    main, _, traits = world(cuts=(0.0, 1.0))
    robust = doubly_robust(
        main["change"].to_numpy(), main["contacted"].to_numpy(), traits, rng=np.random.default_rng(1)
    )
    whole, both = (difference_in_differences(part, min_per_arm=5).effect for part in (main, main[robust.kept]))
    assert both < robust.estimate.interval.high < whole  # who was cut gains most
    check = {check.name: check for check in seen(main, traits).checks}["doubly robust"]
    assert check.state == "holds"


@pytest.mark.parametrize(("least", "known"), [(0, True), (1, False)])
def test_a_way_that_can_compare_too_few_contacted_is_blank_and_bears_no_check(least, known):
    main, _, traits = world(cuts=(0.0,))  # two strata, both with comparable customers: the bands keep all
    kept = int(seen(main, traits).about[ROBUST].sum())
    found = seen(main, traits, rules=RULES._replace(min_contacted=kept + least))
    row = found.methods.set_index("method").loc[ROBUST]
    assert row[["effect_per_week", "low", "high", "p_value"]].notna().all() == known
    assert row["contacted"] == kept and found.about[ROBUST].sum() == kept
    if not known:
        assert {check.name: check.state for check in found.checks}["doubly robust"] == "not known"
