"""What a campaign by lot did to the weeks after it: orders that it only pulled forward are missing there.

The weeks after are as many days as the campaign had, right behind its last day, for the same customers in the same arms. What
it changed in both together is what it changed for good, as far as these weeks tell.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis.inference.interval import Interval
from analysis.inference.net_gain import Known
from analysis.monitor.campaigns import A_A
from analysis.monitor.comparison import DAY
from analysis.monitor.lot_effects import found_by_lot
from analysis.monitor.lot_people import redeemed_by_unit, spend_in_lots
from analysis.monitor.net_values import arms, worth
from analysis.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Mapping
    from datetime import date

    import narwhals as nw

    from analysis.inference.permutation import Randomised

DURING, AFTER, BOTH = SPANS = "campaign", "weeks after", "both together"
NUMBERS = ["effect", "low", "high", "p_value", "total", "total_low", "total_high", "net_value", "net_low", "net_high"]
COLUMNS = ["campaign_id", "place", "span", "first_on", "last_on", "customers", *NUMBERS, "elsewhere", "why"]


def afterwards(
    contacts: pd.DataFrame, orders: nw.LazyFrame, runs: pd.DataFrame, results: pd.DataFrame, redemptions: pd.DataFrame, *,
    units: Mapping[str, pd.Series], as_of: date, margin: float | None, seed: int, confidence: float = 0.95,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign with a result by lot and span of `SPANS`: the effect on spend per treated customer, and in all.

    `effect` is in currency per customer over the whole span, `total` that times the treated; the campaign's own row repeats
    `results`, from `net_values.with_uncertain_cost`. `net_value` is that of the campaign's days, and of both spans together where
    the weeks after are over. Weeks that are not over have no number, and `why` says when they will be. `elsewhere` counts the
    customers whom another campaign treated in the weeks after: what that did is in both arms alike, on average over lots. `units`
    are those of `drawn_units`: where a lot drew households these are compared, and their effect is shared among their customers.
    """
    read = results[(results["method"] == "lot") & results["effect_per_week"].notna()].set_index("campaign_id")
    asked = runs[runs["campaign_id"].isin(read.index)]
    later = asked.assign(
        starts_on=asked["measured_until"] + DAY, measured_until=asked["measured_until"] + asked["days"] * DAY
    )
    over = later[later["closed"] & (later["measured_until"] <= pd.Timestamp(as_of))]
    people, used = spend_in_lots(contacts, orders, over, units), redeemed_by_unit(redemptions, units)
    rows = []
    for run in later.itertuples():
        row = read.loc[run.campaign_id]
        days = {
            DURING: (run.starts_on - run.days * DAY, run.starts_on - DAY),
            AFTER: (run.starts_on, run.measured_until),
        }
        days[BOTH] = (days[DURING][0], days[AFTER][1])
        found = {DURING: _as_found(row)}
        if run.campaign_id in set(over["campaign_id"]):
            treated, holdout = arms(people, run.campaign_id, used)
            looked = two_spans(treated, holdout, seed=seed, name=run.campaign_id, confidence=confidence)
            found |= {
                span: in_columns(one, len(treated), customers=row["contacted_used"]) for span, one in looked.items()
            }
            if pd.notna(row["net_value"]) and not looked[BOTH].refused:
                found[BOTH] |= net_of(looked[BOTH], treated, holdout, row, margin=margin, confidence=confidence)
        else:
            why = _not_over(run, as_of)
            found |= {AFTER: {"why": why}, BOTH: {"why": why}}
        told = {"campaign_id": run.campaign_id, "customers": int(row["contacted_used"] + row["comparable"]),
                "elsewhere": _elsewhere(run, runs, contacts)}  # fmt: skip
        rows += [
            told | {"place": place, "span": span, "first_on": days[span][0], "last_on": days[span][1]} | found[span]
            for place, span in enumerate(SPANS)
        ]
    kinds = dict.fromkeys(("campaign_id", "span", "why"), "str") | dict.fromkeys(NUMBERS, "float64")
    kinds |= dict.fromkeys(("first_on", "last_on"), "datetime64[ns]") | dict.fromkeys(
        ("place", "customers", "elsewhere"), "int64"
    )
    return pd.DataFrame(rows, columns=COLUMNS).astype(kinds)


def two_spans(
    treated: pd.DataFrame, holdout: pd.DataFrame, *, seed: int, name: str, confidence: float = 0.95
) -> dict[str, Randomised]:
    """Compare spend in the weeks after (column `spend`) and in both spans together (with `before`, the campaign's days)."""
    both = pd.concat([treated.assign(treated=True), holdout.assign(treated=False)])
    part = both.assign(**{AFTER: both["spend"], BOTH: both["spend"] + both["before"]})
    return {
        span: found_by_lot(part, span=span, rng=generator(seed, f"lot {name} {span}"), confidence=confidence)
        for span in (AFTER, BOTH)
    }


def net_of(
    found: Randomised, treated: pd.DataFrame, holdout: pd.DataFrame, row: pd.Series, *, margin: float, confidence: float = 0.95
) -> dict[str, float]:  # fmt: skip
    """Return the net value of both spans together, in columns; all costs are those of the campaign."""
    n = len(treated)
    added = Known(found.total, Interval(found.interval.low * n, found.interval.high * n))
    spent = [arm["spend"] + arm["before"] for arm in (treated, holdout)]
    made = worth(
        added, *spent, treated["incentives"], margin=margin, contact=row["cost"], incentives=row["cost_coupons"],
        confidence=confidence,
    )  # fmt: skip
    return {"net_value": made.net, "net_low": made.interval.low, "net_high": made.interval.high}


def in_columns(found: Randomised, n_treated: int, *, customers: int) -> dict[str, object]:
    """Return what was found in a span in the columns of `afterwards`; per customer, also where `n_treated` households were drawn."""
    each = n_treated / customers
    if found.refused:
        return {"effect": each * found.difference, "total": found.difference * n_treated, "why": found.refused}
    return {
        "effect": each * found.difference, "low": each * found.interval.low, "high": each * found.interval.high, "p_value": found.p_value,
        "total": found.total, "total_low": found.total_interval.low, "total_high": found.total_interval.high,
    }  # fmt: skip


def _as_found(row: pd.Series) -> dict[str, object]:
    """The campaign's own days, as they stand in the results."""
    per_customer = {
        name: row[old] * row["weeks"] for name, old in (("effect", "effect_per_week"), ("low", "low"), ("high", "high"))
    }
    totals = {
        name: row[old]
        for name, old in (("total", "total_effect"), ("total_low", "total_low"), ("total_high", "total_high"))
    }
    return per_customer | totals | {name: row[name] for name in ("p_value", "net_value", "net_low", "net_high")}


def _not_over(run, as_of: date) -> str:
    if not run.closed:
        return "The campaign still runs."
    return f"The weeks after last until {run.measured_until:%Y-%m-%d}; the data ends on {as_of:%Y-%m-%d}."


def _elsewhere(run, runs: pd.DataFrame, contacts: pd.DataFrame) -> int:
    others = runs[(runs["campaign_id"] != run.campaign_id) & (runs["kind"] != A_A) & (runs["starts_on"] <= run.measured_until)
                  & (runs["measured_until"] >= run.starts_on)]  # fmt: skip
    treated = contacts["campaign_id"].isin(others["campaign_id"]) & (contacts["arm"] == "treated")
    own = contacts.loc[contacts["campaign_id"] == run.campaign_id, "customer_id"]
    return int(own.isin(contacts.loc[treated, "customer_id"]).sum())
