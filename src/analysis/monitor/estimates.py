"""What each campaign may have changed: contacted against comparable customers, with a check on the weeks before."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from analysis import engine
from analysis.inference.multiple import holm
from analysis.inference.observational import Estimate, difference_in_differences, effective_comparison, verdict
from analysis.monitor.campaigns import begun
from analysis.monitor.comparison import Rules, Windows, changes, reached_by, spend_in_windows, why_not, windows

if TYPE_CHECKING:
    from collections.abc import Collection, Sequence
    from datetime import date

    import narwhals as nw

NO_ESTIMATE = "no estimate"  # the verdict where windows or customers are missing; the others are inference's
PARTS = ("after", "before", "history")
COLUMNS = ["campaign_id", "weeks", "effect_per_week", "low", "high", "p_value", "p_adjusted",
           "total_effect", "total_low", "total_high", "contacted_used", "contacted_left_out",
           "comparable", "comparable_effective", "placebo_effect", "placebo_low", "placebo_high",
           "verdict", "why"]  # fmt: skip


def campaign_estimates(
    contacts: pd.DataFrame, orders: nw.LazyFrame, campaigns: pd.DataFrame, customers: pd.DataFrame, *,
    as_of: date, data_from: date, rules: Rules, unit: str, confidence: float = 0.95,
    only: Collection[str] | None = None, looked_at_too: Sequence[float] = (),
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign begun by `as_of`: the change of the contacted against comparable customers, and its placebo.

    `effect_per_week` is in currency per contacted customer and week (sales, not margin), `low` and `high` its
    interval, `p_adjusted` Holm's over all campaigns with a p-value. `total_effect` is that times weeks times
    `contacted_used`, the contacted who have comparable customers; for `contacted_left_out` nothing is claimed.
    `comparable_effective` is how many equally weighted customers the `comparable` are worth. `placebo_effect` is the
    same estimate one window earlier, when the campaign had not begun. What cannot be estimated is NaN, with the
    reason in `why`.

    With `only`, rows are those campaigns; `looked_at_too` are p-values of others, measured by lot, that Holm counts too.

    `comparison` explains windows, strata and their limits. A holdout counts as not contacted. Contact was not random,
    so no word of `verdict` says "caused"; a gain or loss that does not stand among all campaigns (Holm) is "cannot
    tell".
    """
    runs = begun(campaigns, as_of=as_of)
    reached = reached_by(contacts, runs, customers)
    spans = {
        (row.campaign_id, back): windows(row.starts_on, days=row.days, data_from=data_from, moved_back=back)
        for row in runs.itertuples() for back in (0, 1)
    }  # fmt: skip
    possible = {key: found for key, found in spans.items() if why_not(found, rules=rules) is None}
    spend = _spend(orders, possible).reindex(reached.index, fill_value=0.0)  # no order in the data: spent nothing
    rows = []
    for row in runs[runs["campaign_id"].isin(runs["campaign_id"] if only is None else list(only))].itertuples():
        main, placebo = (
            _changes(key, possible, spend, reached, runs, rules=rules)
            for key in ((row.campaign_id, 0), (row.campaign_id, 1))
        )
        found = _estimate(main, rules=rules, confidence=confidence)
        reason = why_not(spans[row.campaign_id, 0], rules=rules)
        if found is not None and found.contacted_used < rules.min_contacted:
            reason = (f"Only {found.contacted_used} contacted customers have comparable ones; "
                      f"an estimate needs {rules.min_contacted}.")  # fmt: skip
        columns = {"campaign_id": row.campaign_id, "weeks": row.days / 7, "verdict": NO_ESTIMATE, "why": reason}
        if reason is None:
            check = _estimate(placebo, rules=rules, confidence=confidence)
            check = check if check is not None and check.contacted_used >= rules.min_contacted else None
            columns |= _in_columns(found, check, weeks=row.days / 7, unit=unit, confidence=confidence)
            columns["comparable_effective"] = effective_comparison(main, min_per_arm=rules.min_per_arm)
        rows.append(columns)
    return _adjusted(pd.DataFrame(rows).reindex(columns=COLUMNS), looked_at_too, confidence=confidence)


def _spend(orders: nw.LazyFrame, possible: dict[tuple[str, int], Windows]) -> pd.DataFrame:
    """One row per customer with an order (index): sales in every window of every estimate."""
    spans = {_span(found, part): getattr(found, part) for found in possible.values() for part in PARTS}
    return engine.collect(spend_in_windows(orders, spans)).set_index("customer_id").astype(float)


def _span(found: Windows, part: str) -> str:
    """Name of a span of days by its dates, so that the days that two estimates share are summed once."""
    return " to ".join(f"{day:%Y-%m-%d}" for day in getattr(found, part))


def _changes(
    key: tuple[str, int], possible: dict[tuple[str, int], Windows], spend: pd.DataFrame, reached: pd.DataFrame,
    runs: pd.DataFrame, *, rules: Rules,
) -> pd.DataFrame | None:  # fmt: skip
    if key not in possible:
        return None
    own = pd.DataFrame({part: spend[_span(possible[key], part)] for part in PARTS})
    return changes(possible[key], own, reached, runs, campaign_id=key[0], bands=rules.bands)


def _estimate(table: pd.DataFrame | None, *, rules: Rules, confidence: float) -> Estimate | None:
    if table is None:
        return None
    return difference_in_differences(table, min_per_arm=rules.min_per_arm, confidence=confidence)


def _in_columns(
    found: Estimate, placebo: Estimate | None, *, weeks: float, unit: str, confidence: float
) -> dict[str, object]:
    scale = found.contacted_used * weeks
    low, high = found.interval
    word = verdict(found, placebo, confidence=confidence, unit=unit)
    before = (placebo.effect, *placebo.interval) if placebo else (np.nan,) * 3
    return {
        "effect_per_week": found.effect, "low": low, "high": high, "p_value": found.p_value,
        "total_effect": found.effect * scale, "total_low": low * scale, "total_high": high * scale,
        "contacted_used": found.contacted_used, "contacted_left_out": found.contacted_left_out,
        "comparable": found.comparable_used,
        **dict(zip(("placebo_effect", "placebo_low", "placebo_high"), before, strict=True)),
        "verdict": word.word, "why": word.why,
    }  # fmt: skip


def _adjusted(table: pd.DataFrame, looked_at_too: Sequence[float], *, confidence: float) -> pd.DataFrame:
    """Fill in Holm's p-values, and take back a gain or loss that does not stand among all campaigns looked at."""
    together = np.array([*table["p_value"], *looked_at_too], dtype=float)
    table["p_adjusted"], tested = holm(together)[: len(table)], int((~np.isnan(together)).sum())
    whole = dict.fromkeys(("contacted_used", "contacted_left_out", "comparable"), "Int64")  # missing stays missing
    table = table.astype({"campaign_id": "str", "verdict": "str", "why": "str"} | whole)
    weak = table["verdict"].str.startswith("consistent") & (table["p_adjusted"] >= 1 - confidence)
    table.loc[weak, "why"] = [
        f"Looked at alone the difference would stand (p = {alone:.3f}), but not as one of {tested} campaigns looked at "
        f"(p = {adjusted:.2f} by Holm)."
        for alone, adjusted in table.loc[weak, ["p_value", "p_adjusted"]].itertuples(index=False)
    ]
    table.loc[weak, "verdict"] = "cannot tell"
    return table.sort_values("campaign_id").reset_index(drop=True)
