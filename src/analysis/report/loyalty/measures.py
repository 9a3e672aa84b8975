"""The measures of loyalty by their names, in one table: value, interval, n, period, and how to read each."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

import numpy as np

from analysis.inference.interval import Interval
from analysis.report import blanks, numbers, page, tables
from analysis.report.loyalty.medians import median_interval
from analysis.report.loyalty.phrases import amount, one_decimal, whole_percent
from analysis.report.words import join_and, sentence_case

if TYPE_CHECKING:
    from collections.abc import Callable

    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "measures", "All measures by name"
MEASURED = {  # measure of the table loyalty_measures: its name on the page, where that says more
    "customer loyalty": "customer loyalty (repeat purchases per {customer})",
    "repeat rate": "repeat rate",
    "revenue per customer": "revenue per {customer}",
    "churn rate": "churn rate (no order any more)",
    "simple lifetime value": "simple lifetime value",
    "customer value, mean": "customer value, mean",
    "customer value, median": "customer value, middle {customer}",
}
ESTIMATES = (*MEASURED, "purchase-count loyalty", "sales per customer", "change of sales per customer",
             "change of orders per customer")  # fmt: skip


def score_parts(weights: Mapping[str, float], *, known: Collection[str]) -> tuple[str, str]:
    """Return in words what the loyalty score is made of, and what is left out because its table is missing."""
    used = {name: weight for name, weight in weights.items() if weight > 0 and name in known}
    total = sum(used.values())
    made = join_and([f"{name} {whole_percent(weight / total)}" for name, weight in used.items()])
    return made, join_and([name for name, weight in weights.items() if weight > 0 and name not in known])


def by_name(
    measured: pd.DataFrame,
    behaviour: pd.DataFrame,
    segments: pd.DataFrame,
    *,
    weights: Mapping[str, float],
    known: Collection[str],
    window: str,
    customer: str,
    customers: str,
    currency: str,
) -> pd.DataFrame:
    """One row per measure, as text for reading: measure, value, interval, n (number), period, reading.

    `measured` has one row per measure of the whole house, the other tables one row per customer. `known` names the
    behaviours that the data has, `window` the period in words. A measure without its table has no value, and its
    reading says which table it needs.
    """
    import pandas as pd

    made, left_out = score_parts(weights, known=known)
    score = segments["loyalty_score"].dropna()
    reading = (
        f"from 0 to 1: {made}, each as the share of {customers} that did less; the middle is near 0.5 by its making, "
        "so compare segments, not years, and ask for no interval"
    )
    if left_out:
        reading += f". Left out: {left_out} (no table)"
    rows = [
        _row(
            "loyalty score, mean",
            score.mean(),
            Interval(np.nan, np.nan),  # of a mean of ranks: near one half whoever is drawn
            len(score),
            numbers.decimal,
            window,
            reading,
        )
    ]
    in_money = amount(currency, like=behaviour["window_sales"].median())
    rows += [
        _rank("purchase-count loyalty", behaviour["window_orders"], lambda x: f"{numbers.count(x)} orders", window, customer),
        _rank("spend loyalty", behaviour["window_sales"], in_money, window, customer),
        _feedback(segments, window=window, customers=customers),
    ]  # fmt: skip
    if "referrals" not in known:
        why = "not known: this data has no table of referrals"
        rows.append(_row("referrals", np.nan, Interval(np.nan, np.nan), np.nan, numbers.count, window, why))
    found = measured.set_index("measure")
    for name, shown in MEASURED.items():
        if name in found.index:
            row, words = found.loc[name], shown.format(customer=customer)
            fmt = amount(currency, like=row["value"]) if row["unit"] == currency else _format(row["unit"])
            note = _in_words_of_the_study(_dates_in_words(row["note"]), customer=customer, customers=customers)
            rows.append(
                _row(
                    words,
                    row["value"],
                    Interval(row["low"], row["high"]),
                    row["n"],
                    fmt,
                    _dates_in_words(row["period"]),
                    note,
                )
            )
    return pd.DataFrame(rows)


def section(
    table: pd.DataFrame, *, measured: pd.DataFrame, customers: str, window_days: int, smallest: int = 0
) -> Fragment:
    """Return the section with the open table; `table` is that of `by_name`."""
    return page.section(
        KEY, title(measured, customers=customers, window_days=window_days),
        "Every measure by its own name, in the unit in which it is defined; the last column says what it is and how far it carries.",
        label=LABEL, subtitle="Value, 95 % interval, number of " + f"{customers} beneath it (n), period.",
        table=tables.table(table, caption="Measures of loyalty", names={"interval": "95 % interval", "n": "n", "reading": "What it is"},
                           formats={"n": numbers.count}, unknown=blanks.dash(smallest, customers=customers)),
        how_to_read=f"The interval says how far a value could move with other {customers} of the same kind. A dash: not known, never zero.",
        csv=tables.csv_link(measured, "loyalty_measures.csv"),
        estimates=ESTIMATES,
        note="Purchase-count, spend and feedback-count loyalty are ranks; the value shown is what the middle one did."
        + blanks.note(measured["n"], what="measure", smallest=smallest, customers=customers),
        source="order lines",
    )  # fmt: skip


def title(measured: pd.DataFrame, *, customers: str, window_days: int) -> str:
    """Return the finding of the table: who ordered again, and who stopped."""
    value = measured.set_index("measure")["value"]
    again, churn = value.get("repeat rate"), value.get("churn rate")
    if not numbers.is_known(again):
        return "The measures of loyalty by name"
    start = f"{whole_percent(again)} of {customers} that order in {window_days} days do so twice or more"
    return f"{start}; {whole_percent(churn)} are not back in the next" if numbers.is_known(churn) else start


def _rank(name: str, values: pd.Series, fmt: Callable[[Any], str], window: str, customer: str) -> dict:
    n = len(values)
    reading = f"rank 1 (most) to {numbers.count(n)} of each {customer}, equal values equal; shown is what the middle {customer} did"
    return _row(name, values.median(), median_interval(values), n, fmt, window, reading)


def _feedback(segments: pd.DataFrame, *, window: str, customers: str) -> dict:
    n = int(segments["feedback_count_rank"].notna().sum())
    reading = f"rank of the {customers} by opinions given" if n else "not known: this data has no table of feedback"
    return _row("feedback-count loyalty", np.nan, Interval(np.nan, np.nan), n or np.nan, numbers.count, window, reading)


def _row(
    name: str, value: Any, interval: Interval, n: Any, fmt: Callable[[Any], str], period: str, reading: str
) -> dict:
    return {"measure": sentence_case(name), "value": fmt(value), "interval": numbers.interval(*interval, fmt),
            "n": n, "period": period, "reading": sentence_case(reading)}  # fmt: skip


def _format(unit: str) -> Callable[[Any], str]:
    return numbers.percent if unit.startswith("share") else one_decimal


def _in_words_of_the_study(note: str, *, customer: str, customers: str) -> str:
    return note.replace("customers", customers).replace("customer", customer).replace(" x ", " × ")


def _dates_in_words(words: str) -> str:
    """Return words with their dates as people write them: 91 days to 2017-12-31 becomes 91 days to 31 December 2017."""
    import re
    from datetime import date

    return re.sub(r"\d{4}-\d\d-\d\d", lambda found: numbers.day(date.fromisoformat(found[0])), words)
