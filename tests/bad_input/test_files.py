"""What goes wrong with files, identifiers, dates and amounts on a Monday morning: each case by its number, and what becomes of it.

`cases.csv` lists all numbers; a case of this table is the test `test_files.py::test_case[<number>-<words>]`.
"""

import gzip
import zipfile
from io import BytesIO
from typing import NamedTuple

import pyarrow.parquet as pq
import pytest

from analysis.collect.loading.contract import Export
from analysis.collect.loading.loaded import FileError
from analysis.collect.loading.text_files import load

COLUMNS = {
    "order": {"header": ["order", "Order No"], "kind": "id", "filled": True, "key": True},
    "customer": {"header": "customer", "kind": "id"},
    "day": {"header": "day", "kind": "date", "format": "%Y-%m-%d", "needed": False},
    "pieces": {"header": "pieces", "kind": "whole", "least": 1, "most": 1000, "needed": False},
    "amount": {"header": "amount", "kind": "money", "decimals": 2},
}
HEADER, GOOD = "order,customer,amount\n", "1,C1,1.50\n2,C2,2.50\n3,C3,3.50\n"
FINE = HEADER + GOOD
MORE = "".join(f"{at},C{at},1.00\n" for at in range(4, 10))


class Case(NamedTuple):
    """A file and what must come of it: a refusal that says `stops`, or the kept order ids, the rules of rows set aside, remarks."""

    number: int
    words: str
    content: str | bytes
    stops: str = ""
    kept: str = "1 2 3"
    aside: tuple[str, ...] = ()
    remarks: tuple[str, ...] = ()
    says: dict = {}
    columns: dict = {}
    cells: dict = {}  # column -> values kept, as text


def packed(name, content):
    held = BytesIO()
    with zipfile.ZipFile(held, "w") as archive:
        archive.writestr(name, content)
    return held.getvalue()


def with_day(*days):
    return "order,customer,amount,day\n" + "".join(f"{at},C,1.00,{day}\n" for at, day in enumerate(days, 1))


def with_amount(*amounts):
    return HEADER + "".join(f"{at},C,{amount}\n" for at, amount in enumerate(amounts, 1))


def with_pieces(*pieces):
    return "order,customer,amount,pieces\n" + "".join(f"{at},C,1.00,{piece}\n" for at, piece in enumerate(pieces, 1))


BARE, OPEN = "a quote inside a cell or text beside one", "a quote that is not closed"
CASES = [
    Case(1, "an empty file", b"", "it is empty"),
    Case(1, "a file of blank lines", b"\n\n", "it has no content"),
    Case(2, "a header and no rows", HEADER, "a header and no rows; .* allow_empty: true"),
    Case(2, "a header and no rows, declared", HEADER, says={"allow_empty": True}, kept="", remarks=("a header and no rows",)),
    Case(3, "a login page", "\n<!DOCTYPE html><html><body>Please log in</body></html>", "it is a web page"),
    Case(4, "JSON", '[{"order": 1}]', "it is JSON"),
    Case(4, "a ZIP archive", packed("orders.csv", FINE), "a ZIP archive or an Excel workbook"),
    Case(4, "gzip that is not declared", gzip.compress(FINE.encode()), "declare compressed: true"),
    Case(4, "gzip that is declared", gzip.compress(FINE.encode()), says={"compressed": True}),
    Case(4, "declared gzip that is none", FINE, "is not gzip", says={"compressed": True}),
    Case(4, "declared gzip that is cut", gzip.compress(FINE.encode() * 99)[:-20], "ends inside its compressed", says={"compressed": True}),
    Case(4, "gzip inside gzip", gzip.compress(gzip.compress(FINE.encode())), "compressed twice", says={"compressed": True}),
    Case(4, "a PDF", b"%PDF-1.7\n", "it is a PDF"),
    Case(5, "cut inside a row", FINE + "4,C4", aside=("too few cells",), remarks=("no line end",)),
    Case(5, "cut inside the last cell", FINE + "4,C4,4.5", aside=("not an amount like 9.99",), remarks=("no line end",)),
    Case(5, "no last line end", FINE.rstrip("\n"), remarks=("no line end",)),
    Case(7, "a byte order mark of UTF-8", b"\xef\xbb\xbf" + FINE.encode()),
    Case(8, "GB18030 that is not declared", FINE.replace("C", "客户").encode("gb18030"),
         "they are valid gb18030.*declare the encoding"),
    Case(8, "GB18030 in the header", "订单,客户\n1,2\n".encode("gb18030"), "line 1: bytes are not UTF-8; they are valid gb18030"),
    Case(8, "GB18030 that is declared", FINE.replace("C", "客户").encode("gb18030"), says={"encoding": "gb18030"},
         cells={"customer": "客户1 客户2 客户3"}),
    Case(8, "UTF-8 declared as GB18030", FINE.replace("C", "客户").encode(), "valid UTF-8; declare encoding: utf-8",
         says={"encoding": "gb18030"}),
    Case(8, "a byte order mark against the declared encoding", b"\xef\xbb\xbf" + FINE.encode(), "is declared as gb18030",
         says={"encoding": "gb18030"}),
    Case(9, "UTF-16 with its mark", FINE.encode("utf-16"), remarks=("UTF-16 by its byte order mark",)),
    Case(9, "UTF-16 without its mark", FINE.encode("utf-16-le"), "looks like UTF-16 without a byte order mark"),
    Case(10, "one byte of another encoding", FINE.replace("C2", "Jos\u00e9").encode("latin-1"), kept="1 3",
         aside=("bytes that are not UTF-8; they are valid cp1252",)),
    Case(11, "a NUL byte", FINE.replace("C2", "C\x002"), kept="1 3", aside=("a control character",)),
    Case(11, "lost text", FINE.replace("C2", "C\ufffd2"), kept="1 3", aside=("a sign that stands for lost text",)),
    Case(11, "a NUL byte in the header", FINE.replace("amount", "a\x00mount"), "the header has a control character"),
    Case(12, "a blank that does not break, around an id", FINE.replace("C2", "C2\u00a0"), kept="1 3", aside=("a blank around an id",)),
    Case(12, "a letter that cannot be seen", FINE.replace("C2", "C\u200b2"), kept="1 3",
         aside=("a sign that cannot be seen in an id",)),
    Case(12, "wide digits, declared", FINE.replace("C2", "Ｃ２\u3000"), columns={"customer": {"plain": True}},
         cells={"customer": "C1 C2 C3"}),
    Case(13, "carriage returns alone", FINE.replace("\n", "\r"), remarks=("a carriage return alone",)),
    Case(13, "line ends of two systems", FINE.replace("0\n2", "0\r\n2")),
    Case(13, "a carriage return inside a line", FINE.replace("C2", "C\r2"), kept="1 3", aside=("a carriage return inside the line",)),
    Case(14, "semicolons", FINE.replace(",", ";"), "a semicolon separates its header, and a comma is declared"),
    Case(14, "tabs, declared", FINE.replace(",", "\t"), says={"separator": "\t"}),
    Case(14, "a blank behind each comma", FINE.replace(",", ", "), "a blank stands behind each separator"),
    Case(15, "a line that names the separator", "sep=;\n" + FINE.replace(",", ";"), says={"separator": ";"},
         remarks=("names the separator",)),
    Case(15, "a line that names another separator", "sep=;\n" + FINE, "says that ';' separates"),
    Case(16, "a cell too many", FINE.replace("C2", "C,2"), kept="1 3", aside=("too many cells",)),
    Case(17, "an empty cell too many", FINE.replace("2.50", "2.50,"), kept="1 3", aside=("too many cells",)),
    Case(18, "a cell missing", FINE.replace("C2,", ""), kept="1 3", aside=("too few cells",)),
    Case(19, "a quote that is never closed", FINE.replace("C1", '"C1'), "line 2: a quote opens here and is never closed"),
    Case(19, "a quote closed some lines later", FINE.replace("C2", '"C2') + '4,"C4",4.00\n5,C5,5.00\n6,C6,6.00\n',
         kept="1 5 6", aside=(OPEN, *["inside an open quote"] * 2)),
    Case(19, "an open quote, lines declared to be trusted", FINE.replace("C1", '"C1'), says={"trust_lines": True}, kept="2 3",
         aside=(OPEN,)),
    Case(20, "a bare quote", FINE.replace("C2", '5" pipe'), kept="1 3", aside=(BARE,)),
    Case(20, "a bare quote inside quotes", FINE.replace("C2", '"5" pipe"'), kept="1 3", aside=(BARE,)),
    Case(21, "a line end inside a cell, declared", FINE.replace("C2", '"C\n2"'), columns={"customer": {"kind": "text", "multiline": True}},
         cells={"customer": "C1 C\n2 C3", "_line": "2 3 5"}),
    Case(21, "a line end inside a cell, not declared", FINE.replace("C2", '"C\n2"') + MORE,
         kept="1 3 4 5 6 7 8 9", aside=(OPEN, BARE)),
    Case(22, "a title above the header", "Orders of May\n\n" + FINE, "the header stands on line 3; declare skip_lines: 2"),
    Case(22, "a title above the header, declared", "Orders of May\n\n" + FINE, says={"skip_lines": 2}),
    Case(23, "a line of totals", FINE + "TOTAL,,7.50\n,,7.50\n", kept="1 2 3", aside=("not like its pattern", "empty"),
         columns={"order": {"pattern": "[0-9]+"}}),
    Case(24, "a second header", FINE + FINE, "line 5: the header stands there once more"),
    Case(24, "a second header with a byte order mark", FINE + "\ufeff" + FINE, "line 5: the header stands there once more"),
    Case(25, "a row of units below the header", HEADER + ",,USD\n" + GOOD, aside=("empty",)),
    Case(26, "no header", GOOD, "its first line looks like data \\('9 a9 9.99'\\)"),
    Case(27, "two columns of one name", "order,customer,amount,amount\n1,C,1.00,2.00\n", "columns 3 and 4 are both 'amount'"),
    Case(27, "two names of one column", "order,Order No,customer,amount\n1,1,C,1.00\n", "columns 1 and 2 are both 'order'"),
    Case(28, "a column renamed", FINE.replace("amount", "Amount (USD)"), "no column 'amount'; the nearest are Amount \\(USD\\)"),
    Case(29, "columns in another order", "amount,order,customer\n1.50,1,C1\n", kept="1", cells={"customer": "C1"}),
    Case(30, "a column more", "order,customer,e-mail,amount\n1,C1,a@b.c,1.50\n", kept="1", remarks=("does not know: 'e-mail'",)),
    Case(30, "a column more, refused", "order,customer,e-mail,amount\n1,C1,a@b.c,1.50\n", "does not know: 'e-mail'",
         says={"extra_columns": "refuse"}),
    Case(31, "a column missing", "order,amount\n1,1.50\n", "there is no column 'customer'"),
    Case(32, "blanks and case in the header", " Order\u00a0,CUSTOMER ,amount\n" + GOOD, remarks=("read without blanks and case",)),
    Case(33, "a column name that is code", 'order,customer,amount,"x""; drop table orders; <img onerror=a>"\n1,C,1.00,2\n', kept="1",
         remarks=("drop table",)),
    Case(34, "a cell of a million signs", FINE.replace("C2", "C" * 1_100_000), kept="1 3", aside=("a cell longer than a million bytes",)),
    Case(34, "thousands of columns", ",".join(f"c{at}" for at in range(2001)) + "\n1\n", "2,001 columns, more than 2,000"),
    Case(39, "zeros before an id", FINE.replace("C2", "00123"), cells={"customer": "C1 00123 C3"}),
    Case(40, "an id that a spreadsheet rounded", FINE.replace("C2", "1.23457E+15"), kept="1 3", aside=("damaged by a spreadsheet",)),
    Case(40, "many ids that a spreadsheet rounded", HEADER + "".join(f"{at},1.2E+15,1.00\n" for at in range(9)),
         "damaged by a spreadsheet.*export it again with this column as text"),
    Case(41, "eighteen digits beside an empty cell", FINE.replace("C2", "123456789012345678").replace("C3", ""),
         cells={"customer": "C1 123456789012345678 None"}),
    Case(42, "words that look like nothing", HEADER + "".join(f"{n},{w},1.00\n" for n, w in enumerate(["NA", "null", "None", "-"])),
         kept="0 1 2 3", cells={"customer": "NA null None -"}),
    Case(42, "a word that means nothing, declared", FINE.replace("C2", "guest"), columns={"customer": {"null_words": ["guest"]}},
         cells={"customer": "C1 None C3"}),
    Case(43, "a blank behind an id", FINE.replace("C2", "C2 "), kept="1 3", aside=("a blank around an id",)),
    Case(43, "a blank behind an id, declared", FINE.replace("C2", "C2 "), columns={"customer": {"trim": True}},
         cells={"customer": "C1 C2 C3"}),
    Case(44, "an article number turned into a date", FINE.replace("C2", "1-Mar"), kept="1 3", aside=("not like its pattern",),
         columns={"customer": {"pattern": "C[0-9]+"}}),
    Case(44, "article numbers that look like numbers", FINE.replace("C2", "1E5").replace("C3", "TRUE"), cells={"customer": "C1 1E5 TRUE"}),
    Case(51, "a day that could be in March or April", with_day("03/04/2025"), kept="1", cells={"day": "2025-04-03"},
         columns={"day": {"format": "%d/%m/%Y"}}),
    Case(52, "days and months in both orders", with_day(*["03/04/2025"] * 9, *["03/14/2025"] * 6),
         "month above 12.*day and month seem to be the other way round", columns={"day": {"format": "%d/%m/%Y"}}),
    Case(53, "two ways of writing a day", with_day("2025-04-03", "03.04.2025"), kept="1", aside=("not like %Y-%m-%d",)),
    Case(54, "days that do not exist", with_day("2025-02-28", "2025-03-01", "2025-03-02", "2025-02-30", "0000-00-00", "1900-01-00"),
         aside=("no day of the calendar",) * 3),
    Case(55, "day numbers of a spreadsheet", with_day(*["45678"] * 6), "day numbers of a spreadsheet"),
    Case(56, "years of two digits", with_day("03/04/25"), kept="1", cells={"day": "2025-04-03"},
         columns={"day": {"format": "%d/%m/%y", "earliest": "2000-01-01", "latest": "2050-01-01"}}),
    Case(57, "seconds and milliseconds in one column", with_day("1714979289", "1714979289", "1714979289", "1714979289000"),
         aside=("not like %s",), columns={"day": {"format": "%s"}}),
    Case(58, "moments with offsets of their own", with_day("2025-04-03T23:30:00-05:00"), kept="1", cells={"day": "2025-04-04 04:30:00"},
         columns={"day": {"kind": "moment", "format": "%Y-%m-%dT%H:%M:%S%z"}}, says={"time_zone": "Asia/Shanghai"}),
    Case(59, "an hour that the clock skipped or showed twice",
         with_day("2024-03-30 02:30", "2024-03-29 02:30", "2024-03-31 02:30", "2024-10-27 02:30"),
         kept="1 2",
         aside=("a time that the clock skipped", "an hour that the clock showed twice (clock_change says which)"),
         columns={"day": {"kind": "moment", "format": "%Y-%m-%d %H:%M"}}, says={"time_zone": "Europe/Berlin"}),
    Case(60, "a day after the last that can be", with_day("2025-04-03", "2025-05-01"), kept="1", aside=("after 2025-04-30",),
         columns={"day": {"latest": "2025-04-30"}}),
    Case(61, "the day that systems write for none", with_day("2025-04-03", "2025-04-04", "1970-01-01", "1900-01-01"), kept="1 2",
         aside=("the day that systems write for no date",) * 2),
    Case(64, "a year of another calendar", with_day("2025-04-03", "2568-04-03"), kept="1", aside=("after 2100-12-31",)),
    Case(65, "a decimal comma that is not declared", with_amount("1.50", '"10,50"'), kept="1", aside=("not an amount like 9.99",)),
    Case(65, "a decimal comma and points, declared", with_amount('"1.234,50"'), kept="1", cells={"amount": "1234.50"},
         says={"decimal_mark": ",", "thousands": "."}),
    Case(66, "a currency sign that is not declared", with_amount("1.50", "$1.50"), kept="1", aside=("not an amount like 9.99",)),
    Case(66, "two currency signs, one declared", with_amount("$1.50", "€1.50"), kept="1", aside=("not an amount like 9.99",),
         columns={"amount": {"currency_sign": ["$"]}}),
    Case(69, "brackets for less than zero, declared", with_amount("(12.50)"), kept="1", cells={"amount": "-12.50"},
         columns={"amount": {"negative": "()"}}),
    Case(69, "other signs for less than zero", with_amount("1.50", "2.50", "3.50", "(12.50)", "12.50-", "\u221212.50"),
         aside=("not an amount like 9.99",) * 3),
    Case(73, "infinity, not a number, and numbers too large", with_amount("1.50", "2.50", "3.50", "inf", "NaN", "9" * 40 + ".00"),
         aside=("not an amount like 9.99",) * 3),
    Case(73, "minus zero", with_amount("-0.00"), kept="1", cells={"amount": "0.00"}),
    Case(76, "no pieces, half a piece, a million pieces", with_pieces("1", "2", "3", "0", "0.5", "1000000"),
         aside=("below 1", "not a whole number", "above 1000")),
]  # fmt: skip


def contract(case):
    columns = {name: {**says, **case.columns.get(name, {})} for name, says in COLUMNS.items()}
    return Export(columns=columns, tables={}, **case.says)


@pytest.mark.parametrize("case", CASES, ids=[f"{case.number}-{case.words}" for case in CASES])
def test_case(case, tmp_path):
    file, into = tmp_path / "orders.csv", tmp_path / "orders.parquet"
    content = case.content.encode() if isinstance(case.content, str) else case.content
    file.write_bytes(content)
    if case.stops:
        with pytest.raises(FileError, match=f"^orders.csv.*{case.stops}"):
            load(file, contract(case), into=into)
        assert sorted(path.name for path in tmp_path.iterdir()) == ["orders.csv"]  # nothing is left behind
        return
    loaded = load(file, contract(case), into=into)
    rows = pq.read_table(into)
    assert [row["order"] for row in rows.to_pylist()] == case.kept.split()
    assert tuple(row.rule for row in loaded.aside) == case.aside
    told = [remark.words for remark in loaded.remarks if "which it need not have" not in remark.words]
    assert len(told) == len(case.remarks) and all(map(str.__contains__, told, case.remarks))
    assert loaded.rows == loaded.kept + len(loaded.aside) == rows.num_rows + len(case.aside)
    assert loaded.totals["amount"] == sum(row["amount"] for row in rows.to_pylist())
    for column, cells in case.cells.items():
        assert " ".join(str(value) for value in rows[column].to_pylist()) == cells
