"""What looks wrong about whole exports, by hand: whole messages, and silence where nothing is wrong."""

from datetime import date

import narwhals as nw
import pandas as pd
import pytest

from analysis import engine
from analysis.collect import rows
from analysis.collect.loading.contract import Export
from analysis.collect.suspicions import amounts, days, drift, orders, people, suspicions, telling

NUMBERS = ("quantity", "amount", "discount", "coupon_discount")


def table(text, *columns):
    """A lazy table from lines of words; a dash is an empty cell."""
    cells = [[None if cell == "-" else cell for cell in line.split()] for line in text.strip().splitlines()]
    frame = pd.DataFrame(cells, columns=list(columns), dtype=object)
    kinds = {
        name: nw.Date() if name.endswith("_on") else nw.Float64() if name in NUMBERS else nw.String()
        for name in columns
    }
    return engine.lazy(frame).with_columns(*(nw.col(name).cast(kind) for name, kind in kinds.items()))


SALES = Export(
    columns={"order": "Order", "customer": "Customer"},
    tables={"orders": {"columns": {"order_id": "order", "customer_id": "customer"}}},
)
PEOPLE = Export(
    columns={"id": "Id", "mail": "Mail", "phone": "Phone"},
    tables={
        "customers": {"one_per": "customer_id", "columns": {"customer_id": "id", "email": "mail", "phone": "phone"}}
    },
)


def crm(text):
    return rows.of_kinds(table(text, "id", "mail", "phone"), PEOPLE)


@pytest.mark.parametrize(
    ("number", "total", "smallest", "said"),
    [
        (34, 5678, 10, "34 of 5,678 rows (0.6 %)"), (3, 5678, 10, "fewer than 10 of 5,678 rows"), (5678, 5678, 10, "all 5,678 rows"),
        (5670, 5678, 10, "nearly all of 5,678 rows"), (3, 7, 10, "some of fewer than 10 rows"), (3, 7, 0, "3 of 7 rows (43 %)"),
        (10, 20000, 10, "10 of 20,000 rows (less than 0.1 %)"),
    ],
)  # fmt: skip
def test_a_few_are_not_counted_nor_are_so_few_left_over(number, total, smallest, said):
    assert telling.of(number, total, "rows", smallest=smallest) == said


def test_one_person_under_two_ids_and_one_id_of_two_persons():
    found = crm("""
        a1  Ann@x.example   030-111
        a2  ann@x.example   -
        b1  ben@x.example   030111
        c1  cem@x.example   030222
        c1  dan@x.example   -
    """)
    assert people.shared({"crm": PEOPLE}, {"crm": found}, smallest=0) == [
        ("customers", "warning", "2 of 4 customers with a known e-mail address (50 %) share it with another customer id: one person may "
         "stand there as several; they are kept apart, so have them merged in the source"),
        ("customers", "warning", "1 of 4 customers with a known e-mail address (25 %) have more than one: an id may have been given to a "
         "second person; ask the source whether it uses ids again"),
        ("customers", "warning", "2 of 3 customers with a known telephone number (67 %) share it with another customer id: one person may "
         "stand there as several; they are kept apart, so have them merged in the source"),
    ]  # fmt: skip
    told = people.shared({"crm": PEOPLE}, {"crm": found}, smallest=10)
    assert told[0][2].startswith("some of fewer than 10 customers with a known e-mail address share it")
    assert not any(word in words for _, _, words in told for word in ("ann", "030", "c1"))
    assert people.shared({"crm": PEOPLE}, {"crm": crm("a1 ann@x 1\nb1 ben@x 2")}, smallest=0) == []
    assert people.shared({"sales": SALES}, {}, smallest=0) == []


LINES = "o1 Ann 30\no2 Ben 10\no3 Cem 60"


def test_who_ordered_and_is_in_no_file_of_customers_and_who_never_ordered():
    tables = {"orders": table(LINES, "order_id", "customer_id", "amount")}
    told = people.unmatched(tables, {"crm": PEOPLE}, {"crm": crm("Ann - -\nBen - -\nDan - -\nEve - -")}, smallest=0)
    assert told == [
        ("customers", "warning", "1 of 3 customers who ordered (33 %), with 60 % of sales, are not in the files of customers: they are "
         "kept with their number alone; ask for a file of customers from the day of the orders or later"),
        ("customers", "note", "2 of 4 customers of the files of customers (50 %) have no order: they never bought, or their orders are not "
         "in the export"),
    ]  # fmt: skip
    few = people.unmatched(tables, {"crm": PEOPLE}, {"crm": crm("Ann - -\nBen - -")}, smallest=2)
    assert few[0][2].startswith(
        "fewer than 2 of 3 customers who ordered, are not"
    )  # no share of sales either: it is one person's
    strangers = people.unmatched(tables, {"crm": PEOPLE}, {"crm": crm("1 - -\n2 - -")}, smallest=0)
    assert strangers == [
        ("customers", "warning", "no customer who ordered is in the files of customers: the ids may be those of two systems; ask for a "
         "file with the ids of the orders"),
    ]  # fmt: skip
    assert people.unmatched(tables, {"sales": SALES}, {}, smallest=0) == []  # no file of customers, nobody is missing
    assert people.unmatched(tables, {"crm": PEOPLE}, {"crm": crm("Ann - -\nBen - -\nCem - -")}, smallest=0) == []


def test_an_order_id_of_two_customers_or_two_days():
    lines = table("""
        o1 Ann 2024-05-01
        o1 Ann 2024-05-01
        o2 Ann 2024-05-01
        o2 Ben 2024-05-01
        o3 Cem 2024-05-01
        o3 Cem 2024-05-09
    """, "order_id", "customer_id", "ordered_on")  # fmt: skip
    assert orders.unclear({"orders": lines}, smallest=0) == [
        ("orders", "warning", "2 of 3 order ids (67 %) stand for several customers or days: the source may have used them again, or two "
         "systems give the same numbers; make the ids unique before loading"),
    ]  # fmt: skip
    assert orders.unclear({"orders": table(LINES, "order_id", "customer_id", "amount")}, smallest=0) == []


def test_refunds_without_an_order_above_their_order_and_above_all_that_was_paid():
    tables = {
        "orders": table(LINES, "order_id", "customer_id", "amount"),
        "refunds": table(
            "r1 o1 Ann 30\nr2 o2 Ben 10\nr3 o2 Ben 2\nr4 o9 Cem 50", "refund_id", "order_id", "customer_id", "amount"
        ),
    }
    assert orders.over_refunded(tables, smallest=0) == [
        ("refunds", "warning", "1 of 3 orders with a refund (33 %) are not in the orders: they may lie before the first day of the export; "
         "net sales take them off all the same"),
        ("refunds", "warning", "1 of 3 orders with a refund (33 %) gave back more money than they took: a refund may stand there twice, or "
         "shipping came back that is no sale here; look them up in the source"),
        ("refunds", "warning", "1 of 3 customers with a refund (33 %) got back more than they ever paid here, so their total is below "
         "zero: their purchases may lie before the first day of the export; ask for a longer one"),
    ]  # fmt: skip
    tables["refunds"] = table("r1 o1 Ann 30", "refund_id", "order_id", "customer_id", "amount")
    assert orders.over_refunded(tables, smallest=0) == []


def test_a_discount_above_the_price():
    columns = ("order_id", "quantity", "amount", "discount", "coupon_discount")
    lines = table(
        "o1 1 5 6 0\no2 1 -1 6 0\no3 1 2 0 3\no4 0 0 0 3\no5 1 2 0 2", *columns
    )  # o4 is a coupon on a whole order
    assert orders.over_discounted({"orders": lines}, smallest=0) == [
        ("orders", "warning", "2 of 5 order lines (40 %) have a discount larger than their price: the discount may be that of a whole "
         "order, or stand in another unit; look at the recipe of the export"),
    ]  # fmt: skip
    assert orders.over_discounted({"orders": table(LINES, "order_id", "customer_id", "amount")}, smallest=0) == []


@pytest.mark.parametrize(
    ("lines", "who"),
    [(["o1 Ann 70", *(f"o{n} c{n} 10" for n in range(2, 12))], "order"),  # 70 of 170
     ([*(f"a{n} Ann 10" for n in range(7)), *(f"o{n} c{n} 10" for n in range(10))], "customer"),  # in seven orders
     (["o1 Ann 60", *(f"o{n} c{n} 10" for n in range(2, 12))], ""),  # 60 of 160 is less than 40 %
     (["o1 Ann 70", "o2 Ben 10"], "")],  # of two orders one is always large
)  # fmt: skip
def test_one_order_or_customer_with_more_than_two_fifths_of_all_sales(lines, who):
    told = orders.dominating({"orders": table("\n".join(lines), "order_id", "customer_id", "amount")})
    assert told == ([
        ("orders", "warning", f"one {who} has more than 40 % of all sales: means and sums speak of that one; look whether it is a typing "
         "error or a business, and compare the results without it"),
    ] if who else [])  # fmt: skip


def priced(factor, foreign):
    """Forty lines of four products at their own price or a little more, and `foreign` of them `factor` times that."""
    lines = [(f"p{n % 4}", 1.0, (n % 4 + 1) * (1 + n % 3 / 100) * (factor if n < foreign else 1)) for n in range(40)]
    return {"orders": engine.lazy(pd.DataFrame(lines, columns=["product_id", "quantity", "amount"]))}


def test_all_products_at_two_prices_that_differ_by_one_factor():
    assert amounts.two_prices(priced(7.1, 12), smallest=10) == [
        ("orders", "warning", "12 of 40 order lines (30 %) cost about 7.1 times, or one part in so many, of what their product usually "
         "costs: amounts may be in two currencies or units; ask the sender, and load each with its own"),
    ]  # fmt: skip
    assert amounts.two_prices(priced(2, 12), smallest=10) == []  # a pack of two, or a sale
    assert amounts.two_prices(priced(7.1, 1), smallest=10) == []  # of one product only
    assert amounts.two_prices({}, smallest=10) == []


def daily(*means):
    lines = [(f"o{n}", date.fromordinal(739000 + n), amount) for n, amount in enumerate(means)]
    return {"orders": engine.lazy(pd.DataFrame(lines, columns=["order_id", "ordered_on", "amount"]))}


def test_cents_for_whole_units_from_a_day_on():
    rise = amounts.slipped(daily(20, 30, 25, 20, 40, 22, 2500, 3100, 1800, 2400, 2600, 2300))
    assert rise == [
        ("orders", "warning", "from 2024-04-30 on the mean order is about a hundred times what it was before: the unit may have changed, "
         "such as cents for whole units; ask the sender, and load the parts with their own recipe"),
    ]  # fmt: skip
    assert date.fromordinal(739006) == date(2024, 4, 30)
    fall = amounts.slipped(daily(2500, 3100, 1800, 2400, 2600, 20, 30, 25, 20, 40))
    assert fall[0][2].startswith("from 2024-04-29 on the mean order is about a hundredth of what it was before")
    assert amounts.slipped(daily(*[20] * 6, *[200] * 6)) == []  # ten times is another matter
    assert amounts.slipped(daily(20, 2000, 20, 20, 20, 20, 20, 30, 20, 20, 20)) == []  # one day is no change
    assert amounts.slipped(daily(20, 2000)) == []


def test_days_without_a_file():
    files = [f"sales/orders_2024-05-{day:02}.csv" for day in (1, 2, 4, 8)] + ["sales/orders_20240509.csv"]
    assert days.without_file("sales", files) == [
        ("sales", "warning", "4 of 9 days have no file: 2024-05-03, 2024-05-05 to 2024-05-07; what happened then is not in the data, so "
         "ask the sender for them"),
    ]  # fmt: skip
    assert days.without_file("sales", files[:2]) == []
    assert days.without_file("sales", ["a.csv", *files]) == [
        ("sales", "warning", "1 of 6 files name no day, so a missing one cannot be seen; name them like orders-2024-05-03.csv, or leave "
         "out daily: true"),
    ]  # fmt: skip


def test_rows_after_the_last_day_that_the_study_names():
    tables = {"orders": table("o1 2024-05-01\no2 2024-05-31\no3 2024-06-01", "order_id", "ordered_on"),
              "customers": table("Ann -\nBen 2031-01-01", "customer_id", "joined_on")}  # fmt: skip
    told = days.after_the_end(tables, ends_on=date(2024, 5, 31), smallest=0)
    assert told == [
        ("orders", "warning", "1 of 3 rows (33 %) lie after 2024-05-31, the last day that the study names: they are not seen; set ends_on "
         "later if they are right, else ask the sender where such days come from"),
        ("customers", "warning", "1 of 2 rows (50 %) lie after 2024-05-31, the last day that the study names: they are not seen; set "
         "ends_on later if they are right, else ask the sender where such days come from"),
    ]  # fmt: skip
    assert days.after_the_end(tables, ends_on=date(2031, 1, 1), smallest=0) == []


def test_orders_before_their_customer_joined_and_refunds_before_their_order():
    tables = {
        "customers": table("Ann 2024-05-03\nBen 2024-05-02\nCem -", "customer_id", "joined_on"),
        "orders": table(
            "o1 Ann 2024-05-01\no2 Ben 2024-05-01\no3 Cem 2024-05-01", "order_id", "customer_id", "ordered_on"
        ),
        "refunds": table("o1 2024-05-02\no2 2024-04-29\no3 2024-04-30", "order_id", "refunded_on"),
    }
    assert days.out_of_turn(tables, smallest=0) == [  # Ben's day and that of o3 are one earlier: a moment in UTC can be
        ("customers", "warning", "1 of 2 customers who ordered (50 %) did so before the day they joined: the day may be that of a move to "
         "another system, and time since joining is too short for them; ask the source what the day means"),
        ("refunds", "warning", "1 of 3 orders with a refund (33 %) have it before the day of the order: one of the two days may be that of "
         "the export; ask the source what they mean"),
    ]  # fmt: skip
    assert days.out_of_turn({"orders": tables["orders"]}, smallest=0) == []


def test_a_month_that_the_data_holds_in_part():
    assert days.part_of_a_month(date(2024, 2, 29)) == []
    assert days.part_of_a_month(date(2023, 12, 9)) == [
        ("orders", "note", "the data ends on 2023-12-09, inside a month: that month is held in part, and what is shown by full months "
         "leaves it out"),
    ]  # fmt: skip


def load(start, *names, times=1):
    lines = [(f"o{n}", name, pd.Timestamp(start) + pd.Timedelta(days=n)) for n, name in enumerate(names * times)]
    frame = pd.DataFrame(lines, columns=["order_id", "customer_id", "ordered_at"])
    return drift.facts({"orders": engine.lazy(frame.astype({"ordered_at": "datetime64[us]"}))})


def test_a_file_of_another_year_or_system_differs_from_the_load_before():
    before = load("2024-05-01", "Ann", "Ben", "Cem", "Dan")
    assert (before["orders"]["rows"], before["orders"]["first"], before["orders"]["last"]) == (
        4,
        "2024-05-01",
        "2024-05-04",
    )
    assert len(before["orders"]["customers"]) == 4 and "Ann" not in str(before)
    assert drift.drifted(before, before, smallest=0) == []
    assert drift.drifted(load("2024-05-01", "Ann", "Ben", "Cem", "Dan", "Eve"), before, smallest=0) == []
    older = drift.drifted(load("2023-05-01", "Ann", "Ben", "Cem", "Dan"), before, smallest=0)
    assert older == [
        (
            "orders",
            "warning",
            "its last day is 2023-05-04, and was 2024-05-04 at the load before: the export may be an older one",
        )
    ]
    assert drift.drifted(load("2024-05-05", "1", "2", times=8), before, smallest=0) == [
        ("orders", "warning", "16 rows, 4 at the load before: part of the export may be missing, or be there twice"),
        ("orders", "warning", "its first day is 2024-05-05, after the last day at the load before, 2024-05-04: all that came before is "
         "gone; put the earlier files there as well"),
        ("orders", "warning", "fewer than 10 % of the customers at the load before are there again: the file may be that of another "
         "system, or the ids are made anew with every export; ask the sender"),
    ]  # fmt: skip
    few = drift.drifted(load("2024-05-01", "Ann"), before, smallest=10)
    assert [words[:13] for _, _, words in few] == ["its last day "]  # four rows are nobody's business


@pytest.mark.parametrize("again", [0, 50, 120, 1000, 3000])
def test_the_share_of_customers_who_are_there_again_is_told_from_a_sample(again):
    def some(first):
        frame = pd.DataFrame({"customer_id": [str(n) for n in range(first, first + 3000)]})
        return drift.facts({"customers": engine.lazy(frame)})

    told = drift.drifted(some(3000 - again), some(0), smallest=10)
    assert bool(told) == (again / 3000 < 0.1)


def test_all_is_silent_over_a_clean_shop():
    lines = [(f"o{n}", "1", f"c{n % 12}", f"p{n % 5}", pd.Timestamp("2024-05-01") + pd.Timedelta(hours=7 * n), 1.0, n % 5 + 2.0, 0.0)
             for n in range(80)]  # fmt: skip
    names = ["order_id", "line_id", "customer_id", "product_id", "ordered_at", "quantity", "amount", "discount"]
    clean = engine.lazy(pd.DataFrame(lines, columns=names).astype({"ordered_at": "datetime64[us]"}))
    listed = crm("\n".join(f"c{n} c{n}@x.example -" for n in range(12)))
    told = suspicions(
        {"orders": clean}, {"sales": SALES, "crm": PEOPLE}, {"crm": listed}, ends_on=date(2024, 5, 31), smallest=10
    )
    assert told == []
