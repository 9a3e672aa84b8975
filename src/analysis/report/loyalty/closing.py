"""What to do next, tied to the plan, and how far to trust the page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.report import numbers, page, validated, wordings
from analysis.report.loyalty.phrases import whole_percent
from analysis.report.words import join_and, plural, sentence_case
from analysis.small_groups import rule_in_words

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

MOST_STEPS = 5
ALL = "all segments"  # the row of the plan's promise that adds up the others


def planned(promise: pd.DataFrame, strategies: pd.DataFrame, shares: pd.DataFrame) -> pd.DataFrame:
    """One row per segment for which the plan has anyone: segment, gift, incentive, treated, holdout, share_of_sales.

    In the plan's order of priority. At most four: the first in priority, and of the others those with the most sales.
    """
    rows = promise[(promise["segment"] != ALL) & (promise["planned"] > 0)].dropna(
        subset=["customers", "treated", "holdout"]
    )
    table = rows.merge(strategies[["segment", "priority", "gift", "incentive", "why"]], on="segment", how="inner")
    table = table.merge(shares[["segment", "share_of_sales"]], on="segment", how="inner")
    table = table.sort_values(["priority", "segment"], ignore_index=True)
    by_sales = table.iloc[1:].sort_values(["share_of_sales", "segment"], ascending=[False, True]).head(MOST_STEPS - 2)
    chosen = [*table.index[:1], *by_sales.index]
    return table.loc[sorted(chosen)].reset_index(drop=True)


def steps(
    promise: pd.DataFrame | None, strategies: pd.DataFrame | None, shares: pd.DataFrame,
    *, incentives: Mapping[str, str], customers: str, currency: str,
) -> list[str]:  # fmt: skip
    """Return one to five things to do: what the plan does for the segments that matter most, and how to learn from it.

    `promise` and `strategies` have one row per segment, `incentives` the name of each incentive by its id.
    """
    nothing = [
        f"Make a plan for the {customers} above before anything is sent: nothing is planned for any segment yet."
    ]
    if promise is None or strategies is None:
        return nothing
    table = planned(promise, strategies, shares)
    if table.empty:
        return nothing
    lines = [_step(row, incentives=incentives, customers=customers) for row in table.to_dict("records")]
    return [*lines, *_learning(promise, customers=customers, currency=currency)]


def next_steps(
    promise: pd.DataFrame | None, strategies: pd.DataFrame | None, shares: pd.DataFrame, **words
) -> Fragment:
    """Return the part of the page; see `steps`."""
    return page.next_steps(steps(promise, strategies, shares, **words))


def quality_lines(
    quality: pd.DataFrame, reasons: pd.DataFrame, kept: pd.DataFrame, *, currency: str
) -> list[str]:  # fmt: skip
    """Return what happened to order lines, orders and money between what came in and what is shown, in plain words."""
    lines = []
    orders = quality[quality["table"] == "orders"]
    if len(orders):
        row = orders.iloc[0]
        not_seen = int(row["rows_not_yet_seen"])
        later = f", {plural(not_seen, 'line')} after the study's day not yet seen" if not_seen else ""
        money = f"; not yet seen: {numbers.money(row['amount_not_yet_seen'], currency)}" if not_seen else ""
        lines.append(
            f"{numbers.count(row['rows_in'])} order lines came in, {numbers.count(row['rows_kept'])} are kept, "
            f"{numbers.count(row['rows_set_aside'])} set aside{later}. Sales before: {numbers.money(row['amount_in'], currency)}, after: "
            f"{numbers.money(row['amount_kept'], currency)}; set aside: {numbers.money(row['amount_set_aside'], currency)}{money}."
        )  # fmt: skip
        why = reasons[reasons["table"] == "orders"].sort_values("rows", ascending=False)
        if len(why):
            said = [f"“{r['reason']}”, {plural(r['rows'], 'line')} ({r['because']})" for r in why.to_dict("records")]
            lines.append(f"Why lines are set aside: {'; '.join(said)}.")
    if len(kept):
        row = kept.iloc[0]
        later = f"; {numbers.count(row['orders_not_yet_seen'])} are not yet seen" if row["orders_not_yet_seen"] else ""
        lines.append(
            f"Of {plural(row['orders_in'], 'order')}, {numbers.count(row['orders_kept'])} hold goods and count; "
            f"{numbers.count(row['orders_without_goods'])} hold only coupons or articles taken back{later}."
        )  # fmt: skip
    return lines


def kept_line(quality: pd.DataFrame) -> str:
    """Return how many order lines are kept, and nothing of those set aside, which can be of few people."""
    kept = quality.loc[quality["table"] == "orders", "rows_kept"]
    return f"{numbers.count(kept.sum())} order lines hold and count; what was set aside can be of few and is not shown."


def methods(*, window_days: int, bins: int, customer: str, customers: str, made_of: str) -> list[tuple[str, str]]:
    """Return one paragraph per measure: what it is, its formula in words, and what would change our mind."""
    everyone = sentence_case(customers)
    paragraphs = {
        "Coming back": f"""{everyone} with an order in one month and in the next / {customers} with an order in the first, full
            months only; interval: Wilson. We speak of a change when the interval leaves out the earlier months together and the
            rate lies beyond each of them. A second month on the same side would confirm it.""",
        f"The last {window_days} days": f"""Mean per {customer} with any order seen, each compared with itself in the {window_days}
            days before; interval: Student's t. A second year would show whether a difference is the season.""",
        "Tenths": f"""{everyone} in order of sales, cut in ten. The interval is that of a point of the Lorenz curve (Beach and
            Davidson, 1983). With margins instead of sales another tenth could lead.""",
        "Segments": f"""Scores from 1 to {bins} for recency (days since the last order), frequency (orders) and monetary (sales) by
            cut points that hold about equal numbers; then the rules of the study in order, first match wins. If parts of a segment
            answered an offer differently, we would split it.""",
        "Newly seen": f"""{everyone} by the quarter of their first order in the data: share with an order in a later month;
            interval: Wilson, differences: Newcombe. Months not yet over are blank. Knowing who truly joined would replace it.""",
        "Loyalty score": f"""Weighted mean sum(P × W) / sum(W) of behaviours in the window ({made_of}); P is the share of
            {customers} that did less. Other weights would order {customers} differently.""",
        "Simple lifetime value": f"""Sales per period of those who ordered in both windows / churn rate per period (share of the
            {customers} of the window before without an order in this one). It takes churn as constant for ever and counts a pause
            as a loss, so it ranks periods and is no price for a {customer}.""",
        "K-means groups": """Groups that lie closest in recency, order frequency, sales per order and discount share. Stability: how
            much of a group comes back when the data are resampled (Jaccard similarity, 1 is all); from 0.85 very stable, below 0.6
            not to be trusted.""",
    }
    return [(name, " ".join(words.split())) for name, words in paragraphs.items()]


def limits(*, customers: str, data_from: str) -> list[str]:
    """Return what the page does not show."""
    return [
        "Why anyone stays or leaves. Nothing here was randomised: segments and ages describe, they explain nothing. "
        "The campaign report has what can be said about effects.",
        f"Who is new. The data begins on {data_from}, and a first order seen is not a first order ever.",
        f"Who is gone, and where else {customers} buy. An order elsewhere or without the card is not seen.",
        "The season. Within one year each month comes once, so a step between two months may come every year.",
        "Profit. All money is sales; there is no margin.",
    ]


def _step(row: dict, *, incentives: Mapping[str, str], customers: str) -> str:
    gets = [incentives.get(row[kind], row[kind]) for kind in ("gift", "incentive") if numbers.is_known(row[kind])]
    why = f" ({row['why']})" if isinstance(row["why"], str) and row["why"] else ""
    sales = f" with {whole_percent(row['share_of_sales'])} of sales" if numbers.is_known(row["share_of_sales"]) else ""
    return (
        f"{sentence_case(row['segment'])}, {plural(row['customers'], customers, customers)}{sales}{why}: send "
        f"{join_and(gets)} to {numbers.count(row['treated'])}, and nothing to {numbers.count(row['holdout'])} drawn by lot."
    )  # fmt: skip


def _learning(promise: pd.DataFrame, *, customers: str, currency: str) -> list[str]:
    """Return the line that says what to compare before the plan is repeated, and what it can show at which cost."""
    whole = promise[promise["segment"] == ALL]
    if whole.empty or not whole["holdout"].iloc[0]:
        return []
    row, parts = whole.iloc[0], promise[promise["segment"] != ALL]
    sent = f"{numbers.count(row['treated'])} that get something (expected cost {numbers.money(row['expected_cost'], currency, 0)})"
    line = f"Then compare the {sent} with the {numbers.count(row['holdout'])} held out, before anything is repeated"
    if not numbers.is_known(row["smallest_effect"]):
        return [f"{line}."]
    alone = parts.loc[parts["reached"].fillna(False).astype(bool), "segment"].tolist()
    each = f"of single segments only {join_and(alone)} can" if alone else "no single segment can"
    return [
        f"{line}: together they can show a rise of sales of {whole_percent(row['smallest_effect'])} or more; {each}."
    ]


def trust(
    quality: pd.DataFrame, reasons: pd.DataFrame, kept: pd.DataFrame,
    *, spelled: pd.DataFrame, alike: pd.DataFrame, currency: str, customers: str, data_from: str, smallest: int = 0, **words,
) -> Fragment:  # fmt: skip
    """Return the part of the page from the tables of quality and of spellings; `words` are those of `methods`."""
    told = [kept_line(quality)] if smallest else quality_lines(quality, reasons, kept, currency=currency)
    return page.trust(
        quality=[
            *told,
            *([] if smallest else wordings.lines(spelled, alike)),
            rule_in_words(smallest, customers=customers),
        ],
        method=[*methods(customers=customers, **words), ("Validation", validated.paragraph("loyalty"))],
        limits=limits(customers=customers, data_from=data_from),
    )
