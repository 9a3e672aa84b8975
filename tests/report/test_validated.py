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
    assert validated.remark("mean", rows) == "Holds in 2 settings of 2,000 simulated worlds."
    assert validated.remark("mean", rows[:1]) == "Holds in 1 setting of 2,000 simulated worlds."
    unsure = [row(worlds="200", untold="coverage", coverage="0.935")]
    assert validated.remark("mean", unsure) == (
        "Holds in 1 setting of 200 simulated worlds, as far as so many can tell."
    )


NARROW = row(cell="a", coverage="0.881", outside="bias; coverage", bias_of_error="0.3")
WIDE = row(cell="b", coverage="0.99", outside="coverage")
ONE_SIDE = row(cell="c", nothing="yes", above="0.0385", below="0.013", outside="above the truth; below the truth")
LEANING = row(cell="d", bias_of_error="-0.15", outside="bias")


@pytest.mark.parametrize(
    ("rows", "missed", "said"),
    [
        ([row(), LEANING, ONE_SIDE, WIDE, NARROW],
         "4 of 5", "the 95 % interval holds the truth in 88.1 % (goal 94 to 96 %); take the interval as wider."),
        ([row(), LEANING, WIDE, ONE_SIDE],
         "3 of 4", "interval above the truth in 3.8 % (goal 2.1 to 2.9 %)."),
        ([row(), WIDE, LEANING],
         "2 of 3", "the 95 % interval holds the truth in 99.0 % (goal 94 to 96 %); wider than need be."),
        ([row(), LEANING],
         "1 of 2", "value 0.15 of its error too low (goal at most 0.1)."),
        ([row(), row(cell="a", nothing="yes", coverage="0.90", outside="false alarms")],
         "1 of 2", "the 95 % interval holds the truth in 90.0 % (goal 94.4 to 95.6 %); take the interval as wider."),
    ],
)  # fmt: skip
def test_an_estimate_outside_its_goal_says_the_gravest_miss_and_what_it_means(rows, missed, said):
    assert validated.remark("mean", rows) == f"Misses its goal in {missed} settings of 2,000 simulated worlds: {said}"


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
        ([row(**CLAIM, claimed="0.021"), row(cell="b", **POWER, claimed="0.9")], "Holds in 2 settings of 2,000 simulated worlds."),
        ([row(**CLAIM, claimed="0.021"), row(cell="b", **CLAIM, claimed="0.11", outside="claims")],
         "Misses its goal in 1 of 2 settings of 2,000 simulated worlds: “a gain, where there is none” in 11.0 % (goal at most 5.6 %); "
         "trust the word less."),
        ([row(**POWER, claimed="0.3", outside="claims")],
         "Misses its goal in 1 of 1 setting of 2,000 simulated worlds: “a gain, where there is one” in 30.0 % (goal at least 80.0 %); "
         "its silence means little."),
    ],
)  # fmt: skip
def test_a_claim_is_told_where_it_misses_its_goal(rows, said):
    assert validated.remark("mean", rows) == said


def test_refusals_are_counted_and_an_estimate_that_always_refuses_was_not_tried():
    rows = [row(), row(cell="none", refused="2000", coverage="")]
    assert validated.remark("mean", [row(refused="500")]).endswith(
        "worlds; refused in up to 25 % of the worlds of one."
    )
    assert validated.remark("mean", rows).endswith(
        "Holds in 2 settings of 2,000 simulated worlds; refused in up to 100 % of the worlds of one."
    )
    assert validated.remark("mean", [row(refused="2000", coverage="")]) == validated.NOT_YET


def test_a_result_older_than_its_code_warns():
    assert validated.remark("mean", [row(code="0123456789ab")]).endswith("The code has changed since.")


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
    assert found[0].startswith("Mean: misses its goal in 1 of 1 setting of 2,000 simulated worlds: the 95 % interval")


def test_a_page_says_how_many_of_its_estimates_meet_their_goal():
    rows = [
        row("mean", page="loyalty", outside="coverage"),
        row("share", page="loyalty"),
        row("other", page="campaign"),
    ]
    assert validated.paragraph("loyalty", rows).endswith(
        "1 of 2 estimates meet their goal; not, as is said where they stand: mean."
    )
    assert validated.paragraph("campaign", rows).endswith("1 of 1 estimates meet their goal.")
    unsure = [one | {"untold": "coverage"} if one["estimate"] == "share" else one for one in rows]
    assert validated.paragraph("loyalty", unsure).endswith(
        "1 of 2 estimates meet their goal, 1 of them as far as so few worlds can tell; not, as is said where they stand: mean."
    )
    assert validated.paragraph("conversion", rows) == (
        "The estimates of this page have not been tried on simulated worlds yet."
    )


def test_a_section_says_below_it_that_its_estimate_misses_the_goal(monkeypatch):
    from analysis.report import page

    rows = [row("mean", coverage="0.9", outside="coverage"), row("share")]
    monkeypatch.setattr(validated, "committed", lambda: rows)
    assert "Mean: misses its goal in 1 of 1 setting" in page.section(
        "one", "One", "Words.", estimates=["mean"], source="orders"
    )
    assert "simulated" not in page.section("one", "One", "Words.", estimates=["share"], source="orders")
