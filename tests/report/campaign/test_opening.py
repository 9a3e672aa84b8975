from analysis.report.campaign import opening

WHO = {"customer": "household", "customers": "households", "currency": "USD"}
AHEAD = {**WHO, "budget": 500.0, "days": 56}


def test_the_title_joins_what_was_with_what_comes(results, promise):
    title = opening.title(results, promise.replace({"holdout": {1: 7}}), customers="households")
    assert title == "No campaign shows a clear change of spend; the next one holds out 7 households to find out"
    assert opening.title(results, None, customers="households").endswith("; no next one is planned")
    assert opening.title(results, promise.assign(holdout=0), customers="households").endswith("has nobody held out")


def test_the_answer_has_two_or_three_sentences_whose_numbers_are_those_of_the_tables(results, promise):
    first, second, third = opening.sentences(results, promise, **AHEAD)
    assert "campaign 2, the biggest of two compared" in first and "(n = 90)" in first
    assert "3 households in one segment" in second and "10.80 USD of a budget of 500 USD" in second
    assert "9.8 % or more" in third and "56 days after the start" in third


def test_what_is_missing_is_said(results, promise):
    none = results[results["verdict"] == "no estimate"]
    assert opening.sentences(none, None, **AHEAD) == [
        "One campaign began, without the weeks before and the comparable households that an estimate needs.",
        "Nothing is planned for the next 56 days.",
    ]
    assert "Nobody is held out" in opening.sentences(results, promise.assign(holdout=0), **AHEAD)[-1]
    assert "cannot be promised" in opening.sentences(results, promise.assign(smallest_effect=float("nan")), **AHEAD)[-1]


def test_the_biggest_campaign_is_compared_with_the_one_of_its_kind_before(results):
    figure = opening.biggest(results, customer="household", currency="USD")
    assert figure.value == "+1.5 USD" and figure.interval == "−3.4 to +6.8" and figure.n == 90
    assert figure.change == "no clear change from campaign 1: +5.0"
    alone = opening.biggest(results[results["campaign_id"] == "2"], customer="household", currency="USD")
    assert alone.change == "the first of its kind compared"


def test_the_last_week_says_its_range_and_the_week_before(control):
    figure = opening.last_week(control, customers="households", currency="USD")
    assert (figure.value, figure.interval) == ("90.00 USD", "expected 50 to 150")
    assert figure.change == "inside the expected range; 190 the week before" and figure.n == "9 active households"


def test_cost_and_smallest_change_are_those_of_the_promise(promise):
    assert opening.cost(promise, currency="USD", budget=500.0, days=56).interval == "at most 515 USD"
    figure = opening.shown(promise, days=56, power=0.8)
    assert (figure.value, figure.n) == ("9.8 %", "3 treated, 1 held out")
    assert opening.shown(promise.assign(holdout=0), days=56, power=0.8).value == "not known"
