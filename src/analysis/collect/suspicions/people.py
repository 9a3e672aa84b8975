"""Customers that are one person under two ids or two under one, and customers that only one of two files knows."""

from __future__ import annotations

from collections.abc import Mapping

import narwhals as nw

from analysis.collect.loading.contract import Export
from analysis.collect.recipes import made_by
from analysis.collect.suspicions import telling
from analysis.collect.suspicions.telling import Remarks
from analysis.tables import CANONICAL

REACHED_BY = {"email": "e-mail address", "phone": "telephone number"}


def shared(exports: Mapping[str, Export], rows: Mapping[str, nw.LazyFrame], *, smallest: int) -> Remarks:
    """Tell how many ids share an address or number with another id, and how many have two addresses.

    E-mail addresses are compared without blanks and case, telephone numbers by their digits. Nobody is merged.
    """
    told: Remarks = []
    for column, called in REACHED_BY.items():
        pairs = _pairs(exports, rows, column)
        if pairs is None:
            continue
        total = telling.number(pairs.select("customer_id").unique())
        several = pairs.group_by(column).agg(ids=nw.len()).filter(nw.col("ids") > 1)
        if ids := telling.number(pairs.join(several, on=column).select("customer_id").unique()):
            counted = telling.of(ids, total, f"customers with a known {called}", smallest=smallest)
            told.append(("customers", "warning", f"{counted} share it with another customer id: one person may stand there as several; "
                         "they are kept apart, so have them merged in the source"))  # fmt: skip
        if column == "email":
            double = telling.number(pairs.group_by("customer_id").agg(many=nw.len()).filter(nw.col("many") > 1))
            if double:
                counted = telling.of(double, total, f"customers with a known {called}", smallest=smallest)
                told.append(("customers", "warning", f"{counted} have more than one: an id may have been given to a second person; "
                             "ask the source whether it uses ids again"))  # fmt: skip
    return told


def unmatched(
    tables: Mapping[str, nw.LazyFrame],
    exports: Mapping[str, Export],
    rows: Mapping[str, nw.LazyFrame],
    *,
    smallest: int,
) -> Remarks:
    """Tell how many who ordered are not in the files of customers, with their share of sales, and how many never ordered.

    A file of orders that describes its customers itself is no file of customers: nobody can be missing in it.
    """
    files = [_ids(export, rows[name]) for name, export in exports.items() if _of_customers(export)]
    if not files or not telling.has(tables, "orders", "customer_id", "amount"):
        return []
    listed = nw.concat(files).filter(~nw.col("customer_id").is_null()).unique().with_columns(listed=nw.lit(1))
    buyers = (
        tables["orders"].filter(~nw.col("customer_id").is_null()).group_by("customer_id").agg(nw.col("amount").sum())
    )
    found = buyers.join(listed, on="customer_id", how="left")
    unknown = nw.col("listed").is_null()
    sums = telling.row(found, buyers=nw.len(), unknown=unknown.cast(nw.Int64).sum(), sales=nw.col("amount").sum(),
                       theirs=nw.when(unknown).then(nw.col("amount")).otherwise(nw.lit(0)).sum())  # fmt: skip
    total, told = telling.number(listed), []
    orphans, known = int(sums["unknown"]), int(sums["buyers"] - sums["unknown"])
    if sums["buyers"] and not known:
        told.append(("customers", "warning", "no customer who ordered is in the files of customers: the ids may be those of two systems; "
                     "ask for a file with the ids of the orders"))  # fmt: skip
    elif orphans:
        counted = telling.of(orphans, int(sums["buyers"]), "customers who ordered", smallest=smallest)
        enough = min(orphans, known) >= smallest and sums["sales"] > 0 and sums["theirs"] > 0
        money = f", with {telling.share(sums['theirs'], sums['sales'])} of sales" if enough else ""
        told.append(("customers", "warning", f"{counted}{money}, are not in the files of customers: they are kept with their number alone; "
                     "ask for a file of customers from the day of the orders or later"))  # fmt: skip
    if known and total > known:
        counted = telling.of(total - known, total, "customers of the files of customers", smallest=smallest)
        told.append(
            ("customers", "note", f"{counted} have no order: they never bought, or their orders are not in the export")
        )
    return told


def _of_customers(export: Export) -> bool:
    return "customers" in export.tables and "orders" not in export.tables


def _ids(export: Export, rows: nw.LazyFrame) -> nw.LazyFrame:
    return made_by(export.tables["customers"], rows, export, CANONICAL["customers"]).select("customer_id")


def _pairs(exports: Mapping[str, Export], rows: Mapping[str, nw.LazyFrame], column: str) -> nw.LazyFrame | None:
    """One row per customer id and address that stand together in any row, before one of several is taken; None without any."""
    parts = []
    for name, export in exports.items():
        recipe = export.tables.get("customers")
        if recipe is None or column not in recipe.columns or "customer_id" not in recipe.columns:
            continue
        plain = recipe.model_copy(
            update={"columns": {one: recipe.columns[one] for one in ("customer_id", column)}, "one_per": "",
                    "latest": "", "numbered": ""}
        )  # fmt: skip
        parts.append(made_by(plain, rows[name], export, CANONICAL["customers"]))
    if not parts:
        return None
    written = nw.col(column).str.strip_chars().str.to_lowercase()
    plain = nw.col(column).str.replace_all("[^0-9]", "") if column == "phone" else written
    return nw.concat(parts).with_columns(plain.alias(column)).filter(
        ~nw.col("customer_id").is_null(), ~nw.col(column).is_null(), nw.col(column) != ""
    ).unique()  # fmt: skip
