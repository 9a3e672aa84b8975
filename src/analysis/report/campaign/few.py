"""Which numbers of the campaign report stay blank, because few people stand behind them or would follow from them."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from analysis.disclosure import Release
from analysis.report.campaign.phrases import TOTAL

if TYPE_CHECKING:
    import pandas as pd

MOST_BLANK = 0.25  # share of weeks; with more of them blank the others are a choice of good weeks
ENDED = "the budget ended"
BARRED = ("no consent", "on the suppression list")
COUNTS = ("customers", "planned", "treated", "holdout")
COST = (
    "cost_coupons",
    "shop_match",
    "marketing_effect",
    "net_value",
    "net_low",
    "net_high",
    "roi",
    "roi_low",
    "roi_high",
)
REDEEMED = ("redemptions", "cost_matched", "cost_listed", *COST)
OF_FEW = re.compile(r"(?<![\d.,\u2212-])[1-9](?![\d.,]| ?%)")  # a count of 1 to 9 in words
UNSAID = "This would speak of few."


def campaigns(results: pd.DataFrame | None, responses: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return one row per campaign with `smallest` contacted or more, and blanks where few bought, redeemed or were left out.

    `responses` has one row per response: a customer can redeem several coupons, so redeemers are counted from it. How
    many were contacted is blank where all but a few of them could be compared, because both numbers give these few.
    """
    if not smallest or results is None:
        return results
    made = results[results["contacted"] >= smallest].reset_index(drop=True)
    redeemers = _redeemers(responses, made["campaign_id"])
    few = (
        of_few(redeemers, smallest)
        | of_few(made["contacted"] - redeemers, smallest)
        | of_few(made["redemptions"], smallest)
    )
    made = _blank(made, few, REDEEMED)
    few = of_few(made["cost_matched"].fillna(0), smallest)
    made = _blank(made, few, ("cost_matched", "cost_listed", *COST))
    made = _blank(
        made, of_few((made["redemptions"] - made["cost_matched"]).fillna(0), smallest), ("cost_matched", "cost_listed")
    )
    if "cost_listed" in made:
        few = of_few(made["cost_listed"].fillna(0), smallest) | of_few(
            (made["cost_matched"] - made["cost_listed"]).fillna(0), smallest
        )
        made = _blank(made, few, ("cost_listed",))
    few = of_few(made["buyers"], smallest) | of_few(made["contacted"] - made["buyers"], smallest)
    made = _blank(made, few, ("buyers",))
    made = _blank(made, of_few(results.set_index("campaign_id")["buyers"].loc[made["campaign_id"]].reset_index(drop=True), smallest),
                  ("sales", "marketing_effect"))  # fmt: skip
    left = made["contacted"] - made["contacted_used"]
    weak = of_few(made["contacted_used"].fillna(0), smallest) | of_few(made["comparable"].fillna(0), smallest)
    estimates = [name for name in _ESTIMATE if name in made]
    made = _blank(made, weak, estimates)
    made = _blank(made, of_few(left.fillna(0), smallest), ("contacted", "contacted_left_out"))
    return _unsaid(made, [name for name in ("why", "net_why") if name in made])


def lots(table: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return the campaigns drawn by lot with `smallest` or more in both arms, or nobody in one, and blanks where few used an offer."""
    if not smallest or table is None or table.empty:
        return table
    made = table[~of_few(table["treated"], smallest) & ~of_few(table["holdout"], smallest)].reset_index(drop=True)
    for part, whole, columns in (("leaked", made["holdout"], ("leaked", "leaked_share", "leaked_estimate")),
                                 ("elsewhere", made["treated"] + made["holdout"], ("elsewhere",))):  # fmt: skip
        count = made[part].fillna(0)
        made = _blank(made, of_few(count, smallest) | of_few(whole - count, smallest), columns)
    made = _blank(made, of_few(made["leaked_estimate"].fillna(0).round(), smallest), ("leaked_estimate",))
    return _unsaid(made, ["where_broken"])


def weeks(control: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return sales and active customers by week, blank where few were active; nothing where the last week or many are of few."""
    if not smallest or control is None:
        return control
    active = control[control["measure"] == "customers_active"].set_index("week_starts_on")["value"]
    few = active[of_few(active, smallest)].index
    if len(active) and (active.index.max() in few or len(few) > MOST_BLANK * len(active)):
        return control.head(0)
    return _blank(control, control["week_starts_on"].isin(few), ("value", "signal", "size", "look_at"))


def around(event_time: pd.DataFrame | None, *, smallest: int) -> pd.DataFrame | None:
    """Return the weeks around the start of campaigns with many contacted and comparable ones.

    In one week few of them order, and then a mean is the spend of those few: ten times as many as usual have to be there. How
    many were left out stays blank: with the counts of the whole campaign it could give a few.
    """
    if not smallest or event_time is None:
        return event_time
    enough = event_time[["contacted", "comparable"]].min(axis=1) >= 10 * smallest
    made = event_time[enough].reset_index(drop=True)
    return made.assign(contacted_left_out=float("nan"))


class Planned(NamedTuple):
    """The promise with its blanks, and what may be said of the plan: counts by segment, blank where NaN, and of reasons."""

    promise: pd.DataFrame | None
    counts: dict[str, dict[str, float]]  # customers, cut and barred: by segment, and of all
    ended: bool = True  # whether the number whom the budget does not reach may be said
    others: bool = True  # whether the number of those without an incentive may be said
    unsaid: tuple[str, ...] = ()  # reasons of few


def planned(promise: pd.DataFrame | None, plan: pd.DataFrame | None, *, smallest: int) -> Planned:
    """Return the promise as it may be shown, with the plan of one row per customer that it adds up."""
    if not smallest or promise is None or plan is None:
        return Planned(promise, {})
    release, promise = Release(smallest), promise.reset_index(drop=True)
    counts = [name for name in COUNTS if name in promise]
    place = {name: row for row, name in promise["segment"].items()}
    for name, row in place.items():
        part = plan if name == TOTAL else plan[plan["segment"] == name]
        out = part["arm"] == "not planned"
        release.count(("all", row), len(part))
        for column in counts:
            kept = name == TOTAL and column != "customers"  # what the page is about
            release.count(("promise", column, row), promise.at[row, column], kept=kept)
        kinds = {"cut": part["reason"] == ENDED, "barred": part["reason"].isin(BARRED)}
        kinds["other"] = out & ~kinds["cut"] & ~kinds["barred"]
        for kind, inside in kinds.items():
            release.count((kind, row), int(inside.sum()), printed=kind != "other" or name == TOTAL)
        release.total(("promise", "planned", row), [("promise", "treated", row), ("promise", "holdout", row)])
        release.total(("promise", "customers", row), [("promise", "planned", row), ("cut", row), ("other", row)])
        release.total(("all", row), [("promise", "planned", row), *((kind, row) for kind in kinds)])
    if TOTAL in place:
        whole, rows = place[TOTAL], [row for name, row in place.items() if name != TOTAL]
        for key in [*(("promise", column) for column in counts), ("all",), ("cut",), ("barred",), ("other",)]:
            release.total((*key, whole), [(*key, row) for row in rows])
        for reason in BARRED:
            release.count(("reason", reason), int((plan["reason"] == reason).sum()))
        release.total(("barred", whole), [("reason", reason) for reason in BARRED])
    others = [name for name in promise if name not in ("segment", *counts)]
    made = release.masked("promise", promise, dependents=dict.fromkeys(counts, others))

    def told(key: str, name: str, row: int) -> float:
        return float("nan") if release.hides((key, row)) else release.value((key, row))

    said = {column: {name: told(key, name, row) for name, row in place.items()}
            for column, key in (("customers", "all"), ("cut", "cut"), ("barred", "barred"))}  # fmt: skip
    last = place.get(TOTAL)
    unsaid = tuple(reason for reason in BARRED if release.hides(("reason", reason)))
    return Planned(made, said, not release.hides(("cut", last)), not release.hides(("other", last)), unsaid)


_ESTIMATE = (
    "effect_per_week", "low", "high", "p_value", "p_adjusted", "total_effect", "total_low", "total_high", "contacted_used", "comparable",
    "comparable_effective", "placebo_effect", "placebo_low", "placebo_high", "naive_effect",
)  # fmt: skip


def _unsaid(table: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """The table with sentences that give a count of few replaced by one that does not."""
    said = {
        name: [UNSAID if isinstance(words, str) and OF_FEW.search(words) else words for words in table[name]]
        for name in columns
    }
    return table.assign(**said)


def _redeemers(responses: pd.DataFrame | None, campaign_ids: pd.Series) -> pd.Series:
    if responses is None:
        return campaign_ids.map({}).fillna(0)
    redeemed = responses[responses["kind"].isin(["redeem", "convert"])]
    return campaign_ids.map(redeemed.groupby("campaign_id")["customer_id"].nunique()).fillna(0)


def of_few(counts: pd.Series, smallest: int) -> pd.Series:
    """Return which of the counts are of few: not of nobody, and of fewer than `smallest`."""
    return ((counts > 0) & (counts < smallest)).fillna(False).astype(bool)


def _blank(table: pd.DataFrame, rows: pd.Series, columns: Sequence[str]) -> pd.DataFrame:
    made = table.copy()
    for column in columns:
        if column in made:
            kind = "float64" if made[column].dtype.kind == "i" else made[column].dtype
            made[column] = made[column].astype(kind).mask(rows.to_numpy())
    return made
