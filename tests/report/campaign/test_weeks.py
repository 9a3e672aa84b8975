import pandas as pd
import pytest

from analysis.report import control_words
from analysis.report.campaign import signals, weeks

PEOPLE = {"customers": "households", "currency": "USD"}


def marked(control, *places):
    """Mark weeks of sales, and no other, as signals."""
    table = control.copy()
    table["signal"] = None
    table.loc[list(places), "signal"] = "single week above the limit"
    return table


@pytest.mark.parametrize(
    ("places", "words"),
    [
        ((), "Sales stay within the expected range in all 4 weeks looked at"),
        ((4,), "Sales stand out in one of 4 weeks: that of 16 January 2017, above the expected"),
        ((5,), "Sales stand out in one of 4 weeks: that of 23 January 2017, below the expected"),
        ((3, 4), "Sales stand out in two of 4 weeks"),
    ],
)
def test_the_title_counts_the_weeks_of_sales_that_stand_out(control, places, words):
    assert weeks.title(marked(control, *places)) == words


def test_the_lead_counts_active_customers_and_the_last_week_is_put_into_its_range(control):
    assert weeks.lead(control, customers="households") == "Active households stand out in none of 4 weeks looked at."
    last = weeks.measured(control, weeks.SALES).iloc[-1]
    assert weeks.place(last, currency="USD") == "inside the expected 50 to 150 USD"


@pytest.mark.parametrize(("value", "side"), [(151.0, "above"), (49.0, "below"), (150.0, "inside")])
def test_a_limit_itself_is_inside(control, value, side):
    row = control.iloc[2].copy()
    row["value"] = value
    assert weeks.place(row, currency="USD").startswith(side)
    row["upper"] = float("nan")
    assert weeks.place(row, currency="USD") == "no limits to say what was to be expected"


def test_no_signal_and_no_week_are_said(control):
    assert "No week asks for a look" in signals.section(marked(control), **PEOPLE)
    for none in (None, control.head(0)):
        assert "No full week" in weeks.section(none, **PEOPLE)
        assert "No full week" in signals.section(none, **PEOPLE)


def test_the_rate_of_false_alarms_stands_beside_the_charts_and_rule_by_rule_in_the_walk_through(control):
    words = ("a lasting change in 2 to 10 % of such years", "a single odd week in at most 10 %", "in up to 50 % where",
             "looks at 4 weeks by two rules", "All rules of the two charts together: at most 40 %.")  # fmt: skip
    assert all(word in control_words.how_often(control) for word in words)
    beside = "In 52 weeks without change these two charts together show a signal in at most 40 % of such years; each in up to 50 % where"
    assert beside in weeks.section(control, **PEOPLE) and "without change" not in signals.section(control, **PEOPLE)


def test_the_table_has_the_last_weeks_and_those_that_stand_out(control):
    long = pd.concat(
        [control.assign(week_starts_on=control["week_starts_on"] + pd.Timedelta(weeks=6 * n)) for n in range(3)]
    )
    shown = weeks.recent(long.sort_values("week_starts_on"))
    sales = shown[shown["measure"] == "sales"]
    assert (
        len(shown[shown["measure"] == "customers_active"]) == weeks.LAST and len(sales) == weeks.LAST + 1
    )  # a signal before
    assert sales["signal"].notna().sum() == 3


def test_weeks_that_wander_are_said_to_hide_a_lasting_change(control):
    control.loc[control["measure"] == "sales", "lasting_told"] = False
    assert "The weeks of one of the charts wander so much by themselves" in weeks.section(control, **PEOPLE)
    alone = control[control["measure"] == "sales"]
    assert "The weeks wander so much by themselves" in control_words.how_often(alone)


def test_a_chart_without_limits_says_that_it_cannot_tell_and_why(control):
    none = marked(control).assign(lower=float("nan"), upper=float("nan"), refused="26 weeks are in the data")
    assert weeks.title(none) == "Which weeks of sales are unusual cannot be told"
    shown = weeks.section(none, **PEOPLE)
    assert "Sales and Active households: cannot tell what is usual, 26 weeks are in the data." in shown
    assert "In 52 weeks" not in shown
    listed = signals.section(none, **PEOPLE)
    assert "No week can be called unusual yet" in listed and "Cannot tell what is usual: 26 weeks" in listed


def test_of_charts_with_different_false_alarms_the_span_holds_all(control):
    control.loc[control["measure"] == "customers_active", "quiet_lasting_least"] = 0.01
    assert "a lasting change in 1 to 10 % of such years" in control_words.how_often(control)
