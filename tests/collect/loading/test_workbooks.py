"""Sheets of workbooks by their contract: what a spreadsheet has lost, hidden or only shown as empty is told."""

import io
import stat
import zipfile
from datetime import date, datetime, time
from decimal import Decimal

import pyarrow.parquet as pq
import pytest
import xlsxwriter

from analysis.collect.loading import packages, workbooks
from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import Aside, FileError, Remark

COLUMNS = {
    "order_id": {"header": "Order", "kind": "id", "filled": True},
    "ordered_on": {"header": "Day", "kind": "date", "format": "%d/%m/%Y", "needed": False},
    "ordered_at": {"header": "At", "kind": "moment", "needed": False},
    "amount": {"header": "Amount", "kind": "money", "decimals": 2},
    "note": {"header": "Note", "needed": False},
}
HEADER = ["Order", "Day", "At", "Amount", "Note"]


def save(path, sheets, *, prepare=lambda book, pages: None, **options):
    """Write rows by sheet; a date or moment becomes a date of the spreadsheet, a text that begins with = a formula without result."""
    with xlsxwriter.Workbook(path, options) as book:
        formats = {date: book.add_format({"num_format": "yyyy-mm-dd"}), datetime: book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
                   time: book.add_format({"num_format": "hh:mm"})}  # fmt: skip
        pages = {}
        for title, rows in sheets.items():
            pages[title] = page = book.add_worksheet(title)
            for at, row in enumerate(rows):
                for place, cell in enumerate(row):
                    if type(cell) in formats:
                        page.write_datetime(at, place, cell, formats[type(cell)])
                    elif isinstance(cell, tuple):
                        page.write_formula(at, place, cell[0], None, cell[1])
                    elif cell is not None:
                        page.write(at, place, cell)
        prepare(book, pages)


def load(folder, sheets, *, file="orders.xlsx", prepare=lambda book, pages: None, options=(), **settings):
    if sheets is not None:
        save(folder / file, sheets, prepare=prepare, **dict(options))
    wanted = Export(files=file, tables={}, **{"columns": COLUMNS, "time_zone": "Europe/Berlin", **settings})
    loaded = workbooks.load(folder / file, wanted, name=file, into=folder / "staged" / "rows.parquet")
    return loaded, pq.read_table(folder / "staged" / "rows.parquet").to_pylist()


def refusal(folder, sheets, **settings):
    with pytest.raises(FileError) as refused:
        load(folder, sheets, **settings)
    assert refused.value.__context__ is None or isinstance(refused.value.__context__, FileError)
    assert [file.name for file in (folder / "staged").glob("*")] == []
    return str(refused.value)


@pytest.mark.parametrize("system", [{}, {"date_1904": True}])
def test_dates_numbers_texts_and_formulas_are_read_as_the_sheet_shows_them(tmp_path, system):
    rows = [
        HEADER,
        [7, date(2024, 2, 29), datetime(2024, 7, 1, 12, 0, 5), 12.1, "two\nlines"],
        ["007", "01/03/2024", None, ("=0.1+0.2", 0.1 + 0.2), True],
        [],
        ["A-1", None, None, -3, 1.5],
        [None, None],
    ]
    loaded, kept = load(tmp_path, {"Orders": rows}, options=system)
    assert kept == [
        {"order_id": "7", "ordered_on": date(2024, 2, 29), "ordered_at": datetime(2024, 7, 1, 10, 0, 5), "amount": Decimal("12.10"),
         "note": "two\nlines", "_line": 2},
        {"order_id": "007", "ordered_on": date(2024, 3, 1), "ordered_at": None, "amount": Decimal("0.30"), "note": "true", "_line": 3},
        {"order_id": "A-1", "ordered_on": None, "ordered_at": None, "amount": Decimal("-3.00"), "note": "1.5", "_line": 5},
    ]  # fmt: skip
    assert (loaded.rows, loaded.kept, loaded.aside, loaded.totals) == (3, 3, [], {"amount": Decimal("9.40")})
    assert loaded.remarks == []
    assert stat.S_IMODE((tmp_path / "staged" / "rows.parquet").stat().st_mode) == 0o600


def test_cells_that_only_look_empty_are_told(tmp_path):
    rows = [HEADER, *([f"A{at}", None, None, 1, "x"] for at in range(9))]
    rows[2][4] = ("=NA()", "#N/A")  # nothing depends on the note, and yet it was something
    rows[3][3] = ("=1/0", "#DIV/0!")
    rows[4][0] = "#REF!"  # the value of an error, pasted
    loaded, kept = load(tmp_path, {"Orders": rows})
    assert loaded.aside == [
        Aside("orders.xlsx", 3, "note", workbooks.AN_ERROR, ""),
        Aside("orders.xlsx", 4, "amount", workbooks.AN_ERROR, ""),
        Aside("orders.xlsx", 5, "order_id", workbooks.AN_ERROR, "#aaa!"),
    ]
    assert [row["_line"] for row in kept] == [2, 6, 7, 8, 9, 10]
    assert loaded.totals_aside == {"amount": None}  # what the error stands for nobody knows


def test_a_formula_that_nobody_has_calculated_has_no_value(tmp_path):
    save(tmp_path / "orders.xlsx", {"Orders": [HEADER, *([f"A{at}", None, None, ("=1+1", 2)] for at in range(3))]})
    content = (tmp_path / "orders.xlsx").read_bytes()
    with zipfile.ZipFile(io.BytesIO(content)) as old, zipfile.ZipFile(tmp_path / "orders.xlsx", "w") as new:
        for part in old.namelist():
            text = old.read(part)
            new.writestr(part, text.replace(b'<c r="D3"><f>1+1</f><v>2</v></c>', b'<c r="D3"><f>1+1</f></c>'))
    loaded, _ = load(tmp_path, None)
    assert loaded.aside == [Aside("orders.xlsx", 3, "amount", workbooks.NO_RESULT, "")]


def test_merged_cells_below_the_header_leave_open_what_the_others_are(tmp_path):
    rows = [HEADER, *([f"A{at}", None, None, 1] for at in range(5))]
    loaded, _ = load(tmp_path, {"Orders": rows}, prepare=lambda book, pages: pages["Orders"].merge_range("A4:A5", "A2"))
    told = [(row.line, row.column, row.rule) for row in loaded.aside]
    assert told == [(4, "order_id", workbooks.MERGED), (5, "order_id", workbooks.MERGED)]


def test_the_sheet_may_begin_anywhere(tmp_path):
    rows = [[], [], [None, "Order", "Amount"], [None, "A1", 1], [None, "A2", ("=NA()", "#N/A")], [None, "A3", 3]]
    loaded, kept = load(tmp_path, {"Orders": rows})
    assert [(row["order_id"], row["_line"]) for row in kept] == [("A1", 4), ("A3", 6)]
    assert loaded.aside == [Aside("orders.xlsx", 5, "amount", workbooks.AN_ERROR, "")]


def hide(title):
    return lambda book, pages: pages[title].hide()


def test_hidden_sheets_are_not_read_and_named(tmp_path):
    sheets = {"Orders": [HEADER, ["A1", None, None, 1]], "Costs": [["secret"]]}
    loaded, kept = load(tmp_path, sheets, prepare=hide("Costs"))
    assert len(kept) == 1
    assert loaded.remarks == [Remark("orders.xlsx", "note", "Hidden sheets were not read: 'Costs'.")]


GOOD = [HEADER, ["A1", None, None, 1]]


@pytest.mark.parametrize(
    ("sheets", "settings", "told"),
    [
        ({"North": GOOD, "South": GOOD}, {},
         "orders.xlsx: it has 2 sheets and the contract names none; write one of them as sheet: North, South"),
        ({"North": GOOD, "South": GOOD}, {"sheet": "Nort"}, "orders.xlsx: it has no sheet 'Nort'; the nearest are North, South"),
        ({"North": []}, {}, "orders.xlsx: the sheet is empty; look whether it is the right one, or export it again"),
        ({"North": [["Report of March"], [], *GOOD]}, {},
         "orders.xlsx, line 1: the header stands on row 3; declare skip_lines: 2"),
        ({"North": [["Order", "Amonut"], ["A1", 1]]}, {},
         "orders.xlsx, column 'Amount': there is no such column; the nearest are Amonut; if it has another name now, add that to "
         "header in the contract"),
        ({"North": [HEADER]}, {}, "orders.xlsx: there is no row; look at its source, or write allow_empty: true in the contract"),
        ({"North": [HEADER, ["A1", None, None, 1], [1e17, None, None, 1]]}, {},
         "orders.xlsx, line 3, column 'Order': an id is a number of more than 15 digits, of which a spreadsheet keeps 15: the others "
         "are lost; export it again with this column as text"),
        ({"North": [HEADER, ["A1", 45658, None, 1], ["A2", date(2024, 1, 1), None, 1], ["A3", 45678.5, None, 1]]}, {},
         "orders.xlsx, line 2, column 'Day': 2 of 3 cells are bare numbers and no dates; as days counted from 1900 they lie in 2025 to "
         "2025, from 1904 in 2029 to 2029; format the column as a date, look at a few, and save it again"),
        ({"North": [HEADER, ["A1", None, 20240101, 1]]}, {},
         "orders.xlsx, line 2, column 'At': 1 of 1 cells are bare numbers and no dates; format the column as a date, look at a few, "
         "and save it again"),
        ({"North": [HEADER, ["A1", time(5, 6), None, 1]]}, {},
         "orders.xlsx, line 2, column 'Day': its values are of type time and the contract says date; correct the kind in the "
         "contract, or export the column as that kind"),
    ],
)  # fmt: skip
def test_what_cannot_be_meant_stops_the_file(tmp_path, sheets, settings, told):
    assert refusal(tmp_path, sheets, **settings) == told


def test_a_total_below_the_rows_is_set_aside(tmp_path):
    rows = [
        HEADER,
        *([f"A{at}", date(2024, 1, 1), None, 1] for at in range(4)),
        [None, "Total", None, ("=SUM(D2:D5)", 4)],
    ]
    loaded, kept = load(tmp_path, {"Orders": rows})
    assert (len(kept), loaded.totals) == (4, {"amount": Decimal("4.00")})
    assert [(row.line, row.column, row.rule) for row in loaded.aside] == [(6, "order_id", "empty")]


@pytest.mark.parametrize("content", [b"PK\x03\x04", b"PK\x03\x04" + bytes(200), b"\xd0\xcf\x11\xe0" + bytes(600)])
def test_a_damaged_workbook_is_told(tmp_path, content):
    (tmp_path / "orders.xlsx").write_bytes(content)
    told = "orders.xlsx: it is a damaged workbook; open it, save it again as .xlsx, or export it again"
    assert refusal(tmp_path, None) == told


def packed(path, parts):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, content in parts.items():
            package.writestr(name, content)


def test_a_workbook_that_grows_without_end_is_refused_before_it_is_read(tmp_path, monkeypatch):
    monkeypatch.setattr(packages, "MOST_BYTES", 2**22)
    packed(tmp_path / "orders.xlsx", {"xl/workbook.xml": "", "xl/sharedStrings.xml": bytes(2**22 + 1)})
    told = "orders.xlsx: unpacked it is larger than 4 MB; export it as CSV, or as several workbooks"
    assert refusal(tmp_path, None) == told


def test_a_cell_far_outside_the_table_is_refused_before_room_is_made_for_it(tmp_path):
    told = (
        "orders.xlsx: its sheet 'Orders' goes to row 1,048,576 and column 16,384, more than 20,000,000 cells; delete what stands far "
        "outside the table, or export it as CSV"
    )
    assert (
        refusal(tmp_path, {"Orders": GOOD}, prepare=lambda book, pages: pages["Orders"].write("XFD1048576", "x"))
        == told
    )


def test_xml_that_declares_entities_is_no_workbook(tmp_path):
    save(tmp_path / "good.xlsx", {"Orders": GOOD})
    with zipfile.ZipFile(tmp_path / "good.xlsx") as old:
        parts = {part: old.read(part) for part in old.namelist()}
    sheet = parts["xl/worksheets/sheet1.xml"]
    parts["xl/worksheets/sheet1.xml"] = sheet.replace(b"<worksheet", b'<!DOCTYPE x [<!ENTITY a "b">]><worksheet', 1)
    packed(tmp_path / "orders.xlsx", parts)
    told = "orders.xlsx: it is a damaged workbook; open it, save it again as .xlsx, or export it again"
    assert refusal(tmp_path, None) == told


ODS = """<office:document-content xmlns:office="o" xmlns:table="t" xmlns:text="x" xmlns:calcext="c"><office:body>
<office:spreadsheet><table:table table:name="Other"><table:table-row>
<table:table-cell office:value-type="string" calcext:value-type="error"/></table:table-row></table:table>
<table:table table:name="Orders">
<table:table-row table:number-rows-repeated="2"><table:table-cell table:number-columns-repeated="9"/></table:table-row>
<table:table-row><table:table-cell/><table:table-cell office:value-type="string"/><table:table-cell/></table:table-row>
<table:table-row table:number-rows-repeated="2"><table:covered-table-cell table:number-columns-repeated="2"/>
<table:table-cell table:number-columns-repeated="2" office:value-type="string" calcext:value-type="error"/></table:table-row>
<table:table-row table:number-rows-repeated="1048570"><table:table-cell table:number-columns-repeated="1024"/></table:table-row>
</table:table></office:spreadsheet></office:body></office:document-content>"""


def test_the_marks_of_an_open_document_count_its_repeated_rows_and_cells(tmp_path):
    packed(tmp_path / "orders.ods", {"content.xml": ODS})
    found = packages.marks(tmp_path / "orders.ods", "Orders", name="orders.ods")
    assert found.errors == {(3, 2), (3, 3), (4, 2), (4, 3)}
    assert (found.rows, found.columns) == (5, 4)


@pytest.mark.parametrize(
    ("reference", "place"), [("A1", (0, 0)), ("Z9", (8, 25)), ("AA10", (9, 26)), ("XFD1048576", (1048575, 16383))]
)
def test_a_reference_names_row_and_column(reference, place):
    assert packages._place(reference) == place
