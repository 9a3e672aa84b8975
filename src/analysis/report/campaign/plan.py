"""Who gets what next: the plan by segment, its cost, and what it does not use."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from analysis.report import blanks, numbers, page, tables, validated
from analysis.report.campaign import few
from analysis.report.campaign.phrases import TOTAL, money, total
from analysis.report.words import in_words, join_and, sentence_case

if TYPE_CHECKING:
    import pandas as pd

    from analysis.report.fragments import Fragment

KEY, LABEL = "plan", "Who gets what next"
ENDED = few.ENDED
PROMISE = "promise of a plan of households"  # its estimates, in the validation
BARRED = few.BARRED  # reasons of the plan why somebody is in neither arm, whatever the segment
NOTHING = "nothing"
COUNTS = ["customers", "treated", "holdout", "cut", "barred"]
COSTS = ["expected_cost", "largest_cost"]


def by_segment(
    plan: pd.DataFrame, promise: pd.DataFrame, strategies: pd.DataFrame, *, incentives: Mapping[str, str]
) -> pd.DataFrame:
    """One row per segment that has a customer, then one for all: gets, counts, expected and largest cost, why.

    By priority, then those who get nothing, largest first. `incentives` names each incentive by its id; `cut` counts
    whom the budget did not reach, `barred` who may not be contacted; `customers` counts these too.
    """
    import pandas as pd

    sizes = plan["segment"].value_counts()
    rows = promise[promise["segment"].isin(sizes.index)].assign(customers=lambda row: row["segment"].map(sizes))
    given = strategies[["segment", "priority", "gift", "incentive", "why"]]
    table = rows.merge(given, on="segment", how="left", validate="1:1")
    for name, reasons in (("cut", [ENDED]), ("barred", BARRED)):
        counted = plan.loc[plan["reason"].isin(reasons), "segment"].value_counts()
        table[name] = table["segment"].map(counted).fillna(0).astype(int)
    table["gets"] = [_gets(row.gift, row.incentive, incentives) for row in table.itertuples()]
    table["why"] = table["why"].where(table["gets"] != NOTHING, "no strategy for this segment")
    table = table.sort_values(["priority", "customers", "segment"], ascending=[True, False, True])
    whole = {"segment": TOTAL, "gets": "", "why": ""} | {name: table[name].sum() for name in [*COUNTS, *COSTS]}
    columns = ["segment", "gets", *COUNTS, *COSTS, "why"]
    return pd.concat([table[columns], pd.DataFrame([whole])[columns]], ignore_index=True)


def title(promise: pd.DataFrame | None, *, customers: str, currency: str) -> str:
    """Return the decision: how many get something for how much, and how many are held out."""
    whole = total(promise)
    if whole is None:
        return "Nobody is planned to get anything"
    cost = money(whole["expected_cost"], currency)
    gets = f"{numbers.count(whole['treated'])} {customers} in {segments_in_words(promise)} get something, for {cost}"
    if not whole["holdout"]:
        return f"{gets}; nobody is held out"
    return f"{gets}; {numbers.count(whole['holdout'])} get nothing, by lot"


def leads(
    plan: pd.DataFrame, promise: pd.DataFrame, *, customer: str, customers: str, currency: str, budget: float,
    told: few.Planned | None = None,
) -> list[str]:  # fmt: skip
    """Return what the plan costs against the budget, and who gets nothing for which reason; `told` is what may be said."""
    told = few.Planned(promise, {}) if told is None else told
    whole = total(promise)
    expected, largest = (money(whole[cost], currency) for cost in COSTS)
    ended = int((plan["reason"] == ENDED).sum())
    left = (
        ""
        if ended
        else f"; every segment with an incentive is reached in full, and {money(budget - whole['expected_cost'], currency)} is left"
    )
    lines = [
        f"Expected to use {expected} of {money(budget, currency)}{left}. If every treated {customer} used everything, it would cost "
        f"{largest}: {beyond(whole['largest_cost'], budget, currency=currency)}."
    ]
    out = plan[plan["arm"] == "not planned"]
    others = out.loc[~out["reason"].isin([ENDED, *BARRED]), "segment"]
    reasons = [f"{numbers.count(n)} {customers} {said}" for reason, said in zip(BARRED, ("without consent", BARRED[1]), strict=True)
               if (n := (out["reason"] == reason).sum()) and reason not in told.unsaid]  # fmt: skip
    if len(others) and told.others:
        names = join_and(sorted(others.unique()))
        reasons.append(f"{numbers.count(len(others))} {customers} whose segment has no incentive ({names})")
    if ended and told.ended:
        reasons.append(f"{numbers.count(ended)} whom the budget does not reach")
    lines += whole_households(plan, customers=customers)
    return [*lines, f"Not in the plan: {join_and(reasons)}."] if reasons else lines


def whole_households(plan: pd.DataFrame, *, customers: str) -> list[str]:
    """Return how many households are drawn, where the plan drew these and not single customers; nothing else."""
    planned = plan[plan["arm"] != "not planned"]
    if "household" not in plan or planned.empty:
        return []
    held = planned.loc[planned["arm"] == "holdout", "household"].nunique()
    return [
        f"Whole households are drawn: {numbers.count(planned['household'].nunique())} "
        f"households with {numbers.count(len(planned))} {customers}, {numbers.count(held)} of them held out; they are what is compared. "
        f"{sentence_case(PROMISE)}: {validated.remark(PROMISE)}"
    ]


def beyond(largest: float, budget: float, *, currency: str) -> str:
    """Return how the largest cost compares with the budget."""
    over = round(largest - budget, 2)
    return f"{money(over, currency)} more than the budget" if over > 0 else "still within the budget"


def section(
    plan: pd.DataFrame | None, promise: pd.DataFrame | None, strategies: pd.DataFrame | None, *,
    incentives: Mapping[str, str], customer: str, customers: str, currency: str, budget: float, days: int,
    consent_known: bool, smallest: int = 0,
) -> Fragment:  # fmt: skip
    """Return the section with the plan as a table: what each segment gets, how many, at what cost, and why."""
    told = few.planned(promise, plan, smallest=smallest)
    if smallest and plan is not None and total(told.promise) is None:
        return blanks.too_few(KEY, "the plan", smallest=smallest, customers=customers, label=LABEL)
    promise = told.promise
    headline = title(promise, customers=customers, currency=currency)
    if plan is None or strategies is None or total(promise) is None:
        what = f"There is no plan in which any of the {customers} gets an incentive."
        needs = "With strategies and a budget that reaches someone, this section shows who gets what."
        return page.absent(KEY, headline, what, needs, label=LABEL)
    table = by_segment(plan, promise, strategies, incentives=incentives)
    if not table["barred"].any():  # where consent is not known, a column of zeros would claim that everyone gave it
        table = table.drop(columns="barred")
    table = _told(table, told, promise) if smallest else table
    n = numbers.count(told.counts["customers"][TOTAL] if smallest else len(plan))
    shown = table if table["cut"].any() else table.drop(columns="cut")
    names = {
        "gets": "Gets", "customers": sentence_case(customers), "treated": "Treated", "holdout": "Held out",
        "cut": "Not reached", "barred": "May not be contacted", "expected_cost": "Expected cost", "largest_cost": "Largest cost",
    }  # fmt: skip
    return page.section(
        KEY,
        headline,
        leads(plan, promise, customer=customer, customers=customers, currency=currency, budget=budget, told=told),
        label=LABEL,
        subtitle=f"Plan for {days} days from its start, in order of priority. n = {n} {customers}, "
        f"each in one segment. Costs in {currency} for the whole segment.",
        table=tables.table(
            shown,
            caption="What each segment gets",
            names={name: head for name, head in names.items() if name in shown},
            formats=dict.fromkeys(COSTS, numbers.count),
            unknown=blanks.dash(smallest, customers=customers),
        ),
        csv=tables.csv_link(table, "plan_by_segment.csv"),
        source="plan, strategies of the study",
        how_to_read="Held out are drawn by lot, the same share of every segment, and get nothing.",
        note=f"Expected cost is cost times the share assumed to use it. {consent(consent_known)}"
        + blanks.note(promise["treated"], what="segment", smallest=smallest, customers=customers),
    )


def _told(table: pd.DataFrame, told: few.Planned, promise: pd.DataFrame) -> pd.DataFrame:
    """The table of `by_segment` with the counts that may be told, and the totals of the promise, which count blank segments too."""
    whole = promise[promise["segment"] == TOTAL].iloc[0]
    made = table.assign(**{name: table["segment"].map(counts).astype("Int64") for name, counts in told.counts.items()})
    for column in ["treated", "holdout", *COSTS]:
        made[column] = made[column].astype("Float64").where(made["segment"] != TOTAL, whole[column])
    return made.astype({"treated": "Int64", "holdout": "Int64"})


def consent(known: bool) -> str:
    """Return what the plan does about consent to be contacted."""
    if known:
        return "Who gave no consent to be contacted is in neither group."
    return "Consent to be contacted is not recorded in this data: strike those who gave none, treated and held out alike, before sending."


def segments_in_words(promise: pd.DataFrame) -> str:
    """Return how many segments the plan reaches: `six segments`."""
    treated = promise.loc[promise["segment"] != TOTAL, "treated"]
    reached = int((treated.isna() | (treated > 0)).sum())  # a blank is of few, and not of nobody
    return f"{in_words(reached)} segment{'s' * (reached != 1)}"


def _gets(gift: object, incentive: object, incentives: Mapping[str, str]) -> str:
    chosen = [incentives.get(str(one), str(one)) for one in (gift, incentive) if numbers.is_known(one)]
    return " + ".join(chosen) or NOTHING
