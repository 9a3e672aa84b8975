"""The customer table in three ways on one file of order lines; each prints its seconds, CPU seconds and peak memory as JSON.

python benchmarks/customer_table.py copies FOLDER N     write FOLDER/orders_N.parquet and FOLDER/products.parquet
python benchmarks/customer_table.py ours|sql|pandas FOLDER N
"""

from __future__ import annotations

import json
import resource
import sys
import time
from datetime import date
from pathlib import Path

import pandas as pd

AS_OF, WINDOW = date(2017, 12, 31), 91

KEYS = [
    "customer_id",
    "frequency",
    "monetary",
    "departments",
    "window_orders",
    "window_sales",
    "before_orders",
    "before_sales",
    "active_days",
]

SQL = """
with per_order as (
    select customer_id, order_id, min(ordered_on) as day, sum(amount) as sales, max(quantity) > 0 as ordered
    from read_parquet($orders) where ordered_on <= $as_of group by all
), customers as (
    select customer_id,
        count(*) filter (ordered) as frequency,
        sum(sales) as monetary,
        count(distinct day) filter (ordered) as active_days,
        count(*) filter (ordered and day > $as_of - $w) as window_orders,
        sum(sales) filter (day > $as_of - $w) as window_sales,
        count(*) filter (ordered and day > $as_of - 2 * $w and day <= $as_of - $w) as before_orders,
        sum(sales) filter (day > $as_of - 2 * $w and day <= $as_of - $w) as before_sales,
        min(day) filter (ordered) as first_order_on, max(day) filter (ordered) as last_order_on
    from per_order group by customer_id
), saved as (
    select customer_id, sum(discount + coupon_discount) as saved from read_parquet($orders) where ordered_on <= $as_of group by all
), departments as (
    select customer_id, count(*) as departments from (
        select distinct customer_id, department from read_parquet($orders) join read_parquet($products) using (product_id)
        where quantity > 0 and ordered_on <= $as_of and department is not null
    ) group by all
)
select * from customers left join saved using (customer_id) left join departments using (customer_id) order by customer_id
"""


def copies(folder: Path, number: int) -> None:
    """Write the order lines of Complete Journey `number` times, each copy with customers and orders of its own."""
    from analysis import engine
    from analysis.clean import contract
    from analysis.collect import complete_journey
    from analysis.tables import CANONICAL

    raw = complete_journey.tables()
    engine.write(raw["products"], folder / "products.parquet", sort_by=["product_id"])
    lines = contract.typed(raw["orders"], CANONICAL["orders"], time_zone="America/New_York")
    engine.write(lines, folder / "once.parquet", sort_by=CANONICAL["orders"].key)
    source, target = (str(folder / name).replace("'", "''") for name in ("once.parquet", f"orders_{number}.parquet"))
    engine.connection().execute(f"""
        copy (select * replace (copy || '-' || order_id as order_id, copy || '-' || customer_id as customer_id)
              from range({int(number)}) as copies(copy) cross join '{source}')
        to '{target}' (format parquet, compression zstd)
    """)


def ours(folder: Path, number: int) -> pd.DataFrame:
    """The project's own table."""
    from analysis import engine
    from analysis.segment import features

    none = pd.DataFrame({"customer_id": pd.Series([], dtype=str)})
    orders, products = engine.scan(folder / f"orders_{number}.parquet"), engine.scan(folder / "products.parquet")
    return features.behaviour(orders, none, products, as_of=AS_OF, window_days=WINDOW)


def sql(folder: Path, number: int) -> pd.DataFrame:
    """The same numbers in DuckDB's SQL, written by hand, with the ratios in pandas as ours has them."""
    import duckdb

    values = {
        "orders": str(folder / f"orders_{number}.parquet"),
        "products": str(folder / "products.parquet"),
        "as_of": AS_OF,
        "w": WINDOW,
    }
    return duckdb.connect().execute(SQL, values).df().fillna({"departments": 0, "window_sales": 0, "before_sales": 0})


def pandas(folder: Path, number: int) -> pd.DataFrame:
    """The same numbers in pandas, as an analyst would write them."""
    columns = [
        "order_id",
        "customer_id",
        "product_id",
        "ordered_on",
        "quantity",
        "amount",
        "discount",
        "coupon_discount",
    ]
    lines = pd.read_parquet(folder / f"orders_{number}.parquet", columns=columns)
    lines["day"] = pd.to_datetime(lines["ordered_on"])
    lines[["amount", "discount", "coupon_discount"]] = lines[["amount", "discount", "coupon_discount"]].astype(float)
    lines = lines[lines["day"] <= pd.Timestamp(AS_OF)]
    products = pd.read_parquet(folder / "products.parquet", columns=["product_id", "department"])
    per_order = (
        lines.groupby(["customer_id", "order_id"])
        .agg(day=("day", "min"), sales=("amount", "sum"), pieces=("quantity", "max"))
        .reset_index()
    )
    per_order["ordered"] = per_order["pieces"] > 0
    start, before = pd.Timestamp(AS_OF) - pd.Timedelta(days=WINDOW), pd.Timestamp(AS_OF) - pd.Timedelta(days=2 * WINDOW)
    window = per_order[per_order["day"] > start]
    earlier = per_order[(per_order["day"] > before) & (per_order["day"] <= start)]
    ordered = per_order[per_order["ordered"]]
    bought = lines[lines["quantity"] > 0].merge(products.dropna(), on="product_id")
    table = pd.DataFrame(
        {
            "frequency": ordered.groupby("customer_id").size(),
            "monetary": per_order.groupby("customer_id")["sales"].sum(),
            "active_days": ordered.groupby("customer_id")["day"].nunique(),
            "departments": bought.groupby("customer_id")["department"].nunique(),
            "window_orders": window[window["ordered"]].groupby("customer_id").size(),
            "window_sales": window.groupby("customer_id")["sales"].sum(),
            "before_orders": earlier[earlier["ordered"]].groupby("customer_id").size(),
            "before_sales": earlier.groupby("customer_id")["sales"].sum(),
            "saved": lines.assign(saved=lines["discount"] + lines["coupon_discount"])
            .groupby("customer_id")["saved"]
            .sum(),
            "first_order_on": ordered.groupby("customer_id")["day"].min(),
            "last_order_on": ordered.groupby("customer_id")["day"].max(),
        }
    )
    counts = [
        "frequency",
        "departments",
        "window_orders",
        "window_sales",
        "before_orders",
        "before_sales",
        "active_days",
    ]
    return table.fillna(dict.fromkeys(counts, 0)).rename_axis("customer_id").reset_index().sort_values("customer_id")


def main(way: str, folder: Path, number: int) -> None:
    """Run one way and print what it took."""
    if way == "copies":
        return copies(folder, number)
    import duckdb  # noqa: F401  imports are not what is compared
    import pyarrow.parquet  # noqa: F401

    if way == "ours":
        from analysis.segment import features  # noqa: F401
    began, cpu = time.perf_counter(), time.process_time()
    table = {"ours": ours, "sql": sql, "pandas": pandas}[way](folder, number)
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(json.dumps(took | {"gigabytes": peak, "customers": len(table), "sales": float(table["monetary"].sum())}))
    return None


if __name__ == "__main__":
    main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3]))
