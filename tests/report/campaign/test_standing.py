import pandas as pd
import pytest

from analysis.report.campaign import phrases, standing

NAN = float("nan")


def point(results, word, currency="USD"):
    told = standing.points(standing.standing(results), currency=currency)
    return next(said for name, said in told if name.startswith(word))


def test_without_a_net_value_nobody_can_tell_and_the_reasons_are_said_once(results):
    found = standing.standing(results)
    assert (found.campaigns, found.untold, found.worth, found.not_worth) == (3, 3, [], [])
    assert point(results, "We cannot tell of three") == (
        "campaign 2 may have changed nothing; campaign 1 has no weeks before to check the comparison on; campaign 3 has too little data to "
        "compare; no net value is known: the margin is not known."
    )
    assert point(results, "Worth it") == point(results, "Not worth it") == "none that we know of."


@pytest.mark.parametrize(
    ("low", "high", "place", "title"),
    [
        (5.0, 300.0, "Worth it", "Of five campaigns one was worth it and of four we cannot tell"),
        (-90.0, -5.0, "Not worth it", "Of five campaigns one was not and of four we cannot tell"),
        (-90.0, 300.0, "We cannot tell", "We cannot tell whether any of five campaigns was worth it"),
    ],
)
def test_the_interval_of_the_net_value_decides(by_lot, low, high, place, title):
    told = by_lot.assign(net_low=by_lot["net_low"].mask(by_lot["campaign_id"] == "2", low),
                         net_high=by_lot["net_high"].mask(by_lot["campaign_id"] == "2", high))  # fmt: skip
    assert "ampaign 2" in point(told, place) and standing.title(standing.standing(told)) == title
    if place != "We cannot tell":
        assert point(told, place).startswith(
            f"Campaign 2 (net value 116 ({low:.0f} to {high:.0f}) USD)".replace("-", "−")
        )


def test_a_loss_by_lot_was_not_worth_it_whatever_the_margin_would_be(by_lot):
    lost = by_lot.assign(net_value=NAN, net_low=NAN, net_high=NAN, net_why="The margin is not known.")
    lost.loc[lost["campaign_id"] == "2", "verdict"] = phrases.CAUSED_LOSS
    assert point(lost, "Not worth it") == "Campaign 2 (spend fell, by lot)."
    assert phrases.verdicts(lost).clear == phrases.verdicts(lost).caused_loss == 1


def test_a_gain_without_a_known_margin_is_not_called_worth_it(by_lot):
    gain = by_lot.assign(net_value=NAN, net_low=NAN, net_high=NAN)
    assert "campaign 2 went with more spend, but what that was worth is not known" in point(gain, "We cannot tell")


def test_what_sent_nothing_is_left_out_and_lots_that_are_broken_or_left_nobody_are_named(by_lot):
    told = point(by_lot, "We cannot tell of five")
    assert (
        "4" not in told and "campaign 5 had a broken lot" in told and "campaign 6 left nobody to compare with" in told
    )


def test_each_campaign_stands_in_one_place(by_lot):
    found = standing.standing(by_lot)
    names = [row.campaign_id for row in found.worth + found.not_worth] + [
        name for ids in found.unknown.values() for name in ids
    ]
    assert sorted(names) == sorted(by_lot.loc[by_lot["verdict"] != "nothing found", "campaign_id"])


def test_many_are_counted_and_those_that_run_are_said_to(results):
    many = pd.concat([results.iloc[[1]].assign(campaign_id=str(n), closed=n > 10) for n in range(10, 23)])
    assert point(many.head(2), "We cannot tell").startswith("campaigns 10 (still runs) and 11 may have changed nothing")
    assert point(many, "We cannot tell of 13").startswith("13 campaigns may have changed nothing")
    assert standing.title(standing.standing(many)) == "We cannot tell whether any of 13 campaigns was worth it"
    assert standing.title(standing.standing(None)) == "No campaign has begun in these data"
    assert standing.points(standing.standing(None), currency="USD") == []


@pytest.mark.parametrize(("low", "high"), [(5.0, 300.0), (-90.0, -5.0), (-90.0, 300.0)])
def test_a_campaign_that_still_runs_is_in_no_sure_place_whatever_its_interval(by_lot, low, high):
    two = by_lot["campaign_id"] == "2"
    runs = by_lot.assign(closed=~two, verdict=by_lot["verdict"].mask(two, "cannot tell yet"),
                         net_low=by_lot["net_low"].mask(two, low), net_high=by_lot["net_high"].mask(two, high))  # fmt: skip
    assert "campaign 2 still runs, so nothing is decided yet" in point(runs, "We cannot tell of five")
    if low > 0:
        return
    looked = runs.assign(
        verdict=runs["verdict"].replace("cannot tell yet", phrases.CAUSED_LOSS)
    )  # a declared look said so
    assert "ampaign 2" in point(looked, "Not worth it")


def test_a_change_that_fails_a_check_is_not_said_to_be_perhaps_none(results):
    clear = results.assign(low=results["low"].mask(results["campaign_id"] == "2", 0.1))
    assert point(clear, "We cannot tell").startswith("campaign 2 went with a change that is no proof: a check fails")
