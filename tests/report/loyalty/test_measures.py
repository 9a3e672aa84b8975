import pandas as pd
import pytest

from analysis.report.loyalty import measures

NAN = float("nan")
WORDS = {"window": "91 days to 31 December 2017", "customer": "household", "customers": "households", "currency": "USD"}
WEIGHTS = {"purchases": 3, "spend": 3, "feedback": 1, "referrals": 2, "use": 1}


@pytest.fixture
def measured():
    rows = [
        ("churn rate", 0.037, 0.030, 0.046, 2318, "share of customers", "per 91 days to 2017-12-31", "customers of the window before"),
        ("customer loyalty", 15.54, 14.83, 16.25, 2327, "repeat purchases per customer", "91 days to 2017-12-31", "orders after the first"),
        ("repeat rate", 0.944, 0.934, 0.953, 2327, "share of customers", "91 days to 2017-12-31", "two orders or more"),
        ("simple lifetime value", 14110.2, 11525.4, 17761.9, 2318, "USD", "per 91 days to 2017-12-31", "a x b"),
    ]  # fmt: skip
    return pd.DataFrame(rows, columns=["measure", "value", "low", "high", "n", "unit", "period", "note"])


@pytest.fixture
def shop(behaviour, segments):
    customers = behaviour([50.0] * 7, window_orders=[0, 1, 2, 3, 4, 5, 6], window_sales=[0.0, 10, 20, 30, 40, 50, 600])
    ranked = segments(["a"] * 7, score=[0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8])
    return customers, ranked.assign(feedback_count_rank=pd.array([None] * 7, dtype="Int64"))


def table_of(measured, shop, known=("purchases", "spend", "use")):
    return measures.by_name(measured, *shop, weights=WEIGHTS, known=known, **WORDS).set_index("measure")


def test_the_score_says_what_it_is_made_of_and_what_is_left_out():
    assert measures.score_parts(WEIGHTS, known=["purchases", "spend", "use"]) == (
        "purchases 43 %, spend 43 % and use 14 %", "feedback and referrals",
    )  # fmt: skip
    assert measures.score_parts({"use": 1}, known=["use"]) == ("use 100 %", "")


def test_measures_stand_under_the_names_of_the_source_documents_in_their_unit(measured, shop):
    table = table_of(measured, shop)
    assert table.index.tolist() == [
        "Loyalty score, mean", "Purchase-count loyalty", "Spend loyalty", "Feedback-count loyalty", "Referrals",
        "Customer loyalty (repeat purchases per household)", "Repeat rate", "Churn rate (no order any more)", "Simple lifetime value",
    ]  # fmt: skip
    assert table.loc["Loyalty score, mean", "value"] == "0.50"
    assert table.loc["Purchase-count loyalty", ["value", "interval"]].tolist() == ["3 orders", "0 to 6 orders"]
    assert table.loc["Spend loyalty", "value"] == "30.00 USD"
    assert table.loc["Repeat rate", ["value", "interval"]].tolist() == ["94.4 %", "93.4 to 95.3 %"]
    assert table.loc["Simple lifetime value", ["value", "interval"]].tolist() == ["14,110 USD", "11,525 to 17,762 USD"]


def test_a_measure_without_its_table_is_not_known_and_says_which_table(measured, shop):
    table = table_of(measured, shop)
    row = table.loc["Feedback-count loyalty"]
    assert row["value"] == "not known" and row["reading"] == "Not known: this data has no table of feedback"
    assert "Left out: feedback and referrals (no table)" in table.loc["Loyalty score, mean", "reading"]
    known = table_of(measured, shop, known=("purchases", "spend", "use", "feedback", "referrals"))
    assert "Referrals" not in known.index and "Left out" not in known.loc["Loyalty score, mean", "reading"]


def test_notes_and_periods_speak_the_words_of_the_study(measured, shop):
    table = table_of(measured, shop)
    assert table.loc["Churn rate (no order any more)", ["reading", "period"]].tolist() == [
        "Households of the window before", "per 91 days to 31 December 2017",
    ]  # fmt: skip
    assert table.loc["Simple lifetime value", "reading"] == "A × b"


def test_the_title_says_who_ordered_again_and_who_did_not(measured):
    words = {"customers": "households", "window_days": 91}
    assert (
        measures.title(measured, **words)
        == "94 % of households that order in 91 days do so twice or more; 4 % are not back in the next"
    )
    unknown = measured.assign(value=[NAN, 15.5, 0.944, NAN])
    assert measures.title(unknown, **words) == "94 % of households that order in 91 days do so twice or more"
    assert measures.title(measured.head(0), **words) == "The measures of loyalty by name"


def test_the_section_is_an_open_table_with_dashes_for_what_is_not_known(measured, shop):
    table = table_of(measured, shop).reset_index()
    html = measures.section(table, measured=measured, customers="households", window_days=91)
    assert (
        "<details" not in html and html.count('aria-label="not known"') == 7
    )  # value, interval and n of two measures, and the score's interval
