from analysis.report.campaign import closing

WHO = {"customer": "household", "customers": "households", "currency": "USD"}
AHEAD = {**WHO, "budget": 500.0, "days": 56, "consent_known": False}


def test_each_step_has_a_number_of_the_page(results, promise):
    send, hold, count, lots, sales = closing.steps(results, promise, **AHEAD)
    assert "this data does not record it" in send and "3 households, for an expected 10.80 USD" in send
    assert "1 held out" in hold and "56 days after the start" in hold
    assert "515 USD" in count
    assert lots.endswith("of two campaigns compared without, we can tell for none.")
    assert "53,200 USD for campaign 2" in sales


def test_without_plan_or_campaign_there_is_still_one_thing_to_do(results):
    assert closing.steps(None, None, **AHEAD) == [
        "Set strategies and a budget that reach some households: nobody is planned yet."
    ]
    assert "none could be compared" in closing.steps(results[results["verdict"] == "no estimate"], None, **AHEAD)[-1]


def test_rows_reconcile_in_words(quality, results):
    lines = closing.quality_lines(quality, results, currency="USD")
    assert lines[0] == (
        "100 order lines came in, 90 are used, 6 are set aside (1.25 USD of sales), 4 lie after the date of this page."
    )
    assert lines[1] == "10 contacts came in, 10 are used."
    assert len(lines) == 2  # what coupons cost stands with sales and worth
    assert closing.quality_lines(None, None, currency="USD") == ["What came in and what was set aside is not recorded."]


def test_with_lots_the_next_step_is_to_draw_them_everywhere(by_lot, promise):
    step = closing.steps(by_lot, promise, **AHEAD)[3]
    assert step == (
        "Hold some out by lot from every campaign, as was done in one of those compared; one compared without can show at most "
        "that more spend went with them."
    )


def test_costs_from_a_list_are_said_to_be(quality, results):
    told = results.assign(cost_matched=results["redemptions"], cost_listed=[2, 3, 0])
    assert closing.quality_lines(quality, told, currency="USD")[2:] == [
        "The cost of 5 of 52 redemptions is the listed cost of one use: no order line shows it.",
    ]
