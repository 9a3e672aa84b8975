from analysis.report.campaign import opening

AHEAD = {"customers": "households", "currency": "USD", "budget": 500.0, "days": 56}


def test_the_title_joins_what_was_with_what_comes(results, promise):
    title = opening.title(results, promise.replace({"holdout": {1: 7}}), customers="households")
    assert (
        title
        == "We cannot tell whether any of three campaigns was worth it; the next one holds out 7 households to find out"
    )
    assert opening.title(results, None, customers="households").endswith("; no next one is planned")
    assert opening.title(results, promise.assign(holdout=0), customers="households").endswith("has nobody held out")


def test_the_answer_has_the_three_places_and_then_the_plan_with_the_numbers_of_the_tables(results, promise):
    plan, shows = opening.sentences(promise, **AHEAD)
    assert "3 households in one segment" in plan and "10.80 USD of a budget of 500 USD" in plan
    assert "9.8 % or more" in shows and "56 days after the start" in shows
    page = opening.answer(results, promise, **AHEAD)
    assert [
        page.index(word) for word in ("Worth it:", "Not worth it:", "We cannot tell of three:", plan[:20])
    ] == sorted(page.index(word) for word in ("Worth it:", "Not worth it:", "We cannot tell of three:", plan[:20]))


def test_what_is_missing_is_said(promise):
    assert opening.sentences(None, **AHEAD) == ["Nothing is planned for the next 56 days."]
    assert "Nobody is held out" in opening.sentences(promise.assign(holdout=0), **AHEAD)[-1]
    assert "no size of a rise" in opening.sentences(promise.assign(smallest_effect=float("nan")), **AHEAD)[-1]


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
