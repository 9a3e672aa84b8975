"""Where in the range a campaign by lot moved spend: the products offered, others of their categories, all other categories.

What is offered can pull other products along (a halo), or only take from its neighbours on the shelf.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from analysis import engine
from analysis.engine import nw
from analysis.inference.corrections import HOLM, correction
from analysis.monitor.afterwards import in_columns
from analysis.monitor.lot_effects import found_by_lot
from analysis.monitor.lot_people import by_unit
from analysis.randomness import generator

if TYPE_CHECKING:
    from collections.abc import Mapping

    from analysis.inference.permutation import Randomised

OFFERED, SAME, OTHER = PARTS = "offered products", "same categories, not offered", "other categories"
NUMBERS = ["effect", "low", "high", "p_value", "p_adjusted", "total", "total_low", "total_high"]
COLUMNS = ["campaign_id", "place", "part", "products", "customers", *NUMBERS, "tested", "by", "why"]
NOT_SAID, ALL_OFFERED = "The data does not say what it offered.", "There is no such product."


def halo(
    contacts: pd.DataFrame, orders: nw.LazyFrame, offers: nw.LazyFrame, products: pd.DataFrame, runs: pd.DataFrame,
    results: pd.DataFrame, *, units: Mapping[str, pd.Series], seed: int, confidence: float = 0.95, many: str = HOLM,
) -> pd.DataFrame:  # fmt: skip
    """One row per campaign with a result by lot and part of the range: the effect on spend there, per treated customer and in all.

    `products` counts what the part holds of the list of products. A category is one of a department, where the list has both; a
    product that no list names belongs to other categories. The three effects of a campaign add up to that on all spend.
    `p_adjusted` is over all `tested` numbers of the table, as `many` says (see `corrections`), `by` its name. Without offers
    of the campaign nothing is known: `why` says so. `units` as in `afterwards.afterwards`.
    """
    read = results[(results["method"] == "lot") & results["effect_per_week"].notna()].set_index("campaign_id")
    asked = runs[runs["campaign_id"].isin(read.index)]
    labels = parts_of(
        engine.collect(offers.select("campaign_id", "product_id").unique()), products, asked["campaign_id"]
    )
    parts = [spend_by_part(own, lines, labels, of) for own, lines, of in by_unit(contacts, orders, asked, units)]
    spend = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    rows = []
    for name in asked["campaign_id"]:
        own, of_range = spend[spend["campaign_id"] == name], labels[labels["campaign_id"] == name]
        counts = of_range["part"].value_counts()
        found = looked(own, seed=seed, name=name, confidence=confidence) if len(of_range) else {}
        for place, part in enumerate(PARTS):
            told = {"campaign_id": name, "place": place, "part": part, "products": int(counts.get(part, 0)),
                    "customers": int(read.loc[name, "contacted_used"] + read.loc[name, "comparable"])}  # fmt: skip
            if part not in found or not told["products"]:
                rows.append(told | {"why": ALL_OFFERED if found else NOT_SAID})
                continue
            rows.append(
                told
                | in_columns(
                    found[part], int((own["arm"] == "treated").sum()), customers=read.loc[name, "contacted_used"]
                )
            )
    table = pd.DataFrame(rows, columns=COLUMNS)
    how = correction(many)
    kinds = dict.fromkeys(("campaign_id", "part", "by", "why"), "str") | dict.fromkeys(NUMBERS, "float64")
    table = table.assign(tested=table["p_value"].notna().sum(), by=how.name).astype(
        kinds | dict.fromkeys(("place", "products", "customers", "tested"), "int64")
    )
    return table.assign(p_adjusted=how.adjust(table["p_value"]))


def parts_of(offered: pd.DataFrame, products: pd.DataFrame, campaign_ids: pd.Series) -> pd.DataFrame:
    """One row per campaign with offers and listed product: campaign_id, product_id, part."""
    category, parts = _categories(products), []
    for name in campaign_ids:
        own = set(offered.loc[offered["campaign_id"] == name, "product_id"])
        if not own:
            continue
        is_offered = products["product_id"].isin(own)
        alike = category.isin(set(category[is_offered]))
        part = pd.Series(OTHER, index=products.index).mask(alike, SAME).mask(is_offered, OFFERED)
        parts.append(pd.DataFrame({"campaign_id": name, "product_id": products["product_id"], "part": part}))
    empty = pd.DataFrame({name: pd.Series(dtype="str") for name in ("campaign_id", "product_id", "part")})
    return pd.concat(parts, ignore_index=True) if parts else empty


def spend_by_part(
    contacts: pd.DataFrame, orders: nw.LazyFrame, labels: pd.DataFrame, runs: pd.DataFrame
) -> pd.DataFrame:
    """One row per customer in a campaign with offers: campaign_id, customer_id, arm and spend in each of `PARTS` in its days."""
    who = contacts.loc[
        contacts["campaign_id"].isin(labels["campaign_id"].unique()), ["campaign_id", "customer_id", "arm"]
    ]
    asked = who.merge(runs[["campaign_id", "starts_on", "measured_until"]], on="campaign_id")
    day = nw.col("ordered_on")
    lines = (
        engine.lazy(asked)
        .join(orders.select("customer_id", "product_id", "ordered_on", "amount"), on="customer_id")
        .filter((day >= nw.col("starts_on")) & (day <= nw.col("measured_until")))
        .join(engine.lazy(labels), on=["campaign_id", "product_id"], how="left")
        .with_columns(part=nw.col("part").fill_null(OTHER))
    )
    sums = engine.collect(lines.group_by("campaign_id", "customer_id", "part").agg(spend=nw.col("amount").sum()))
    wide = sums.astype({"spend": float}).pivot(index=["campaign_id", "customer_id"], columns="part", values="spend")
    wide = wide.reindex(columns=list(PARTS)).reset_index()
    table = who.merge(wide, on=["campaign_id", "customer_id"], how="left", validate="one_to_one")
    # a refund that names no product can leave a part below nothing
    table[list(PARTS)] = table[list(PARTS)].astype(float).fillna(0.0).clip(lower=0.0)
    return table.sort_values(["campaign_id", "customer_id"], ignore_index=True)


def looked(spend: pd.DataFrame, *, seed: int, name: str, confidence: float = 0.95) -> dict[str, Randomised]:
    """Compare spend in each part of the range; `spend` has one row per customer of one campaign: arm and `PARTS`."""
    people = spend.assign(treated=spend["arm"] == "treated")
    return {
        part: found_by_lot(people, span=part, rng=generator(seed, f"lot {name} {part}"), confidence=confidence)
        for part in PARTS
    }


def _categories(products: pd.DataFrame) -> pd.Series:
    """Department and category of each product, as far as they are known; the product itself where neither is."""
    itself = "product " + products["product_id"].astype("str")
    names = [
        products[name].astype("object").where(products[name].notna(), "")
        for name in ("department", "category")
        if name in products
    ]
    if not names:
        return itself
    joined = names[0].astype("str") if len(names) == 1 else names[0].astype("str") + " / " + names[1].astype("str")
    return joined.where(joined.str.strip(" /").ne(""), itself)
