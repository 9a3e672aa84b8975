"""The experiment table (mean, adjusted mean, ratio, rate) of many customers: our code, DuckDB SQL and tea-tasting on polars.

Usage, each in a process of its own, so that time and memory are its own:
python benchmarks/experiment_table.py customers FOLDER N    write FOLDER/customers.parquet, a row per customer
python benchmarks/experiment_table.py ours|sql|tea-tasting FOLDER N
"""

from __future__ import annotations

import json
import resource
import sys
import time
from pathlib import Path

MISSING = 3  # exit code of a way whose package is not installed
MEASURES = ("mean", "adjusted", "ratio", "rate")

#: One in twenty buys, before as now; a tenth is held out. Drawn by the engine's hash, so that ten million take seconds.
CUSTOMERS = """
copy (
    select i as customer_id, case when hash(i) % 10 = 0 then 'holdout' else 'treated' end as arm,
        (case when hash(i + 1) % 20 = 0 then 1 + hash(i + 2) % 3 else 0 end)::integer as orders,
        (case when hash(i + 1) % 20 = 0 then exp(1 + 4 * (hash(i + 3) % 1000) / 1000) else 0 end)::decimal(12, 2) as spend,
        (case when hash(i + 1 + (hash(i + 4) % 2 * 7)::bigint) % 20 = 0 then exp(1 + 4 * (hash(i + 3) % 1000) / 1000) else 0 end)
            ::decimal(12, 2) as before
    from range({number}) as customers(i)
) to '{path}' (format parquet, compression zstd)
"""

SQL = """
with one as (
    select arm, count(*)::double as n, avg(spend) as spend, var_samp(spend) as spend_var, avg(orders) as orders,
        var_samp(orders) as orders_var, covar_samp(spend, orders) as spend_orders, avg(before) as before,
        var_samp(before) as before_var, covar_samp(spend, before) as spend_before, avg((orders > 0)::integer) as buyer
    from read_parquet($customers) group by arm
), whole as (
    select covar_pop(spend, before) / var_pop(before) as slope, avg(before) as before from read_parquet($customers)
), arms as (
    select arm, n, one.spend, spend_var / n as spend_error2,
        one.spend - slope * (one.before - whole.before) as adjusted,
        (spend_var - 2 * slope * spend_before + slope ** 2 * before_var) / n as adjusted_error2,
        one.spend / orders as ratio,
        (spend_var - 2 * one.spend / orders * spend_orders + (one.spend / orders) ** 2 * orders_var) / n / orders ** 2 as ratio_error2,
        buyer, buyer * (1 - buyer) / (n - 1) as buyer_error2
    from one, whole
)
select t.spend - h.spend, sqrt(t.spend_error2 + h.spend_error2), t.adjusted - h.adjusted, sqrt(t.adjusted_error2 + h.adjusted_error2),
    t.ratio - h.ratio, sqrt(t.ratio_error2 + h.ratio_error2), t.buyer - h.buyer, sqrt(t.buyer_error2 + h.buyer_error2)
from arms t, arms h where t.arm = 'treated' and h.arm = 'holdout'
"""


def customers(folder: Path, number: int) -> None:
    """Write the customers."""
    import duckdb

    path = str(folder / "customers.parquet").replace("'", "''")
    duckdb.connect().execute(CUSTOMERS.format(number=int(number), path=path))


def ours(folder: Path, number: int) -> dict[str, tuple[float, float]]:
    """Difference and standard error of each measure by the project's own code."""
    from analysis import engine
    from analysis.engine import nw
    from analysis.inference.aggregates import adjusted_sums, ratio_sums
    from analysis.inference.means import welch_difference
    from analysis.monitor.experiment_table import aggregates, experiment_table

    people = engine.scan(folder / "customers.parquet").with_columns(buyer=(nw.col("orders") > 0).cast(nw.Int32))
    pairs = [("spend", "orders"), ("spend", "before")]
    table = experiment_table(people, measures=("spend", "orders", "before", "buyer"), products=pairs, by=["arm"])
    rows = engine.collect(table).set_index("arm")
    arms = [aggregates(rows.loc[arm]) for arm in ("treated", "holdout")]
    adjusted = adjusted_sums(*arms, "spend", "before")
    made = {
        "mean": [arm.sums("spend") for arm in arms], "adjusted": [adjusted.treated, adjusted.holdout],
        "ratio": [ratio_sums(arm, "spend", "orders") for arm in arms], "rate": [arm.sums("buyer") for arm in arms],
    }  # fmt: skip
    return {name: welch_difference(*pair)[:2] for name, pair in made.items()}


def sql(folder: Path, number: int) -> dict[str, tuple[float, float]]:
    """The same numbers in DuckDB's SQL, written by hand with its own statistics."""
    import duckdb

    found = duckdb.connect().execute(SQL, {"customers": str(folder / "customers.parquet")}).fetchone()
    return dict(zip(MEASURES, zip(found[::2], found[1::2], strict=True), strict=True))


def tea_tasting(folder: Path, number: int) -> dict[str, tuple[float, float]]:
    """The same by tea-tasting on polars; standard errors are worked back from its 95 % intervals."""
    import polars
    import tea_tasting
    from scipy.stats import norm

    people = polars.scan_parquet(folder / "customers.parquet").with_columns(
        polars.col("spend", "before").cast(polars.Float64), buyer=(polars.col("orders") > 0).cast(polars.Int32)
    )
    experiment = tea_tasting.Experiment(
        mean=tea_tasting.Mean("spend", use_t=False), adjusted=tea_tasting.Mean("spend", "before", use_t=False),
        ratio=tea_tasting.RatioOfMeans("spend", "orders", use_t=False), rate=tea_tasting.Mean("buyer", use_t=False),
        variant="arm",
    )  # fmt: skip
    found = experiment.analyze(people.collect(), control="holdout")
    return {
        name: (
            found[name].effect_size,
            (found[name].effect_size_ci_upper - found[name].effect_size_ci_lower) / 2 / norm.ppf(0.975),
        )
        for name in MEASURES
    }


def main(way: str, folder: Path, number: int) -> int:
    """Run one way and print what it took."""
    if way == "customers":
        customers(folder, number)
        return 0
    try:
        import duckdb  # noqa: F401  imports are not what is compared

        if way == "tea-tasting":
            import tea_tasting as _  # noqa: F401
        if way == "ours":
            from analysis.monitor import experiment_table  # noqa: F401
    except ImportError as error:
        print(f"{way} cannot be imported: {error}")
        return MISSING
    began, cpu = time.perf_counter(), time.process_time()
    found = {"ours": ours, "sql": sql, "tea-tasting": tea_tasting}[way](folder, number)
    took = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - cpu}
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
    print(
        json.dumps(took | {"gigabytes": peak, "found": {name: list(map(float, pair)) for name, pair in found.items()}})
    )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], Path(sys.argv[2]), int(sys.argv[3])))
