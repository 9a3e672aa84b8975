"""What each campaign may have changed: contacted against comparable customers, in three ways, and with every check."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis.inference.corrections import HOLM, comparisons, correction
from analysis.monitor.campaigns import begun
from analysis.monitor.comparison import Lists, Rules, Windows, reached_by, why_not, windows
from analysis.monitor.days_of_use import spent_when_used, uses
from analysis.monitor.evidence import COLUMNS as METHOD_COLUMNS
from analysis.monitor.evidence import Looked, look
from analysis.monitor.naive import audiences
from analysis.monitor.past import Past, traits
from analysis.monitor.pseudo_campaigns import pseudo_campaigns
from analysis.monitor.untouched import scaled_change, untouched_spend
from analysis.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    import narwhals as nw

NO_ESTIMATE = "no estimate"  # the verdict where windows or customers are missing; the others are inference's
COLUMNS = ["campaign_id", "weeks", "effect_per_week", "low", "high", "p_value", "p_adjusted",
           "total_effect", "total_low", "total_high", "contacted_used", "contacted_left_out",
           "comparable", "comparable_effective", "placebo_effect", "placebo_low", "placebo_high",
           "verdict", "why"]  # fmt: skip
CHECK_COLUMNS = ["campaign_id", "check", "state", "said"]
BALANCE_COLUMNS = ["campaign_id", "trait", "before", "after"]


class Compared(NamedTuple):
    """What campaigns without a lot may have changed."""

    results: pd.DataFrame  #: one row per campaign, see `campaign_estimates`
    methods: pd.DataFrame  #: one row per campaign with an estimate and method, see `evidence`
    checks: pd.DataFrame  #: one row per campaign with an estimate and check: state and what it found
    balance: (
        pd.DataFrame
    )  #: one row per campaign with an estimate and trait: standardised difference before and after weighting
    pseudo: pd.DataFrame  #: one row per campaign and earlier date, see `pseudo_campaigns`


def campaign_estimates(
    contacts: pd.DataFrame, orders: nw.LazyFrame, campaigns: pd.DataFrame, customers: pd.DataFrame,
    offers: nw.LazyFrame | None = None, products: pd.DataFrame | None = None, responses: pd.DataFrame | None = None, *,
    as_of: date, data_from: date, rules: Rules, unit: str, seed: int, confidence: float = 0.95,
    only: Collection[str] | None = None, looked_at_too: Sequence[float] = (), many: str = HOLM,
) -> Compared:  # fmt: skip
    """One row per campaign begun by `as_of`: the change of the contacted against comparable customers, and its placebo.

    `effect_per_week` is in currency per contacted customer and week (sales, not margin), `low` and `high` its
    interval, which counts how far pseudo-campaigns on earlier dates scatter; `p_adjusted` counts all campaigns with
    a p-value, as `many` says (see `corrections`). `total_effect` is that times weeks times `contacted_used`, the contacted
    who have comparable customers; for `contacted_left_out` nothing is claimed. `comparable_effective` is how many equally
    weighted customers the `comparable` are worth.
    `placebo_effect` is the same estimate one window earlier, when the campaign had not begun. What cannot be estimated is
    NaN, with the reason in `why`.

    With `only`, rows are those campaigns; `looked_at_too` are p-values of others, measured by lot, that count too. Without
    `offers` and `products` nothing is known that a campaign could not touch, and without `responses` nobody is known to have used
    an offer: none is then called consistent with a gain.

    `comparison` explains windows, strata and their limits. A holdout counts as not contacted. Contact was not random,
    so no word of `verdict` says "caused"; a gain or loss that does not stand among all campaigns is "cannot
    tell".
    """
    runs = begun(campaigns, as_of=as_of)
    reached = reached_by(contacts, runs, customers)
    past = Past.read(orders, reached.index, data_from=data_from)
    lists = Lists.of(reached, runs, audiences(customers, runs))
    wanted = runs[runs["campaign_id"].isin(runs["campaign_id"] if only is None else list(only))]
    spans = {row.campaign_id: windows(row.starts_on, days=row.days, data_from=data_from) for row in wanted.itertuples()}
    reasons = {name: why_not(found, rules=rules) for name, found in spans.items()}
    possible = wanted[wanted["campaign_id"].isin([name for name, reason in reasons.items() if reason is None])]
    pseudo = pseudo_campaigns(past, possible, lists, rules=rules)
    untouched = _untouched(
        orders, offers, products, {name: spans[name] for name in possible["campaign_id"]}, reached.index
    )
    rows, parts = [], []
    for row in wanted.itertuples():
        name = row.campaign_id
        columns = {"campaign_id": name, "weeks": row.days / 7, "verdict": NO_ESTIMATE, "why": reasons[name]}
        if reasons[name] is None:
            main = _changes(past, spans[name], lists, name, rules=rules)
            earlier = windows(row.starts_on, days=row.days, data_from=data_from, moved_back=1)
            before = None if why_not(earlier, rules=rules) else _changes(past, earlier, lists, name, rules=rules)
            spared = scaled_change(
                untouched, past.spent(spans[name].before), lists.contacted(name), campaign_id=name, weeks=row.days / 7
            )
            used = uses(responses, reached.index, past, campaign_id=name)
            when_used = None if used is None else spent_when_used(past, used, spans[name].after) / (row.days / 7)
            about = traits(past, spans[name], lists, campaign_id=name)
            spent = past.spent(spans[name].after) / (row.days / 7)
            asked = lists.asked(name)
            main, before, spared, about, spent, when_used = (
                None if part is None else part[asked] for part in (main, before, spared, about, spent, when_used)
            )
            found = look(
                main, before, spared, about, spent, ~main["contacted"].to_numpy(), pseudo, when_used,
                rules=rules, rng=generator(seed, f"doubly robust {name}"), unit=unit, confidence=confidence,
            )  # fmt: skip
            if found is None:
                columns["why"] = _too_few(main, rules=rules)
            else:
                columns |= _in_columns(found, weeks=row.days / 7)
                parts.append((name, found))
        rows.append(columns)
    table = _adjusted(pd.DataFrame(rows).reindex(columns=COLUMNS), looked_at_too, confidence=confidence, many=many)
    return Compared(table, *_tables(parts), pseudo)


def _untouched(orders, offers, products, spans: dict[str, Windows], everyone: pd.Index) -> pd.DataFrame:
    """Spend that each campaign cannot touch, one row per customer; no columns where offers or products are not known."""
    if offers is None or products is None or not spans:
        return pd.DataFrame(index=everyone)
    return untouched_spend(orders, offers, products, spans).reindex(everyone, fill_value=0.0)


def _changes(past: Past, found: Windows, lists: Lists, campaign_id: str, *, rules: Rules) -> pd.DataFrame:
    stratum = lists.strata(found, past.spent(found.history), campaign_id=campaign_id, bands=rules.bands)
    change = (past.spent(found.after) - past.spent(found.before)) / (found.days / 7)
    return pd.DataFrame({"stratum": stratum, "contacted": lists.contacted(campaign_id), "change": change})


def _too_few(main: pd.DataFrame, *, rules: Rules) -> str:
    both = main.groupby("stratum")["contacted"].agg(["sum", "size"])
    enough = (both["sum"] >= rules.min_per_arm) & (both["size"] - both["sum"] >= rules.min_per_arm)
    used = int(both.loc[enough, "sum"].sum())
    return f"Only {used} contacted customers have comparable ones; an estimate needs {rules.min_contacted}."


def _in_columns(found: Looked, *, weeks: float) -> dict[str, object]:
    effect, scale = found.estimate, found.estimate.contacted_used * weeks
    low, high = effect.interval
    before = (found.before.effect, *found.before.interval) if found.before else (np.nan,) * 3
    return {
        "effect_per_week": effect.effect, "low": low, "high": high, "p_value": effect.p_value,
        "total_effect": effect.effect * scale, "total_low": low * scale, "total_high": high * scale,
        "contacted_used": effect.contacted_used, "contacted_left_out": effect.contacted_left_out,
        "comparable": effect.comparable_used, "comparable_effective": found.effective,
        **dict(zip(("placebo_effect", "placebo_low", "placebo_high"), before, strict=True)),
        "verdict": found.verdict.word, "why": found.verdict.why,
    }  # fmt: skip


def _tables(parts: list[tuple[str, Looked]]) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Methods, checks and balance of all campaigns with an estimate, by campaign."""
    methods = [found.methods.assign(campaign_id=name)[METHOD_COLUMNS] for name, found in parts]
    balance = [found.balance.assign(campaign_id=name)[BALANCE_COLUMNS] for name, found in parts]
    checks = [(name, *check) for name, found in parts for check in found.checks]
    return (
        pd.concat(methods, ignore_index=True) if methods else pd.DataFrame(columns=METHOD_COLUMNS),
        pd.DataFrame(checks, columns=CHECK_COLUMNS),
        pd.concat(balance, ignore_index=True) if balance else pd.DataFrame(columns=BALANCE_COLUMNS),
    )


def _adjusted(table: pd.DataFrame, looked_at_too: Sequence[float], *, confidence: float, many: str) -> pd.DataFrame:
    """Fill in adjusted p-values, and take back a gain or loss that does not stand among all campaigns looked at."""
    together = np.array([*table["p_value"], *looked_at_too], dtype=float)
    corrected = correction(many)
    table["p_adjusted"] = corrected.adjust(together)[: len(table)]
    whole = dict.fromkeys(("contacted_used", "contacted_left_out", "comparable"), "Int64")  # missing stays missing
    table = table.astype({"campaign_id": "str", "verdict": "str", "why": "str"} | whole)
    weak = table["verdict"].str.startswith("consistent") & (table["p_adjusted"] >= 1 - confidence)
    table.loc[weak, "why"] = [
        f"Looked at alone the difference would stand (p = {alone:.3f}), but not as one of {comparisons(together)} campaigns looked at "
        f"(p = {adjusted:.2f} by {corrected.name})."
        for alone, adjusted in table.loc[weak, ["p_value", "p_adjusted"]].itertuples(index=False)
    ]
    table.loc[weak, "verdict"] = "cannot tell"
    return table.sort_values("campaign_id").reset_index(drop=True)
