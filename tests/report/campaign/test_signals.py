import pandas as pd

from analysis.report.campaign import signals

PEOPLE = {"customers": "households", "currency": "USD"}


def marked(control, *places):
    """Mark weeks of sales, and no other, as signals."""
    table = control.copy()
    table["signal"] = None
    table.loc[list(places), "signal"] = "single week above the limit"
    return table


def test_signals_are_listed_in_order_with_size_and_where_to_look(control):
    found = signals.signals(control.iloc[::-1])
    assert found[["measure", "size"]].to_numpy().tolist() == [["sales", 90.0]]
    assert signals.title(found) == "One week asks for a look: that of 16 January 2017, above the expected"
    shown = signals.section(control, **PEOPLE)
    assert (
        "One signal in sales" in shown
        and "one week above the limit" in shown
        and "+90" in shown
        and "holidays" in shown
    )


def test_where_most_of_a_change_lies_stands_beside_the_signal(control):
    told = {
        "part_of": "department",
        "part": "MILK",
        "part_gap": 81.0,
        "part_share": 0.9,
        "part_usual": 0.3,
        "part_stands_out": True,
    }
    beside = control.assign(**dict.fromkeys(told)).astype(object)
    beside.loc[4, list(told)] = list(told.values())
    shown = signals.section(beside.infer_objects(), **PEOPLE)
    words = "90 % of the rise is in department MILK: 81 of 90 USD a week; it usually has 30 % of sales"
    assert f"Of the week of 16 January 2017: {words}." in shown and "It says where, not why." in shown
    assert "Where most of it lies" not in signals.section(control, **PEOPLE)


def test_without_a_signal_the_week_nearest_to_a_limit_is_named(control):
    calm = marked(control)
    calm.loc[4, "value"] = 130.0  # 30 of the 50 up to the limit; the week before 10
    said = signals.furthest(calm, currency="USD")
    assert (
        said
        == "Sales came nearest to a limit in the week of 16 January 2017: 30 USD above the expected, 60 % of the way. "
    )
    assert said.strip() in signals.section(calm, **PEOPLE)
    calm.loc[5, "value"] = 60.0
    assert "23 January 2017: 40 USD below the expected, 80 % of the way" in signals.furthest(calm, currency="USD")
    assert signals.furthest(calm.assign(lower=float("nan")), currency="USD") == ""


def test_redemption_is_left_to_the_conversion_report(control):
    other = control.assign(measure="redemption", signal="lasting rise")
    assert signals.signals(control).equals(signals.signals(pd.concat([control, other])))
