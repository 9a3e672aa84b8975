"""The rows of every made-up export as canonical rows, worked out by hand: who bought what when, what went back, who may be written to."""

import csv
from decimal import Decimal
from pathlib import Path

import narwhals as nw
import pandas as pd
import pytest

from analysis import engine
from analysis.collect import known, recipes, rows
from analysis.tables import CANONICAL

FILES = Path(__file__).parent
ZONES = {"taobao_orders": "Asia/Shanghai", "square_items": "America/New_York", "online_retail": "Europe/London"}
CURRENCIES = {"taobao_orders": "CNY", "square_items": "USD", "online_retail": "GBP", "stripe_payments": "USD"}
ANSWERS = {
    "square_items": {"columns": {"date": {"format": "%Y-%m-%d %H:%M:%S"}}},
    "dynamics_contacts": {"columns": {"created": {"format": "%Y-%m-%d %H:%M:%S"}}},
    "woocommerce_analytics_orders": {"tables": {"orders": {"columns": {"customer_id": "lower(trim(customer))"}}}},
    "mailchimp_audience": {
        "tables": {
            "customers": {
                "columns": {"consent": "when(is_empty(left) and is_empty(cleaned), 'subscribed', 'unsubscribed')"}
            }
        }
    },
}


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a function that loads a made-up export and gives its canonical tables and the number of rows of each kind."""
    from analysis.collect.loading import text_files

    held = {}

    def of(name):
        if name not in held:
            stated = {"like": name, "files": f"{name}.csv", **ANSWERS.get(name, {})}
            study = {"time_zone": ZONES.get(name, "Europe/Berlin"), "currency": CURRENCIES.get(name, "EUR")}
            export = known.resolved(name, stated).of_study(**study)
            target = tmp_path_factory.mktemp(name) / "rows.parquet"
            loaded = text_files.load(FILES / f"{name}.csv", export, into=target)
            assert loaded.aside == [] and loaded.rows == loaded.kept
            together = rows.together([target], export, name=name).rows
            rows.refuse_other_currencies(together, export, name=name, currency=study["currency"])
            kinds = rows.of_kinds(rows.filled(together, export), export)
            counted = rows.kinds(kinds, export, name=name).set_index("kind")["rows"].to_dict()
            tables = {
                table: recipes.made_by(recipe, kinds, export, CANONICAL[table])
                for table, recipe in export.tables.items()
            }
            held[name] = tables, counted
        return held[name]

    return of


def lines(made, name, table, *columns):
    """Return the rows of a canonical table as texts with bars between the cells, sorted; an empty cell is empty.

    Money leaves the engine as text, so that no cent is lost on the way, and is shown with two places.
    """
    money = set(CANONICAL[table].of_kind("money"))
    rows_of = made(name)[0][table]
    there = rows_of.collect_schema().names()
    every = [nw.col(one) if one in there else nw.lit(None, dtype=nw.String).alias(one) for one in columns]
    frame = engine.collect(
        rows_of.select(
            *(one.cast(nw.String) if name in money else one for one, name in zip(every, columns, strict=True))
        )
    )
    rows_of = frame.itertuples(index=False, name=None)
    return sorted(
        "|".join(_text(cell, one in money) for one, cell in zip(columns, row, strict=True)) for row in rows_of
    )


def _text(cell, is_money):
    if cell is None or pd.isna(cell):
        return ""
    if is_money:
        assert Decimal(cell) == round(Decimal(cell), 2)
        return f"{Decimal(cell):.2f}"
    if isinstance(cell, pd.Timestamp):
        return f"{cell:%Y-%m-%d %H:%M:%S}".removesuffix(" 00:00:00")
    return f"{cell:g}" if isinstance(cell, float) else str(cell)


ORDERS = (
    "order_id",
    "line_id",
    "customer_id",
    "product_id",
    "ordered_at",
    "quantity",
    "amount",
    "discount",
    "coupon_discount",
)
REFUNDS = ("refund_id", "line_id", "customer_id", "product_id", "refunded_at", "quantity", "amount")


@pytest.mark.parametrize(
    ("name", "orders", "refunds", "kinds"),
    [
        (
            "shopify_orders",
            [  # moments in UTC; the discount on an order stands on its first line, the one on a line is taken off
                "#1001|1|ada@example.com|BAG-1|2025-10-07 07:50:26|1|20.00|0.00|0.00",
                "#1001|2|ada@example.com|FERN-1|2025-10-07 07:50:26|2|32.00|0.00|5.00",
                "#1002|1|bo@example.com|MUG-1|2025-10-26 00:30:00|1|25.00|0.00|2.00",
                "#1006|1|bo@example.com|MUG-1|2025-10-30 10:00:00|2|40.00|10.00|0.00",
            ],
            ["#1002|1|bo@example.com||2025-10-26 00:30:00||23.00"],
            {"cancelled": 1, "not paid": 1, "test": 0, "without a customer": 1, "refunded sale": 1, "sale": 3},
        ),
        (
            "woocommerce_analytics_orders",
            [
                "9001|1|ada muster|order|2025-03-02 08:00:00|3|50.00|0.00|0.00",
                "9002|1|bo beispiel|order|2025-03-02 16:40:12|1|20.50|0.00|0.00",
            ],
            ["9003|1|bo beispiel|order|2025-03-03 07:00:00|1|20.50"],
            {"not paid": 1, "without a customer": 1, "refund": 1, "sale": 2},
        ),
        (
            "woocommerce_plugin_orders",
            [  # 57.00 less 5.00 shipping and 4.00 taxes, before a discount of 2.00
                "9001|1|ada@example.com|order|2025-03-02 08:00:00|1|50.00|0.00|2.00",
                "9002|1|bo@example.com|order|2025-03-02 16:40:12|1|20.50|0.00|0.00",
                "9005|1|ada@example.com|order|2025-03-05 08:00:00|1|25.00|0.00|0.00",
            ],
            ["9002|1|bo@example.com|order|2025-03-02 16:40:12||20.50"],
            {"not paid": 1, "without a customer": 1, "refunded sale": 1, "sale": 2},
        ),
        (
            "magento_orders",
            [
                "000000101|1|ada@example.com|order|2021-03-05 13:22:11|1|52.00|0.00|0.00",
                "000000102|1|bo@example.com|order|2021-03-14 23:05:00|1|20.50|0.00|0.00",  # five past midnight in Berlin
            ],
            ["000000102|1|bo@example.com|order|2021-03-14 23:05:00||20.50"],
            {"not paid": 1, "without a customer": 1, "refunded sale": 1, "sale": 1},
        ),
        (
            "stripe_payments",
            [
                "ch_3Aa0001|1|ada@example.com|payment|2025-03-14 23:20:00|1|500.00|0.00|0.00",
                "ch_3Aa0003|1|bo@example.com|payment|2025-07-04 09:00:00|1|600.00|0.00|0.00",
                "py_3Aa0004|1|cus_C1|payment|2025-07-05 09:00:00|1|100.00|0.00|0.00",
            ],
            [
                "ch_3Aa0003|1|bo@example.com|payment|2025-07-04 09:00:00||600.00",
                "py_3Aa0004|1|cus_C1|payment|2025-07-05 09:00:00||30.00",
            ],
            {"not paid": 1, "without a customer": 1, "refunded sale": 2, "sale": 1},
        ),
        (
            "square_items",
            [  # 21:59:30 in New York in summer is 01:59:30 UTC
                "TXA1|1|C1AD|Sandwich / Regular|2026-07-19 01:59:30|1|1208.00|0.00|0.00",
                "TXA1|2|C1AD|TEA-L|2026-07-19 01:59:30|2|7.00|3.00|0.00",
            ],
            ["TXA2|1|C1AD|TEA-L|2026-07-19 12:15:00|1|5.00"],
            {"without a customer": 1, "refund": 1, "sale": 2, "other event": 0},
        ),
        (
            "taobao_orders",
            [  # 608 with 10 of postage; two minutes to midnight in Shanghai
                "1930679858170001|1|小雨a1|order|2025-05-23 15:58:11|3|598.00|0.00|0.00",
                "1930679858170002|1|阿明|order|2025-05-24 01:00:00|1|88.00|0.00|0.00",
                "1930679858170006|1|小雨a1|order|2025-05-28 01:00:00|1|30.00|0.00|0.00",
            ],
            ["1930679858170002|1|阿明|order|2025-05-24 01:00:00||20.00"],
            {"not paid": 1, "closed": 1, "without a customer": 1, "refunded sale": 1, "sale": 2},
        ),
        (
            "online_retail",
            [  # the same line twice is two lines; 17850.0 is 17850
                "536365|1|17850|85123A|2010-12-01 08:26:00|6|15.30|0.00|0.00",
                "536365|2|17850|85123A|2010-12-01 08:26:00|6|15.30|0.00|0.00",
                "536365|3|17850|POST|2010-12-01 08:26:00|1|18.00|0.00|0.00",
                "536370|1|12583|22728|2010-12-01 08:45:00|24|90.00|0.00|0.00",
            ],
            ["C536379|1|12583|22728|2011-05-31 23:10:00|2|7.50"],  # ten past midnight in British summer
            {"adjustment": 1, "without a customer": 1, "refund": 1, "without a price": 1, "without goods": 0, "sale": 4},
        ),
    ],
)  # fmt: skip
def test_sales_and_refunds_are_those_worked_out_by_hand(name, orders, refunds, kinds, made):
    assert lines(made, name, "orders", *ORDERS) == orders
    assert lines(made, name, "refunds", *REFUNDS) == refunds
    assert made(name)[1] == kinds


def test_what_all_rows_of_an_order_level_export_add_up_to_is_what_was_paid_for_goods(made):
    """An identity: of the payments that succeeded, sales less refunds are Amount less Amount Refunded, all columns from the file."""
    sold = sum(Decimal(line.split("|")[0]) for line in lines(made, "stripe_payments", "orders", "amount"))
    back = sum(Decimal(line.split("|")[0]) for line in lines(made, "stripe_payments", "refunds", "amount"))
    assert sold - back == Decimal("500.00") + Decimal("0.00") + Decimal("70.00")


def test_sales_of_shopify_less_coupons_are_the_subtotals_of_its_orders(made):
    """An identity: the column Subtotal is not read, and every order adds up to it."""
    with (FILES / "shopify_orders.csv").open(encoding="utf-8", newline="") as opened:
        subtotals = {row["Name"]: Decimal(row["Subtotal"]) for row in csv.DictReader(opened) if row["Subtotal"]}
    found: dict[str, Decimal] = {}
    for line in lines(made, "shopify_orders", "orders", "order_id", "amount", "coupon_discount"):
        order, amount, coupon = line.split("|")
        found[order] = found.get(order, Decimal(0)) + Decimal(amount) - Decimal(coupon)
    assert found == {order: subtotals[order] for order in ("#1001", "#1002", "#1006")}


PEOPLE = ("customer_id", "region", "channel", "consent", "email", "phone", "first_name", "last_name")


@pytest.mark.parametrize(
    ("name", "columns", "people"),
    [
        ("shopify_orders", ("customer_id", "channel", "consent", "email"),
         ["ada@example.com|web|yes|Ada@example.com", "bo@example.com|web|no|bo@example.com"]),
        ("shopify_customers", PEOPLE,
         ["ada@example.com|DE|web|yes|Ada@example.com|+49 30 000001|Ada|Muster", "bo@example.com|CH|web|no|bo@example.com||Bo|Beispiel"]),
        ("woocommerce_plugin_orders", ("customer_id", "region", "email", "phone", "first_name"),
         # of each column the latest that is known: the country of the second order, the phone of the first
         ["ada@example.com|AT|ada@example.com|+4930000001|Ada", "bo@example.com|BE|bo@example.com||Bo"]),
        ("stripe_payments", ("customer_id", "email"),
         ["ada@example.com|Ada@example.com", "bo@example.com|bo@example.com", "cus_C1|"]),
        ("taobao_orders", ("customer_id", "phone", "last_name"), ["小雨a1|13800000009|张三", "阿明|13800000002|李四"]),
        ("online_retail", ("customer_id", "region"), ["12583|France", "17850|United Kingdom"]),
        ("hubspot_contacts", ("joined_on", *PEOPLE),
         ["2024-03-12|101|Germany|Organic search|not stated|Ada@example.com|+49 30 000001|Ada|Muster",
          "2024-03-13|102|Switzerland|Offline sources|unsubscribed|bo@example.com||Bo|Beispiel",
          "2024-03-14|103|||not stated||+49 30 000003||"]),  # ten past midnight is the 14th where it was written
        ("mailchimp_audience", ("joined_on", *PEOPLE),
         ["2024-10-11|ada@example.com|DE|e-mail|subscribed|Ada@example.com||Ada|Muster",
          "2024-10-13|bo@example.com|CH|e-mail|subscribed|bo@example.com||Bo|Beispiel"]),
        ("brevo_contacts", ("joined_on", "customer_id", "consent", "email", "phone", "first_name", "last_name"),
         ["2024-12-04|ada@example.com|yes|Ada@example.com|4930000001|Ada|Muster",
          "2024-12-05|bo@example.com|unsubscribed|bo@example.com||Bo|Beispiel",
          "2024-12-06|cy@example.com|not stated|cy@example.com||Cy|Exempel"]),
        ("klaviyo_profiles", ("joined_on", *PEOPLE),
         ["2025-03-01|ada@example.com|Germany|Popup|subscribed|Ada@example.com|+4930000001|Ada|Muster",
          "2025-03-02|bo@example.com|Switzerland|Checkout|suppressed|bo@example.com||Bo|Beispiel",
          "2025-03-03|cy@example.com|||never_subscribed|cy@example.com||Cy|Exempel"]),
        ("salesforce_contacts", ("joined_on", *PEOPLE),
         ["2024-03-01|0035g00000AAAA1AAA|Germany|Web|not stated|Ada@example.com|+49 170 000001|Ada|Muster",
          "2024-03-02|0035g00000AAAA1AAa|Switzerland|Phone|unsubscribed|bo@example.com|+41 30 000002|Bo|Beispiel"]),
        ("zoho_contacts", ("joined_on", *PEOPLE),
         ["2024-03-12|zcrm_410888000000698001|Germany|Web|not stated|Ada@example.com|0170 000001|Ada|Muster",
          "2024-03-13|zcrm_410888000000698002|Switzerland|Trade show|unsubscribed|bo@example.com|030 000002|Bo|Beispiel"]),
        ("dynamics_contacts", ("joined_on", "customer_id", "region", "consent", "email", "phone", "first_name", "last_name"),
         ["2024-03-12|0a1b2c3d-0000-4000-8000-000000000001|Germany|not stated|Ada@example.com|030 000001|Ada|Muster",
          "2024-03-13|0a1b2c3d-0000-4000-8000-000000000002|Switzerland|unsubscribed|bo@example.com|079 000002|Bo|Beispiel"]),
        ("marketo_lists", ("joined_on", *PEOPLE),
         ["2024-03-12|ada@example.com|Germany|Web|not stated|Ada@example.com|+49 170 000001|Ada|Muster",
          "2024-03-13|bo@example.com|Switzerland|List import|unsubscribed|bo@example.com||Bo|Beispiel"]),
    ],
)  # fmt: skip
def test_customers_are_those_worked_out_by_hand(name, columns, people, made):
    assert lines(made, name, "customers", *columns) == people


@pytest.mark.parametrize("name", [name for name in known.names() if "customers" in known.load(name).tables])
def test_nobody_has_a_consent_that_the_export_does_not_state(name, made):
    """Only words of an export that mean a consent are read as one by `design.consent`; silence is none."""
    from analysis.study import CONSENT_WORDS

    if "consent" not in known.load(name).tables["customers"].columns:
        return
    agreed = {
        line.split("|")[0]
        for line in lines(made, name, "customers", "customer_id", "consent")
        if line.split("|")[1] in CONSENT_WORDS
    }
    stated = {
        "shopify_orders": {"ada@example.com"}, "shopify_customers": {"ada@example.com"}, "brevo_contacts": {"ada@example.com"},
        "klaviyo_profiles": {"ada@example.com"}, "mailchimp_audience": {"ada@example.com", "bo@example.com"},
    }  # fmt: skip
    assert agreed == stated.get(name, set())


def test_products_have_the_name_of_their_latest_line(made):
    assert lines(made, "online_retail", "products", "product_id", "name") == [
        "22728|ALARM CLOCK BAKELIKE PINK", "85123A|WHITE HANGING HEART T-LIGHT HOLDER", "POST|POSTAGE",
    ]  # fmt: skip
    assert lines(made, "shopify_orders", "products", "product_id", "name", "brand") == [
        "BAG-1|Canvas bag|Papeterie", "FERN-1|Fern print|Papeterie", "MUG-1|Mug|Papeterie",
    ]  # fmt: skip
    assert lines(made, "square_items", "products", "product_id", "name", "category") == [
        "Sandwich / Regular|Sandwich|Food", "TEA-L|Iced tea|Drinks",
    ]  # fmt: skip


def test_members_of_a_campaign_are_treated_or_held_out_and_others_are_left_out(made):
    assert lines(
        made, "salesforce_campaign_members", "contacts", "campaign_id", "customer_id", "contacted_on", "arm"
    ) == [
        "7015g00000CCCC1AAA|0035g00000AAAA1AAA|2024-03-28|treated",
        "7015g00000CCCC1AAA|0035g00000AAAA1AAa|2024-03-28|holdout",  # ids differ in the case of their last letter alone
        "7015g00000CCCC1AAA|00Q5g00000BBBB1AAA|2024-03-29|treated",
    ]
    assert made("salesforce_campaign_members")[1] == {"nobody": 1, "held out": 1, "sent": 2, "other status": 1}


def test_campaigns_have_their_days_and_costs(made):
    columns = ("campaign_id", "name", "kind", "starts_on", "ends_on", "cost")
    assert lines(made, "salesforce_campaign_members", "campaigns", *columns) == [
        "7015g00000CCCC1AAA|Spring|Email|2024-04-01|2024-04-30|1500.00"
    ]
    assert lines(made, "zoho_campaigns", "campaigns", *columns) == [
        "zcrm_410888000000701001|Spring|Email|2024-04-01|2024-04-30|1500.00",
        "zcrm_410888000000701002|Fair|not stated|2024-06-01|2024-06-02|",  # costs that nobody entered are not zero
    ]
