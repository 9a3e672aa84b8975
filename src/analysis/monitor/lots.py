"""Which campaigns were drawn by lot, and whether the lot that was drawn is the lot that was meant.

The checks come before any result. A split that lots of the share meant would hardly ever give says that some customers of
one arm are missing from the data, and those that are left cannot be compared, however many they are. Where the arms
were even, customers held out who used an offer of the campaign all the same make its effect look smaller than it is.
"""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.inference.arms import ALARM, baseline_difference, sample_ratio

RECENT_DAYS = 90  # days before a campaign in which an order makes a customer a recent buyer
COLUMNS = ["campaign_id", "kind", "treated", "holdout", "share_meant", "share_found", "split_p", "broken",
           "where_broken", "before_difference", "leaked", "leaked_share", "leaked_estimate", "elsewhere", "closed"]  # fmt: skip
STRATA = ["campaign_id", "dimension", "group", "treated", "holdout", "share_found", "split_p"]


def drawn(contacts: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign drawn by lot: campaign_id, share (of its customers meant to be treated; NaN where it differs).

    A campaign is drawn by lot where every contact says its chance of being treated, strictly between 0 and 1. One arm may be
    missing: then that lot is broken (see `checks`), and no comparison with others takes its place.
    """
    rows = contacts[["campaign_id", "arm"]].assign(chance=contacts.get("propensity", float("nan")))
    found = rows.groupby("campaign_id").agg(
        least=("chance", "min"), most=("chance", "max"), known=("chance", "count"), n=("arm", "size")
    )  # fmt: skip
    found = found[(found["known"] == found["n"]) & (found["least"] > 0) & (found["most"] < 1)]
    share = found["least"].astype(float).where(found["least"] == found["most"])
    return share.rename("share").sort_index().reset_index()


def customers_by_lot(contacts: pd.DataFrame, lots: pd.DataFrame, spend: pd.DataFrame) -> pd.DataFrame:
    """One row per customer in a campaign drawn by lot: campaign_id, customer_id, treated, and spend after, before, recent.

    `spend` has one row per customer with an order (index) and columns such as "01 after", see `effects.spans`; a customer
    without a row spent nothing. A span that the data does not hold is NaN.
    """
    rows = contacts.loc[contacts["campaign_id"].isin(lots["campaign_id"]), ["campaign_id", "customer_id", "arm"]]
    rows = rows.sort_values(["campaign_id", "customer_id"], ignore_index=True)
    parts = []
    for name, part in rows.groupby("campaign_id"):
        known = {
            span: spend[f"{name} {span}"].reindex(part["customer_id"]).fillna(0.0).to_numpy()
            for span in ("after", "before", "recent")
            if f"{name} {span}" in spend
        }
        parts.append(part.assign(treated=part["arm"] == "treated", **known))
    table = pd.concat(parts, ignore_index=True) if parts else rows.assign(treated=False)
    return table.drop(columns="arm").reindex(columns=[*rows.columns[:2], "treated", "after", "before", "recent"])


def strata(by_lot: pd.DataFrame, lots: pd.DataFrame, customers: pd.DataFrame) -> pd.DataFrame:
    """One row per campaign by lot, dimension and group known before it: customers by arm and the chance of such a split.

    Dimensions are an order in the 90 days before, and the channel through which the customer was won where it is known.
    """
    recent = by_lot["recent"].gt(0).map({True: "order in the 90 days before", False: "no order in the 90 days before"})
    seen = {"recent order": recent.where(by_lot["recent"].notna())}
    if "channel" in customers and customers["channel"].notna().any():
        seen["channel"] = by_lot["customer_id"].map(customers.set_index("customer_id")["channel"])
    rows = [
        (name, dimension, group, int(part["treated"].sum()), int((~part["treated"]).sum()))
        for dimension, groups in seen.items()
        for (name, group), part in by_lot.groupby([by_lot["campaign_id"], groups])
    ]
    table = pd.DataFrame(rows, columns=STRATA[:5]).merge(lots, on="campaign_id").dropna(subset="share")
    splits = [sample_ratio(row.treated, row.holdout, share=row.share) for row in table.itertuples()]
    table["share_found"] = table["treated"] / (table["treated"] + table["holdout"])
    table["split_p"] = pd.Series([split.p_value for split in splits], index=table.index, dtype=float)
    return table.sort_values(["campaign_id", "dimension", "group"], ignore_index=True)[STRATA]


def checks(
    by_lot: pd.DataFrame, lots: pd.DataFrame, groups: pd.DataFrame, users: pd.DataFrame, runs: pd.DataFrame,
    contacts: pd.DataFrame,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign by lot with what must hold before its result is read.

    `split_p` is the chance of a split as uneven (see `arms.sample_ratio`), `broken` whether it is below 0.001 or an arm is
    missing altogether, and `where_broken` says in words where customers are missing. `before_difference` is that of spend before, in
    standard deviations. `leaked` counts customers held out who used an offer (see `leaks.users`), `leaked_estimate` how many had it
    if they used it as often as the treated; both missing where even the treated left no trace of using one. `elsewhere`
    counts customers whom another campaign contacted while this one ran.
    """
    known, share_of = runs.set_index("campaign_id"), lots.set_index("campaign_id")["share"]
    used_by = users.set_index(["campaign_id", "arm"])["users"].to_dict()
    rows = []
    for name, part in by_lot.groupby("campaign_id"):
        share, treated, holdout = share_of[name], part[part["treated"]], part[~part["treated"]]
        split = sample_ratio(len(treated), len(holdout), share=share) if share == share else None
        uneven, alone = bool(split and split.broken), _one_arm(treated, holdout)
        own = groups[groups["campaign_id"] == name]
        used = used_by.get((name, "treated"), 0)
        leaked = used_by.get((name, "holdout"), 0) if used else None
        rows.append({
            "campaign_id": name, "kind": known.loc[name, "kind"], "treated": len(treated), "holdout": len(holdout),
            "share_meant": share, "share_found": len(treated) / len(part), "split_p": split.p_value if split else np.nan,
            "broken": uneven or alone is not None, "where_broken": alone or (where_broken(own, share) if uneven else None),
            "before_difference": baseline_difference(treated["before"], holdout["before"])
            if part["before"].notna().all() else np.nan,
            "leaked": leaked, "leaked_share": leaked / len(holdout) if used and len(holdout) else np.nan,
            "leaked_estimate": min(leaked * len(treated) / used, len(holdout)) if used else np.nan,
            "elsewhere": _elsewhere(name, part["customer_id"], runs, contacts), "closed": bool(known.loc[name, "closed"]),
        })  # fmt: skip
    words = dict.fromkeys(("campaign_id", "kind", "where_broken"), "str")
    table = pd.DataFrame(rows, columns=COLUMNS).astype(words | {"leaked": "Int64"})
    return table.sort_values("campaign_id", ignore_index=True)


def where_broken(groups: pd.DataFrame, share: float) -> str | None:
    """Return in words in which group of customers the split is off most, and how many seem to be missing there."""
    off = groups[groups["split_p"] < ALARM].sort_values(["split_p", "dimension", "group"])
    if off.empty:
        return "no one group of customers stands out"
    first = off.iloc[0]
    other = "held out" if first["share_found"] > share else "treated"
    meant = first["holdout"] * share / (1 - share) if other == "treated" else first["treated"] * (1 - share) / share
    missing = round(meant - first[{"treated": "treated", "held out": "holdout"}[other]])
    name = f"channel {first['group']}" if first["dimension"] == "channel" else first["group"]
    return (f"{name}: {first['treated']:,} treated and {first['holdout']:,} held out where {share * 100:g} % were to be treated; "
            f"about {missing:,} {other} are missing")  # fmt: skip


def chance_of_split(p_value: float) -> str:
    """Return in brackets how likely a split as uneven is, to follow "the lot is broken"; nothing where it is not known."""
    if np.isnan(p_value):
        return ""
    return f" (chance of such a split {'below one in a million' if p_value < 1e-6 else f'{p_value:.1g}'})"


def unsaid(contacts: pd.DataFrame, lots: pd.DataFrame) -> list[str]:
    """Return the campaigns in which some were held out by a chance that the contacts do not say: no lot that can be read."""
    held = contacts.loc[contacts["arm"] == "holdout", "campaign_id"]
    return sorted(set(held) - set(lots["campaign_id"]))


def _one_arm(treated: pd.DataFrame, holdout: pd.DataFrame) -> str | None:
    """What is missing where an arm has nobody at all; the chance of the lot says that there has to be one."""
    if len(treated) and len(holdout):
        return None
    return f"nobody {'held out' if len(treated) else 'treated'} is in the data, where a chance between 0 and 1 was drawn for all"


def _elsewhere(name: str, members: pd.Series, runs: pd.DataFrame, contacts: pd.DataFrame) -> int:
    own = runs[runs["campaign_id"] == name].iloc[0]
    others = runs[
        (runs["campaign_id"] != name)
        & (runs["starts_on"] <= own["measured_until"])
        & (runs["measured_until"] >= own["starts_on"])
    ]
    at_once = contacts["campaign_id"].isin(others["campaign_id"]) & (contacts["arm"] == "treated")
    return int(members.isin(contacts.loc[at_once, "customer_id"]).sum())
