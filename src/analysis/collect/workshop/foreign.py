"""Copies of two tables as another system would have exported them: GB18030, Chinese headers, several formats of dates and numbers."""

from __future__ import annotations

import csv
import io

import pandas as pd

ENCODING = "gb18030"
ROWS = 2_000
_HEADERS = {
    "customers": {
        "customer_id": "客户编号", "joined_on": "注册日期", "gender": "性别", "age_band": "年龄段", "region": "地区", "channel": "渠道",
    },
    "orders": {
        "order_id": "订单号", "line_id": "行号", "customer_id": "客户编号", "product_id": "商品编号", "ordered_at": "下单时间",
        "quantity": "数量", "amount": "金额",
    },
}  # fmt: skip
_WORDS = {
    "gender": {"female": "女", "male": "男", "other": "其他"},
    "region": {"East": "华东", "North": "华北", "South": "华南", "West": "西部"},
    "channel": {"web": "网站", "app": "应用", "shop": "门店", "referral": "推荐"},
}
DATES = ("%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%Y年%m月%d日")


def copies(tables: dict[str, pd.DataFrame], *, utc_offset_hours: int) -> dict[str, bytes]:
    """Return the first rows of customers and orders as CSV files by name, in GB18030.

    Dates take the four formats of DATES in turn, by row; every third amount has a comma for thousands and every fifth a currency
    sign. Moments are on the shops' clock, unlike in the canonical tables.
    """
    customers, orders = (tables[name].head(ROWS) for name in ("customers", "orders"))
    shown = customers.assign(joined_on=_dates(customers["joined_on"]))
    for column, words in _WORDS.items():
        shown[column] = customers[column].map(words).fillna(customers[column])
    local = orders["ordered_at"] + pd.Timedelta(hours=utc_offset_hours)
    lines = orders.assign(ordered_at=local.dt.strftime("%Y/%m/%d %H:%M:%S"), amount=_amounts(orders["amount"]))
    return {
        "customers_gb18030.csv": _csv(shown, _HEADERS["customers"]),
        "orders_gb18030.csv": _csv(lines, _HEADERS["orders"]),
    }


def _dates(days: pd.Series) -> list[str]:
    return [f"{day.strftime(DATES[row % len(DATES)])}" for row, day in enumerate(days)]


def _amounts(amounts: pd.Series) -> list[str]:
    forms = ("{:.2f}", "{:.2f}", "{:,.2f}", "{:.2f}", "¥{:.2f}")
    return [forms[row % len(forms)].format(amount) for row, amount in enumerate(amounts)]


def _csv(table: pd.DataFrame, headers: dict[str, str]) -> bytes:
    lines = io.StringIO(newline="")
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow(headers.values())
    writer.writerows(table[list(headers)].itertuples(index=False, name=None))
    return lines.getvalue().encode(ENCODING)
