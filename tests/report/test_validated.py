"""What a page says of an estimate, from the committed table of the last full validation."""

import pytest

from analysis.report import validated

MODULES = "inference.interval inference.means"


def row(estimate="mean", **changed):
    return {
        "estimate": estimate, "method": "", "says": "", "nothing": "no", "worlds": "2000", "refused": "0", "coverage": "0.95",
        "claimed": "", "goal_low": "", "goal_high": "", "outside": "", "modules": MODULES,
        "code": validated.digest(MODULES.split()),
    } | changed  # fmt: skip


def test_an_estimate_inside_its_goal_has_one_plain_sentence():
    rows = [row(), row(coverage="0.9435"), row(method="naive: t", coverage="0.7", outside="coverage")]
    assert validated.remark("mean", rows) == (
        "Validated on 2,000 simulated worlds in each of 2 settings: the 95 % interval holds the truth in 94.4 to 95.0 % "
        "(goal 94 to 96 %)."
    )


def test_an_estimate_outside_its_goal_says_in_how_many_settings_and_what_that_means():
    rows = [row(), row(coverage="0.881", outside="coverage"), row(coverage="0.99", outside="coverage"),
            row(coverage="0.95", outside="above the truth; below the truth")]  # fmt: skip
    said = validated.remark("mean", rows)
    assert "holds the truth in 88.1 to 99.0 %" in said
    assert said.endswith(
        "That misses the goal in 3 of 4: too narrow in 1 (take it as wider), wider than it need be in 1 and off in above the "
        "truth and below the truth in 1."
    )


@pytest.mark.parametrize("rows", [[], [row("another")], [row(method="naive: t")]])
def test_an_estimate_that_was_not_tried_is_said_to_be_so(rows):
    assert validated.remark("mean", rows) == "Not tried on simulated worlds yet."


def test_a_claim_is_told_with_its_goal():
    goal = {"says": "a gain, where there is none", "coverage": "", "goal_low": "0.0", "goal_high": "0.056"}
    rows = [row(**goal, claimed="0.021"), row(**goal, claimed="0.11", outside="claims")]
    assert validated.remark("mean", rows) == (
        "On 2,000 simulated worlds a setting “a gain, where there is none” is said in 2.1 to 11.0 % of them (goal at most 5.6 %), "
        "which misses the goal in 1 of 2 settings."
    )


def test_refusals_are_counted_and_an_estimate_that_always_refuses_has_no_coverage():
    assert validated.remark("mean", [row(refused="500")]).endswith("It refuses an interval in up to 25 % of worlds.")
    assert validated.remark("mean", [row(refused="2000", coverage="")]) == validated.NOT_YET


def test_a_result_older_than_its_code_warns():
    assert validated.remark("mean", [row(code="0123456789ab")]).endswith(
        "The code has changed since; the next full validation measures it again."
    )


def test_the_digest_changes_with_the_source_and_not_with_the_order_of_names():
    assert validated.digest(["inference.means", "inference.interval"]) == validated.digest(MODULES.split())
    assert validated.digest(["inference.means"]) != validated.digest(["inference.interval"])


def test_misses_are_the_project_s_own():
    rows = [
        row("a", outside="coverage"),
        row("b"),
        row("c", method="naive: t", outside="coverage"),
        row("a", outside="bias"),
    ]
    assert validated.misses(rows) == ["a"]


def test_warnings_are_of_the_estimates_asked_for_that_miss_their_goal():
    rows = [row("mean", coverage="0.9", outside="coverage"), row("share"), row("other", outside="coverage")]
    found = validated.warnings(["mean", "share", "never heard of"], rows)
    assert len(found) == 1
    assert found[0].startswith("Mean: Validated on 2,000 simulated worlds in one setting")


def test_a_page_says_how_many_of_its_estimates_meet_their_goal():
    rows = [
        row("mean", page="loyalty", outside="coverage"),
        row("share", page="loyalty"),
        row("other", page="campaign"),
    ]
    assert validated.paragraph("loyalty", rows).endswith(
        "1 of 2 meet their goal in every setting; these do not, as is said where they stand: mean."
    )
    assert validated.paragraph("campaign", rows).endswith("1 of 1 meet their goal in every setting.")
    assert validated.paragraph("conversion", rows) == (
        "The estimates of this page have not been tried on simulated worlds yet."
    )


def test_a_section_says_below_it_that_its_estimate_misses_the_goal(monkeypatch):
    from analysis.report import page

    rows = [row("mean", coverage="0.9", outside="coverage"), row("share")]
    monkeypatch.setattr(validated, "committed", lambda: rows)
    assert "That misses the goal in 1 of 1" in page.section("one", "One", "Words.", estimates=["mean"], source="orders")
    assert "simulated" not in page.section("one", "One", "Words.", estimates=["share"], source="orders")
