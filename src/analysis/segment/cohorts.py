"""Who comes back by month: cohorts by first month, and each month's customers in the next."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import narwhals as nw

from analysis.inference.proportions import wilson_interval
from analysis.segment.features import per_order

if TYPE_CHECKING:
    import pandas as pd


def activity(orders: nw.LazyFrame) -> nw.LazyFrame:
    """One row per customer and month with an order, from order lines: customer_id, month (first day), orders, sales.

    Unread, in no order. Sales in currency. A coupon booked without goods is no order, so it makes nobody active.
    """
    return (
        per_order(orders)
        .with_columns(month=nw.col("day").dt.truncate("1mo"))
        .group_by("customer_id", "month")
        .agg(nw.col("orders", "sales").sum())
        .filter(nw.col("orders") > 0)
    )


def retention(activity: pd.DataFrame, *, data_from: date, as_of: date) -> pd.DataFrame:
    """One row per cohort and age in months, for full months only: how many of the cohort ordered in that month.

    `activity` has one row per customer and month with an order. A cohort is the customers whose first month *seen* it
    is. Columns: cohort (first day of the month), age_months, customers (of the cohort), active, rate (active of
    customers, 0 to 1), low, high (Wilson, 95 %), first_cohort. Months that begin before `data_from` or end after
    `as_of` are not fully observed and absent, never 0; a cohort of such a month is absent as well.

    `first_cohort` marks the month in which the data begins: those customers were not new, they ordered before anyone
    looked, and they come back more than new ones do. The next cohorts hold some old customers too.
    """
    full = _full_months(data_from, as_of)
    months = _in_months(activity)
    cohort = months.groupby("customer_id")["month"].min().rename("cohort")
    months = months.merge(cohort.reset_index(), on="customer_id")
    active = months.groupby(["cohort", "month"])["customer_id"].nunique().rename("active")
    grid = _pairs(full[full.isin(cohort)], full).join(active, on=["cohort", "month"])
    grid = grid.assign(
        age_months=(grid["month"].dt.year - grid["cohort"].dt.year) * 12
        + (grid["month"].dt.month - grid["cohort"].dt.month),
        customers=grid["cohort"].map(cohort.value_counts()).astype("int64"),
        active=grid["active"].fillna(0).astype("int64"),
        first_cohort=grid["cohort"] == _month_of(data_from),
    )
    found = with_rate(grid, part="active", whole="customers", rate="rate")
    columns = ["cohort", "age_months", "customers", "active", "rate", "low", "high", "first_cohort"]
    return found[columns].sort_values(["cohort", "age_months"], ignore_index=True)


def monthly(activity: pd.DataFrame, *, data_from: date, as_of: date) -> pd.DataFrame:
    """One row per full month: customers_active, orders, sales (currency), and who of the month before came back.

    previous_active customers ordered in the month before, `returned` of them ordered in this one too; return_rate is
    their share (0 to 1) with a Wilson interval (95 %). These four are missing in the first full month.
    """
    import pandas as pd

    full = _full_months(data_from, as_of)
    months = _in_months(activity)
    after = months.assign(month=months["month"] + pd.DateOffset(months=1))
    returned = months.merge(after[["customer_id", "month"]], on=["customer_id", "month"]).groupby("month").size()
    sums = months.groupby("month").agg(
        customers_active=("customer_id", "nunique"), orders=("orders", "sum"), sales=("sales", "sum")
    )
    table = sums.reindex(full, fill_value=0).rename_axis("month")
    table["returned"] = returned.reindex(full, fill_value=0).astype(float)
    table["previous_active"] = table["customers_active"].shift()
    table["returned"] = table["returned"].where(table["previous_active"].notna())
    return with_rate(table.reset_index(), part="returned", whole="previous_active", rate="return_rate")


def with_rate(table: pd.DataFrame, *, part: str, whole: str, rate: str) -> pd.DataFrame:
    """The table with the share `part` / `whole` as column `rate`, and its Wilson interval as low and high."""
    low, high = wilson_interval(table[part].to_numpy(dtype=float), table[whole].to_numpy(dtype=float))
    return table.assign(**{rate: table[part] / table[whole].where(table[whole] > 0)}, low=low, high=high)


def _in_months(activity: pd.DataFrame) -> pd.DataFrame:
    import pandas as pd

    return activity.assign(month=pd.to_datetime(activity["month"]).astype("datetime64[us]"))


def _month_of(day: date) -> pd.Timestamp:
    import pandas as pd

    return pd.Timestamp(day).replace(day=1)


def _full_months(data_from: date, as_of: date) -> pd.DatetimeIndex:
    """First days of the months that lie wholly between the two dates, both included."""
    import pandas as pd

    months = pd.date_range(data_from, as_of, freq="MS", unit="us")
    return months[months + pd.offsets.MonthEnd() <= pd.Timestamp(as_of)]


def _pairs(cohorts: pd.DatetimeIndex, months: pd.DatetimeIndex) -> pd.DataFrame:
    """Each cohort with each month from its own on."""
    import pandas as pd

    pairs = pd.MultiIndex.from_product([cohorts, months], names=["cohort", "month"]).to_frame(index=False)
    return pairs[pairs["cohort"] <= pairs["month"]]
