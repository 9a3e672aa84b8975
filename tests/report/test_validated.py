"""What a page says of an estimate, from the committed table of the last full validation."""

import pytest

from analysis.report import validated

MODULES = "inference.interval inference.means"


def row(estimate="mean", **changed):
    return {
        "estimate": estimate, "cell": "small", "method": "", "says": "", "nothing": "no", "worlds": "2000", "refused": "0",
        "coverage": "0.95", "above": "0.025", "below": "0.025", "bias_of_error": "0.0", "claimed": "", "goal_low": "", "goal_high": "",
        "outside": "", "untold": "", "modules": MODULES, "code": validated.digest(MODULES.split()),
    } | changed  # fmt: skip


def test_an_estimate_inside_its_goal_has_one_short_sentence():
    rows = [row(), row(cell="big", coverage="0.9435"), row(method="naive: t", coverage="0.7", outside="coverage")]
    assert validated.remark("mean", rows) == "Tried on 2,000 simulated worlds in 2 settings: holds."
    assert validated.remark("mean", rows[:1]) == "Tried on 2,000 simulated worlds in 1 setting: holds."
    unsure = [row(worlds="200", untold="coverage", coverage="0.935")]
    assert validated.remark("mean", unsure) == (
        "Tried on 200 simulated worlds in 1 setting: holds, as far as so many worlds can tell."
    )


NARROW = row(cell="a", coverage="0.881", outside="bias; coverage", bias_of_error="0.3")
WIDE = row(cell="b", coverage="0.99", outside="coverage")
ONE_SIDE = row(cell="c", nothing="yes", above="0.0385", below="0.013", outside="above the truth; below the truth")
LEANING = row(cell="d", bias_of_error="-0.15", outside="bias")


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(), LEANING, ONE_SIDE, WIDE, NARROW],
         "misses its goal in 4, at worst the 95 % interval holds the truth in 88.1 % (goal 94 to 96 %). "
         "Take the interval as wider than it is printed."),
        ([row(), LEANING, WIDE, ONE_SIDE],
         "misses its goal in 3, at worst the interval lies above the truth in 3.8 % (goal 2.1 to 2.9 %). "
         "It misses more often on one side than on the other."),
        ([row(), WIDE, LEANING],
         "misses its goal in 2, at worst the 95 % interval holds the truth in 99.0 % (goal 94 to 96 %). "
         "The interval is wider than it need be, which errs on the safe side."),
        ([row(), LEANING],
         "misses its goal in 1, at worst the value lies 0.15 of its error too low on average (goal at most 0.1). "
         "The value leans to one side by a small part of its error."),
        ([row(), row(cell="a", nothing="yes", coverage="0.90", outside="false alarms")],
         "misses its goal in 1, at worst the 95 % interval holds the truth in 90.0 % (goal 94.4 to 95.6 %). "
         "Take the interval as wider than it is printed."),
    ],
)  # fmt: skip
def test_an_estimate_outside_its_goal_says_the_gravest_miss_and_what_it_means(rows, said):
    assert validated.remark("mean", rows).split(": ", 1)[1] == said


def test_its_goals_are_those_of_the_validation():
    goals = pytest.importorskip("analysis.validation.goals")
    assert (validated.COVERAGE, validated.TAIL, (-validated.BIAS, validated.BIAS)) == (
        goals.COVERAGE,
        goals.TAIL,
        goals.BIAS,
    )
    assert pytest.approx([1 - share for share in reversed(goals.FALSE_ALARMS)]) == validated.UNTOUCHED


@pytest.mark.parametrize("rows", [[], [row("another")], [row(method="naive: t")]])
def test_an_estimate_that_was_not_tried_is_said_to_be_so(rows):
    assert validated.remark("mean", rows) == "Not tried on simulated worlds yet."


CLAIM = {"says": "a gain, where there is none", "coverage": "", "goal_low": "0.0", "goal_high": "0.056"}
POWER = {"says": "a gain, where there is one", "coverage": "", "goal_low": "0.8", "goal_high": "1.0"}


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([row(**CLAIM, claimed="0.021"), row(cell="b", **POWER, claimed="0.9")], "in 2 settings: holds."),
        ([row(**CLAIM, claimed="0.021"), row(cell="b", **CLAIM, claimed="0.11", outside="claims")],
         "in 2 settings: misses its goal in 1, at worst “a gain, where there is none” in 11.0 % (goal at most 5.6 %). "
         "Trust these words less than their goal asks."),
        ([row(**POWER, claimed="0.3", outside="claims")],
         "in 1 setting: misses its goal in 1, at worst “a gain, where there is one” in 30.0 % (goal at least 80.0 %). "
         "That it says nothing means little."),
    ],
)  # fmt: skip
def test_a_claim_is_told_where_it_misses_its_goal(rows, said):
    assert validated.remark("mean", rows) == f"Tried on 2,000 simulated worlds {said}"


def test_refusals_are_counted_and_an_estimate_that_always_refuses_was_not_tried():
    rows = [row(), row(cell="none", refused="2000", coverage="")]
    assert validated.remark("mean", [row(refused="500")]).endswith(
        ": holds; refused in up to 25 % of the worlds of a setting."
    )
    assert validated.remark("mean", rows).endswith(
        "in 2 settings: holds; refused in up to 100 % of the worlds of a setting."
    )
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
    assert found[0].startswith("Mean: Tried on 2,000 simulated worlds in 1 setting: misses")


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
    unsure = [one | {"untold": "coverage"} if one["estimate"] == "share" else one for one in rows]
    assert validated.paragraph("loyalty", unsure).endswith(
        "1 of 2 meet their goal in every setting, 1 of them as far as so few worlds can tell; these do not, as is said where "
        "they stand: mean."
    )
    assert validated.paragraph("conversion", rows) == (
        "The estimates of this page have not been tried on simulated worlds yet."
    )


def test_a_section_says_below_it_that_its_estimate_misses_the_goal(monkeypatch):
    from analysis.report import page

    rows = [row("mean", coverage="0.9", outside="coverage"), row("share")]
    monkeypatch.setattr(validated, "committed", lambda: rows)
    assert "misses its goal in 1, at worst" in page.section("one", "One", "Words.", estimates=["mean"], source="orders")
    assert "simulated" not in page.section("one", "One", "Words.", estimates=["share"], source="orders")
