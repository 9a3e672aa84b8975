"""The word that is printed of a comparison, and the checks that decide it."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.inference.comparison_checks import (
    BALANCE,
    BEFORE,
    CHECKS,
    COARSE,
    EARLIER,
    FAILS,
    HIDDEN,
    HOLDS,
    OVERLAP,
    ROBUST,
    UNKNOWN,
    UNTOUCHED,
    USED,
    Evidence,
    checks,
)  # fmt: skip
from analysis.inference.interval import Interval
from analysis.inference.observational import Estimate
from analysis.inference.sensitivity import Sensitivity
from analysis.inference.wording import verdict

NAN = float("nan")


def estimate(effect, error=1.0, *, used=90, left=10):
    """An estimate from many customers, so that a 95 % interval reaches 1.96 errors to each side."""
    interval = Interval(effect - 1.96 * error, effect + 1.96 * error)
    return Estimate(effect, error, 1e9, 0.01, interval, used, 200, left, 0)


def sound(effect=4.0, **changes):
    """Evidence in which every check of a gain of 4 with an error of 1 holds."""
    known = Evidence(
        before=estimate(0.5), untouched=estimate(0.2), beyond=estimate(effect - 0.2), elsewhere=estimate(-0.4 * effect, 0.5),
        robust=estimate(effect), as_far=0.01, pseudo=300, effective=120.0,
        imbalance=0.05, hidden=Sensitivity(effect, 1.0, 500, 0.16, 0.09, "earlier spend", Interval(0.5, 6.0)),
    )  # fmt: skip
    return known._replace(**changes)


def state(name, found=None, **changes):
    return {check.name: check.state for check in checks(found or estimate(4.0), sound(**changes))}[name]


@pytest.mark.parametrize(
    ("name", "state_then", "changes"),
    [
        (UNTOUCHED, FAILS, {"untouched": estimate(2.5)}),  # what was not offered changed as well
        (UNTOUCHED, COARSE, {"beyond": estimate(1.9)}),  # what was offered did not for sure change by more
        (UNTOUCHED, COARSE, {"beyond": estimate(-2.5)}),  # it changed by less
        (UNTOUCHED, UNKNOWN, {"untouched": None}),
        (UNTOUCHED, UNKNOWN, {"beyond": None}),
        (USED, FAILS, {"elsewhere": estimate(1.5, 0.5)}),  # 0.5 on days of use, of a gain of 4
        (USED, COARSE, {"elsewhere": estimate(-0.5, 0.5)}),
        (USED, UNKNOWN, {"elsewhere": None}),
        (ROBUST, FAILS, {"robust": estimate(1.0)}),  # 4 lies outside -0.96 to 2.96
        (ROBUST, COARSE, {"robust": estimate(1.9, 2.0)}),  # reaches to 5.8, but is less than half as large
        (ROBUST, UNKNOWN, {"robust": None}),
        (EARLIER, COARSE, {"as_far": 0.06}),
        (EARLIER, UNKNOWN, {"pseudo": 18}),
        (EARLIER, UNKNOWN, {"as_far": NAN}),
        (OVERLAP, FAILS, {"effective": 19.0}),
        (OVERLAP, UNKNOWN, {"effective": NAN}),
        (BALANCE, FAILS, {"imbalance": 0.26}),
        (BALANCE, UNKNOWN, {"imbalance": NAN}),
        (HIDDEN, UNKNOWN, {"hidden": None}),
        (HIDDEN, COARSE, {"hidden": Sensitivity(4.0, 1.0, 500, 0.16, 0.09, "earlier spend", Interval(-0.1, 6.0))}),
        (HIDDEN, UNKNOWN, {"hidden": Sensitivity(4.0, 1.0, 500, 0.16, 0.09, "", Interval(NAN, NAN))}),
    ],
)  # fmt: skip
def test_any_check_that_does_not_hold_takes_the_gain_back_and_is_named(name, state_then, changes):
    assert state(name) == HOLDS and state(name, **changes) == state_then
    found = verdict(estimate(4.0), sound(**changes))
    assert found.word == "cannot tell" and f"{name}: " in found.why


def test_the_two_ways_are_held_together_on_the_customers_that_both_keep():
    smaller = {"robust": estimate(1.5)}  # who gained most was nearly sure to be contacted, and is cut
    assert state(ROBUST, **smaller) == FAILS and state(ROBUST, **smaller, alike=estimate(1.8)) == HOLDS
    assert state(ROBUST, robust=estimate(4.0), alike=estimate(7.0)) == FAILS  # 7 lies outside 2.04 to 5.96
    assert state(ROBUST, robust=estimate(2.0, 3.0), alike=estimate(4.5)) == COARSE
    assert state(ROBUST, robust=estimate(-1.8), alike=estimate(-1.8)) == COARSE  # a loss beside a gain of all


def test_half_of_the_contacted_must_have_comparable_customers():
    assert state(OVERLAP, estimate(4.0, used=50, left=50)) == HOLDS
    assert state(OVERLAP, estimate(4.0, used=49, left=51)) == FAILS


def test_an_estimate_that_reaches_zero_alone_does_not_make_two_ways_disagree():
    assert state(ROBUST, robust=estimate(3.0, 2.0)) == HOLDS  # the same customers: its noise is that of the estimate


def test_a_loss_has_no_days_of_use():
    made = {check.name: check for check in checks(estimate(-4.0), sound(-4.0))}
    assert made[USED] == (USED, COARSE, "a loss does not come from the use of an offer")


@pytest.mark.parametrize(
    ("effect", "before", "word"),
    [
        (4.0, 0.5, "consistent with a gain"),
        (1.9, 0.5, "cannot tell"),  # the interval holds zero
        (4.0, 2.0, "not causal"),
        (4.0, -2.0, "not causal"),
        (1.9, 2.0, "not causal"),
        (2.2, 0.5, "cannot tell"),  # the weeks before reach to 2.46, which could hide it
    ],
)
def test_the_word_follows_from_both_intervals(effect, before, word):
    assert verdict(estimate(effect), sound(effect, before=estimate(before))).word == word


def test_a_loss_is_never_tied_to_the_campaign():
    mirrored = sound(-4.0, hidden=Sensitivity(-4.0, 1.0, 500, 0.16, 0.09, "earlier spend", Interval(-6.0, -0.5)))
    found = verdict(estimate(-4.0), mirrored)
    assert found.word == "cannot tell"
    assert found.why.endswith("but not every check holds: days of use: a loss does not come from the use of an offer.")


def test_without_use_known_a_cause_of_the_same_products_is_not_taken_for_the_campaign():
    for unknown in (None, estimate(NAN, NAN)):
        found = verdict(estimate(4.0), sound(elsewhere=unknown))
        assert found.word == "cannot tell" and found.why.endswith("days of use: no use of its offers is known.")


def test_a_higher_confidence_asks_more():
    assert verdict(estimate(2.5), sound(2.5, before=estimate(0.0)), confidence=0.95).word == "consistent with a gain"
    assert verdict(estimate(2.5), sound(2.5, before=estimate(0.0)), confidence=0.99).word == "cannot tell"


def test_without_a_placebo_there_is_no_check_however_clear_the_effect():
    for placebo in (None, estimate(NAN, NAN)):
        assert verdict(estimate(9.0), sound(9.0, before=placebo)) == (
            "no check",
            "The weeks before give no placebo estimate, so the comparison cannot be checked.",
        )
    assert verdict(estimate(NAN, NAN), sound()) == (
        "cannot tell",
        "Too few customers can be compared to give the effect an interval.",
    )


def test_the_reason_is_a_sentence_with_its_numbers():
    unit = "dollars per customer and week"
    assert verdict(estimate(4.0), sound(), unit=unit).why == (
        "The contacted changed by 4.0 dollars per customer and week (95 % interval 2.0 to 6.0) against comparable customers, and every "
        "check holds. Who was contacted was not random: another cause of just what was offered, on just the days of use, would look "
        "alike. Days of use: enough was spent on days on which they used an offer to make up most of the gain. Hidden cause: "
        "one that explains 16.0 % of what is left of contact and of the "
        "change would take the difference to zero; one as strong as earlier spend would not."
    )
    assert verdict(estimate(1.0, 0.5), Evidence(before=estimate(1.0, 0.5))).why == (
        "Before the campaign the two groups already changed differently, by 1.00 per customer and week "
        "(95 % interval 0.02 to 1.98)."
    )
    assert verdict(estimate(-0.001, 12.0), Evidence(before=estimate(0.0))).why == (
        "The difference is 0 per customer and week (95 % interval -24 to 24), so there may be none."
    )
    assert (
        "products not offered: spend on them changed as well, by 2.5 per customer"
        in verdict(estimate(4.0), sound(untouched=estimate(2.5))).why
    )


maybe = st.one_of(st.none(), st.floats(-5, 5).map(estimate))


@given(
    st.floats(-6, 6),
    maybe,
    maybe,
    maybe,
    maybe,
    maybe,
    st.floats(0, 1),
    st.integers(0, 400),
    st.floats(0, 300),
    st.floats(0, 1),
)
@settings(max_examples=200, deadline=None)
def test_no_evidence_makes_a_word_claim_a_cause_and_a_gain_needs_every_check(
    effect, before, spared, beyond, elsewhere, robust, far, n, worth, apart
):
    evidence = Evidence(before, spared, beyond, elsewhere, robust, far, n, worth, apart, sound(effect).hidden)
    found, made = verdict(estimate(effect), evidence), checks(estimate(effect), evidence)
    assert "caused" not in " ".join(found)
    assert tuple(check.name for check in made) == CHECKS
    if found.word.startswith("consistent"):
        assert all(check.state == HOLDS for check in made) and effect > 1.96 and spared and elsewhere
    if made[0].state == FAILS:
        assert found.word == "not causal" and made[0].name == BEFORE
    assert found.why.endswith(".")
