"""What every campaign changed, each by the method that its contacts allow: by lot, by comparison, or not at all."""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

import numpy as np
import pandas as pd

from analysis import engine
from analysis.inference.corrections import HOLM, comparisons, correction
from analysis.monitor import household_lots, lot_effects, lots, naive
from analysis.monitor.campaigns import A_A, begun
from analysis.monitor.comparison import DAY, Lists, Rules, reached_by, spend_in_windows
from analysis.monitor.drawn_units import Drawn, drawn_units
from analysis.monitor.estimates import COLUMNS as ESTIMATED
from analysis.monitor.estimates import NO_ESTIMATE, Compared, campaign_estimates
from analysis.monitor.past import Past
from analysis.monitor.pseudo_campaigns import own_past
from analysis.randomness import generator

if TYPE_CHECKING:
    from datetime import date

    import narwhals as nw

LOT, COMPARABLE, NONE = "lot", "comparable customers", "none"  # how a campaign is measured
LIFT = ["lift", "lift_low", "lift_high"]
COLUMNS = ["campaign_id", "method", *ESTIMATED[1:], *LIFT, "naive_effect", "tested"]
UNSAID = " Some were held out, but the contacts do not say by which chance (propensity): nobody knows whether lots were drawn."
EVERYONE = "Everyone who could be contacted was: there is nobody to compare with."


class Effects(NamedTuple):
    """What the campaigns changed, and the lots that this rests on."""

    results: pd.DataFrame  #: one row per campaign begun, see `campaign_effects`
    lots: pd.DataFrame  #: one row per campaign drawn by lot, see `lots.checks`
    strata: pd.DataFrame  #: one row per campaign drawn by lot, dimension and group, see `lots.strata`
    units: Drawn  #: the campaigns that drew households instead of customers, see `household_lots`
    compared: Compared  #: those without a lot, in three ways and with every check, see `estimates`


def campaign_effects(
    contacts: pd.DataFrame, orders: nw.LazyFrame, campaigns: pd.DataFrame, customers: pd.DataFrame,
    responses: pd.DataFrame, offers: nw.LazyFrame, products: pd.DataFrame | None = None, *,
    as_of: date, data_from: date, rules: Rules, unit: str, seed: int, confidence: float = 0.95, households: bool = False,
    many: str = HOLM,
) -> Effects:  # fmt: skip
    """One row per campaign begun by `as_of`: how it was measured, what was found, and what the naive method would say.

    `method` is "lot" where customers were held out by lot: intention to treat, everyone in the arm they were drawn for
    (see `permutation.compare`). It is "comparable customers" where there was no lot (see `estimates`), and "none" where
    fewer than `rules.min_contacted` customers who could have been contacted were not: there, `why` says how their spend changed and
    how it did on earlier dates (see `pseudo_campaigns.own_past`), and nothing is estimated. The columns are those of
    `campaign_estimates`; for a lot `comparable` are the held out and the placebo is the same comparison on spend before.
    `p_adjusted` counts all campaigns looked at, as `many` says (see `corrections`); `tested` is their number. `naive_effect` is
    mean spend of the contacted minus that of everyone else who could have been contacted, per week. A broken lot has no estimate.
    Where a lot drew households, as the study says (`households`) or the contacts show, these are drawn again (see `drawn_units`).
    """
    runs = begun(campaigns, as_of=as_of)
    drawn = lots.drawn(contacts)
    drawn = drawn[drawn["campaign_id"].isin(runs["campaign_id"])].reset_index(drop=True)
    reached = reached_by(contacts, runs, customers)
    spend = engine.collect(spend_in_windows(orders, spans(runs, drawn, data_from=data_from)))
    spend = spend.set_index("customer_id").astype(float)
    units = drawn_units(contacts, drawn, customers, declared=households)
    by_lot, groups, checked = household_lots.read(
        contacts, drawn, units, spend, customers, responses, orders, offers, runs
    )
    found = {
        row.campaign_id: _by_lot(by_lot[by_lot["campaign_id"] == row.campaign_id], row, data_from, seed, confidence)
        for row in checked.merge(runs[["campaign_id", "starts_on", "days"]], on="campaign_id").itertuples()
    }
    p_lots = [result.p_value for result, _ in found.values() if result is not None]
    method = _methods(runs, reached, customers, by_lot=found, least=rules.min_contacted)
    compared = campaign_estimates(
        contacts, orders, campaigns, customers, offers, products, responses, as_of=as_of, data_from=data_from, rules=rules, unit=unit,
        seed=seed, confidence=confidence, only=[name for name, how in method.items() if how == COMPARABLE], looked_at_too=p_lots, many=many,
    )  # fmt: skip
    p_all = [*p_lots, *compared.results["p_value"]]
    among, adjusted = {"tested": comparisons(p_all), "by": correction(many).name}, correction(many).adjust(p_all)
    weighed = dict(zip([name for name, (result, _) in found.items() if result is not None], adjusted, strict=False))
    alone = [name for name, how in method.items() if how == NONE]
    past = Past.read(orders, reached.index, data_from=data_from) if alone else None
    rows = []
    for row in runs.itertuples():
        columns = {"campaign_id": row.campaign_id, "weeks": row.days / 7}
        if row.campaign_id in alone:
            why = f"{EVERYONE} {_before_and_after(past, row, Lists.of(reached, runs), rules, unit)}"
            rows.append(columns | {"verdict": lot_effects.NO_CONTROL, "why": why})
        elif method[row.campaign_id] == LOT:
            check, p_adjusted = checked.set_index("campaign_id").loc[row.campaign_id], weighed.get(row.campaign_id)
            said = _in_words(
                *found[row.campaign_id], check, row, p_adjusted, among=among, unit=unit, confidence=confidence
            )
            rows.append(columns | household_lots.in_words(said, units, row.campaign_id))
    told = pd.DataFrame({
        "campaign_id": runs["campaign_id"], "method": runs["campaign_id"].map(method), "tested": among["tested"],
        "naive_effect": [_naive(row, spend, reached, customers, method[row.campaign_id]) for row in runs.itertuples()],
    })  # fmt: skip
    results = _together(told, rows, compared.results)
    unsaid = results["campaign_id"].isin(lots.unsaid(contacts, drawn)) & (results["method"] == COMPARABLE)
    results.loc[unsaid, "why"] += UNSAID
    units = household_lots.per_household(units, by_lot, results, seed=seed, confidence=confidence)
    return Effects(results, checked, groups, units, compared)


def spans(runs: pd.DataFrame, drawn: pd.DataFrame, *, data_from: date) -> dict[str, tuple[pd.Timestamp, pd.Timestamp]]:
    """Return the named spans of days in which spend is needed: every campaign's own, and those before a lot's start."""
    found = {f"{row.campaign_id} after": (row.starts_on, row.measured_until) for row in runs.itertuples()}
    for row in runs[runs["campaign_id"].isin(drawn["campaign_id"])].itertuples():
        last = row.starts_on - DAY
        recent = max(row.starts_on - lots.RECENT_DAYS * DAY, pd.Timestamp(data_from))
        found[f"{row.campaign_id} recent"] = (recent, last)
        if row.starts_on - row.days * DAY >= pd.Timestamp(data_from):
            found[f"{row.campaign_id} before"] = (row.starts_on - row.days * DAY, last)
    return found


def _methods(runs: pd.DataFrame, reached: pd.DataFrame, customers: pd.DataFrame, *, by_lot, least: int) -> dict[str, str]:  # fmt: skip
    """How each campaign is measured; without a lot, it needs `least` customers who could have been contacted and were not."""
    found = {}
    for row in runs.itertuples():
        contacted = reached[row.campaign_id]
        others = int(naive.not_contacted(contacted, customers, on=row.starts_on).sum())
        alone = contacted.any() and others < least
        found[row.campaign_id] = LOT if row.campaign_id in by_lot else NONE if alone else COMPARABLE
    return found


def _naive(row, spend: pd.DataFrame, reached: pd.DataFrame, customers: pd.DataFrame, method: str) -> float:
    """The naive effect per week, NaN where there is nobody to compare with."""
    if method == NONE:
        return np.nan
    window = spend[f"{row.campaign_id} after"]
    return naive.naive_effect(window, reached[row.campaign_id], customers, on=row.starts_on) / (row.days / 7)


def _before_and_after(past: Past, row, lists: Lists, rules: Rules, unit: str) -> str:
    """How spend changed where there is nobody to compare with, beside how it changed on earlier dates; never an effect."""
    found = own_past(past, row, lists, rules=rules)
    if np.isnan(found.change):
        return "The weeks before are not in the data, so that not even before and after can be told."
    said = f"From the weeks before to the campaign their spend changed by {found.change:+,.1f} {unit}"
    if np.isnan(found.low):
        return f"{said}; {found.dates} earlier dates are too few to say how far it moves by itself."
    return (f"{said}; between {found.dates} pairs of windows on earlier dates it moved by {found.low:+,.1f} to {found.high:+,.1f} "
            "(19 of 20). That is before and after, not an effect.")  # fmt: skip


def _by_lot(part: pd.DataFrame, check, data_from: date, seed: int, confidence: float):
    """The result of a lot and the same comparison before it; None where the lot may not be read."""
    if check.broken or check.share_meant != check.share_meant or check.starts_on < pd.Timestamp(data_from):
        return None, None
    after, before = (
        lot_effects.found_by_lot(part, span=span, rng=generator(seed, f"lot {check.campaign_id} {span}"), confidence=confidence)
        if part[span].notna().all() else None
        for span in ("after", "before")
    )  # fmt: skip
    return after, before


def _in_words(result, before, check: pd.Series, row, p_adjusted, *, among: dict, unit: str, confidence: float) -> dict:
    """The columns of a campaign by lot, its verdict included."""
    if check["broken"]:
        why = f"The lot is broken{lots.chance_of_split(check['split_p'])}: {check['where_broken']}."
        return {"verdict": lot_effects.NOT_VALID, "why": f"{why} Those that are left cannot be compared."}
    if result is None:
        differs = "The chance of being treated differs between customers; such a lot is not read here."
        early = "The campaign began before the data."
        return {"verdict": NO_ESTIMATE, "why": differs if check["share_meant"] != check["share_meant"] else early}
    around = lot_effects.Around(
        **among,
        p_adjusted=p_adjusted,
        sent_nothing=row.kind == A_A,
        leaked=0 if pd.isna(check["leaked"]) else int(check["leaked"]),
        holdout=int(check["holdout"]),
        open_until="" if row.closed else f"{row.measured_until:%Y-%m-%d}",
    )
    weeks = row.days / 7
    word, why = lot_effects.verdict(result, around, weeks=weeks, unit=unit, confidence=confidence)
    columns = lot_effects.in_columns(
        result, before, weeks=weeks, n_treated=int(check["treated"]), n_holdout=int(check["holdout"])
    )
    return columns | {"p_adjusted": p_adjusted, "verdict": word, "why": why}


def _together(told: pd.DataFrame, by_lot: list[dict], compared: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign with all columns: `told` for every campaign, the rest from its lot or its comparison."""
    lot = pd.DataFrame(by_lot, columns=[*ESTIMATED, *LIFT])
    parts = [part for part in (lot, compared) if len(part)]
    found = pd.concat(parts, ignore_index=True) if parts else lot
    table = told.merge(found, on="campaign_id", how="left", validate="one_to_one").reindex(columns=COLUMNS)
    words = dict.fromkeys(("campaign_id", "method", "verdict", "why"), "str")
    counts = dict.fromkeys(("contacted_used", "contacted_left_out", "comparable"), "Int64")
    numbers = dict.fromkeys((name for name in COLUMNS if name not in {*words, *counts, "tested"}), "float64")
    return table.astype(words | counts | numbers | {"tested": "int64"}).sort_values("campaign_id", ignore_index=True)
