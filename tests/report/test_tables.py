import csv
import io
import re
from datetime import date
from decimal import Decimal
from urllib.parse import unquote

import pandas as pd
import pytest

from analysis.report import numbers, tables

SCRIPT = "<script>alert(1)</script>"


@pytest.fixture
def segments():
    return pd.DataFrame({"segment": ["Loyal", SCRIPT], "share": [0.251, float("nan")], "households": [1234, 5]})


def cells(html):
    return re.findall(r"<t[hd](?: [^>]*)?>(.*?)</t[hd]>", html)


def test_numbers_stand_right_with_their_format_and_the_first_column_names_the_row(segments):
    html = tables.table(segments, caption="Segments", formats={"share": numbers.percent}, names={"share": "Share, %"})
    assert '<th scope="col">Segment</th><th scope="col" class="num">Share, %</th>' in html
    assert '<th scope="row">Loyal</th><td class="num">25.1 %</td><td class="num">1,234</td>' in html


def test_what_is_not_known_is_a_dash_that_says_so_and_never_nan(segments):
    frame = segments.assign(when=[pd.NaT, pd.Timestamp("2017-12-31")], who=[None, "x"], flag=[True, pd.NA])
    html = tables.table(frame, caption="c")
    assert html.count('role="img" aria-label="not known" title="not known">–') == 4
    assert not re.search(r"\b(nan|NaT|None|<NA>|&lt;NA)", html)


def test_a_script_shows_as_text_in_cell_header_caption_and_label(segments):
    html = tables.table(segments.rename(columns={"share": SCRIPT}), caption=SCRIPT)
    assert "<script" not in html
    assert html.count("&lt;script&gt;") == 4  # caption, its label for readers, header, cell


def test_types_read_as_people_write_them():
    frame = pd.DataFrame({
        "n": [1.0, None], "flag": [True, False], "day": [date(2017, 1, 2), None],
        "at": pd.to_datetime(["2017-01-02 15:04", None]), "sum": [Decimal("1234.5"), None],
    })  # fmt: skip
    assert cells(tables.table(frame, caption="c"))[5:10] == [
        "1", "yes", "2 January 2017", "2 January 2017, 15:04", "1,234.50",
    ]  # fmt: skip


def test_of_a_long_table_the_first_rows_are_shown_and_the_caption_counts_them_all(segments):
    html = tables.table(segments, caption="Segments", max_rows=1)
    assert "<caption>Segments (the first 1 of 2 rows)</caption>" in html
    assert html.count("<tr>") == 2


def test_a_format_for_a_column_that_is_not_there_names_the_columns(segments):
    with pytest.raises(KeyError, match="no column 'shares' in the table 'c'; it has segment, share, households"):
        tables.table(segments, caption="c", formats={"shares": numbers.percent})


def test_a_format_that_finds_nothing_to_say_gives_the_same_dash(segments):
    html = tables.table(segments, caption="c", formats={"households": lambda value: numbers.count(None)})
    assert html.count('aria-label="not known"') == 3 and ">not known<" not in html


def test_a_cell_with_many_words_keeps_room_for_them():
    words = "orders after the first inside the window"  # 40 characters
    html = tables.table(pd.DataFrame({"measure": ["a", "b"], "reading": [words, words + "s"]}), caption="c")
    assert f"<td>{words}</td>" in html and f'<td class="long">{words}s</td>' in html


def test_an_empty_table_keeps_its_header(segments):
    assert cells(tables.table(segments.head(0), caption="c")) == ["Segment", "Share", "Households"]


def read_back(html):
    address = re.search(r'href="data:text/csv;charset=utf-8,([^"]*)"', html)[1]
    return list(csv.reader(io.StringIO(unquote(address).removeprefix("\ufeff"))))


def test_the_csv_file_has_full_precision_and_leaves_unknown_empty(segments):
    share = 1 / 3
    html = tables.csv_link(segments.assign(share=[share, None]), "segments.csv")
    assert read_back(html) == [["segment", "share", "households"], ["Loyal", repr(share), "1234"], [SCRIPT, "", "5"]]


@pytest.mark.parametrize("start", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_text_that_a_spreadsheet_would_run_starts_with_an_apostrophe(start):
    frame = pd.DataFrame({f"{start}a": [f"{start}1+1", 'b,"c"'], "n": [-1, 2]})
    assert read_back(tables.csv_link(frame, "x.csv")) == [
        ["'" + start + "a", "n"],
        ["'" + start + "1+1", "-1"],
        ['b,"c"', "2"],
    ]


def test_markup_in_data_cannot_leave_the_address_of_the_file():
    html = tables.csv_link(pd.DataFrame({"a": ['"><script>alert(1)</script>']}), '"><script>.csv')
    assert "<script" not in html


def test_an_infinite_end_of_an_interval_is_written_only_by_a_format_made_for_it():
    frame = pd.DataFrame({"high": [1.0, float("inf")]})
    assert "no limit" in tables.table(frame, caption="c", formats={"high": numbers.end(numbers.decimal)})
    for formats in ({}, {"high": numbers.decimal}):
        shown = tables.table(frame, caption="c", formats=formats)
        assert "inf" not in shown and "not known" in shown
