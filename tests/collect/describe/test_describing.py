"""Files are described, and a draft is written that refuses to load before its questions are answered."""

import datetime
import gzip
import shutil
from pathlib import Path

import pytest
import yaml

from analysis.collect import known
from analysis.collect.describe import sampling
from analysis.collect.describe.describing import describe
from analysis.collect.loading.answers import settings
from analysis.refusals import StudyError
from analysis.run.command import main
from analysis.study import Study

MADE_UP = Path(__file__).parents[1] / "mappings"
OWN = "Order No;Customer;Day;Pieces;Amount\n" + "".join(
    f"{number:05d};K{number % 3};{day};{1 + number % 2};{number},50\n"
    for number, day in enumerate(["01/02/2024", "02/03/2024", "11/12/2024"])
)


@pytest.fixture
def studies(tmp_path, monkeypatch):
    folder = tmp_path / "studies"
    folder.mkdir()
    monkeypatch.setenv("ANALYSIS_STUDIES", str(folder))
    return folder


def made(studies, name):
    return yaml.safe_load((studies / f"{name}.yml").read_text(encoding="utf-8"))


def file(folder, name, content, encoding="utf-8"):
    path = folder / name
    path.write_bytes(content.encode(encoding))
    return path


@pytest.mark.parametrize("name", known.names())
def test_a_made_up_export_is_named_and_its_draft_is_like_it(name, studies):
    told = "\n".join(describe([str(MADE_UP / f"{name}.csv")], study="shop"))
    assert f"  {name} ({known.load(name).title}): " in told
    draft = made(studies, "shop")
    assert draft["exports"][name]["like"] == name
    left = {place for place, value in settings(draft["exports"][name]) if value == "?"}
    assert left <= set(known.load(name).ask)  # no question but those that the system leaves to everyone
    if not left:
        assert known.resolved(name, draft["exports"][name]).columns == known.load(name).columns


def test_what_is_asked_and_settled_by_the_evidence_is_stated_with_it(studies):
    list(describe([str(MADE_UP / "square_items.csv")], study="till"))
    own = made(studies, "till")["exports"]["square_items"]
    assert own["columns"]["date"]["format"] == "%Y-%m-%d %H:%M:%S"
    assert known.resolved("till", own).columns["date"].time_from == "time"


def test_what_is_asked_and_not_settled_stays_a_question(studies, tmp_path):
    text = (
        (MADE_UP / "square_items.csv")
        .read_text(encoding="utf-8")
        .replace("2026-07-18", "07/08/2026")
        .replace("2026-07-19", "07/09/2026")
    )
    told = "\n".join(describe([str(file(tmp_path, "till.csv", text))]))
    assert "QUESTION columns.date.format: 0 of 4 values have a number above 12" in told
    own = made(studies, "till")["exports"]["square_items"]
    with pytest.raises(StudyError, match=r"columns\.date\.format: \? has to be replaced by an answer"):
        known.resolved("till", own)
    own["columns"]["date"]["format"] = "%m/%d/%Y %H:%M:%S"
    assert known.resolved("till", own).columns["date"].format == "%m/%d/%Y %H:%M:%S"


def test_a_known_export_in_another_writing_is_proposed_with_what_differs(studies, tmp_path):
    text = (MADE_UP / "stripe_payments.csv").read_text(encoding="utf-8")
    text = (
        text.replace('"Plan, yearly"', "Plan").replace(",", ";").replace("500.00", "500,00").replace("12.50", "12,50")
    )
    list(
        describe(
            [
                str(
                    file(
                        tmp_path,
                        "stripe.csv",
                        text.replace("750.00", "750,00").replace("600.00", "600,00").replace("100.00", "100,00"),
                    )
                )
            ]
        )
    )
    own = made(studies, "stripe")["exports"]["stripe_payments"]
    assert own["separator"] == ";" and own["columns"]["amount"]["decimal_mark"] == ","
    assert made(studies, "stripe")["currency"] == "USD"  # all rows say usd


def test_a_file_that_nobody_knows_gets_columns_and_questions_and_is_not_loaded_on_a_guess(studies, tmp_path):
    told = "\n".join(describe([str(file(tmp_path, "orders 2024.csv", OWN))]))
    assert "no known export" in told and "QUESTION columns.day.format: 0 of 3 values have a number above 12" in told
    draft = made(studies, "orders-2024")
    own = draft["exports"]["orders_2024"]
    assert own["files"] == "orders 2024.csv" and own["separator"] == ";"
    assert own["columns"]["order_no"] == {"header": "Order No", "kind": "id"}
    assert own["columns"]["day"] == {"header": "Day", "kind": "date", "format": "?"}
    assert own["columns"]["amount"] == {"header": "Amount", "kind": "money", "decimal_mark": ","}
    assert draft["starts_on"] == draft["time_zone"] == draft["currency"] == draft["budget"] == "?"
    with pytest.raises(StudyError, match="has to be replaced by an answer"):
        known.resolved("orders_2024", own)


def test_an_answered_draft_is_an_export(studies, tmp_path):
    list(describe([str(file(tmp_path, "own.csv", OWN))]))
    own = made(studies, "own")["exports"]["own"]
    own["columns"]["day"]["format"] = "%d/%m/%Y"
    answers = {"order_id": "order_no", "line_id": "'1'", "customer_id": "customer", "product_id": "'order'", "ordered_on": "day",
               "quantity": "pieces", "amount": "amount"}  # fmt: skip
    own["tables"]["orders"]["columns"] |= answers
    export = known.resolved("own", own)
    assert export.tables["orders"].columns["discount"] == "0"
    assert export.columns["amount"].decimal_mark == ","


def test_days_in_the_data_are_proposed_where_they_are_certain(studies):
    list(describe([str(MADE_UP / "online_retail.csv")], study="retail"))
    draft = made(studies, "retail")
    assert (draft["starts_on"], draft["ends_on"]) == (datetime.date(2010, 12, 1), datetime.date(2011, 8, 12))
    assert (draft["time_zone"], draft["currency"], draft["seed"]) == ("Europe/London", "GBP", 20110812)
    assert [place for place, value in settings(draft) if value == "?"] == ["about", "budget"]


def test_of_a_file_that_is_looked_at_in_part_the_last_day_is_a_question(studies, monkeypatch):
    monkeypatch.setattr(sampling, "MOST_ROWS", 3)
    told = "\n".join(describe([str(MADE_UP / "online_retail.csv")], study="retail"))
    assert "online_retail.csv: 3 rows, 8 columns; the first that are looked at; there are more" in told
    draft = made(studies, "retail")
    assert (draft["starts_on"], draft["ends_on"], draft["as_of"]) == ("?", "?", "?")


def test_a_draft_is_no_study_before_it_is_answered_and_one_afterwards(studies):
    list(describe([str(MADE_UP / "online_retail.csv")], study="retail"))
    with pytest.raises(StudyError) as error:
        Study.load("retail")
    assert str(error.value) == (
        "study 'retail': about, budget: ? has to be replaced by an answer; nothing is loaded on a guess"
    )
    target = studies / "retail.yml"
    draft = target.read_text(encoding="utf-8")
    target.write_text(
        draft.replace('about: "?"', "about: a shop").replace('budget: "?"', "budget: 500"), encoding="utf-8"
    )
    study = Study.load("retail")
    assert (study.currency, str(study.as_of), study.exports["online_retail"].files) == (
        "GBP",
        "2011-08-12",
        "online_retail.csv",
    )


def test_nothing_that_a_cell_says_stands_in_the_draft(studies, tmp_path):
    text = "mail,note\nada@example.com,Köln\nbo@example.com,geheim\n"
    told = "\n".join(describe([str(file(tmp_path, "people.csv", text, "cp1252"))]))
    assert "cp1252: ada@example.com,Köln" in told  # who decides has to see it
    written = (studies / "people.yml").read_text(encoding="utf-8")
    assert not any(word in written for word in ("example.com", "Köln", "geheim"))


def test_a_study_is_never_overwritten(studies, tmp_path):
    (studies / "own.yml").write_text("title: mine\n", encoding="utf-8")
    with pytest.raises(
        StudyError, match=r"studies/own\.yml is there already and is not overwritten; name another one: STUDY=own-2"
    ):
        list(describe([str(file(tmp_path, "own.csv", OWN))]))
    assert (studies / "own.yml").read_text(encoding="utf-8") == "title: mine\n"


def test_a_packed_file_lines_before_the_header_and_copies_are_seen(studies, tmp_path):
    text = "Report of May\n\nOrder No,Customer,Amount\n1,K1,5.00\n1,K1,5.00\n2,K2,6.00\nOrder No,Customer,Amount\nTOTAL,11\n"
    path = tmp_path / "report.csv.gz"
    path.write_bytes(gzip.compress(text.encode()))
    told = "\n".join(describe([str(path)]))
    own = made(studies, "report")["exports"]["report"]
    assert (own["compressed"], own["skip_lines"], own["duplicates"]) == (True, 1, "?")
    assert "the header stands again in 1 rows" in told
    assert "1 of 5 rows have not as many cells as the header" in told
    assert "QUESTION duplicates: 1 of 3 rows are copies of another one" in told


def test_files_with_one_header_are_one_export_and_differences_are_questions(studies, tmp_path):
    file(tmp_path, "orders-2024.csv", OWN.replace("01/02/2024", "13/02/2024"))
    file(tmp_path, "orders-2025.csv", OWN.replace("01/02/2024", "02/13/2025"))
    list(describe([str(tmp_path)], study="years"))
    (own,) = made(studies, "years")["exports"].values()
    assert own["files"] == "orders-202*.csv"
    assert own["columns"]["day"]["format"] == "?"  # one says day first, the other one month first


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.csv", "", "a.csv is empty"),
        ("a.csv", "<!DOCTYPE html><html>", "a.csv: it is a web page"),
        ("a.csv", '{"a": 1}', "a.csv: it is JSON"),
    ],
)
def test_what_is_no_table_is_refused_and_no_draft_is_written(name, content, said, studies, tmp_path):
    with pytest.raises(StudyError, match=said):
        list(describe([str(file(tmp_path, name, content))]))
    assert not list(studies.iterdir())


def test_a_name_that_is_none_is_refused_before_anything_is_read(studies):
    with pytest.raises(StudyError, match=r"STUDY=\.\./x: a study is named with small letters"):
        list(describe(["nowhere.csv"], study="../x"))
    with pytest.raises(StudyError, match="nowhere.csv is not there"):
        list(describe(["nowhere.csv"]))


def test_a_workbook_and_parquet_are_described_with_their_types(studies, tmp_path):
    import pandas as pd
    import xlsxwriter

    with xlsxwriter.Workbook(tmp_path / "retail.xlsx") as book:
        sheet, form = book.add_worksheet("Online Retail"), book.add_format({"num_format": "d/m/yyyy h:mm"})
        sheet.write_row(
            0,
            0,
            ["InvoiceNo", "StockCode", "Description", "Quantity", "InvoiceDate", "UnitPrice", "CustomerID", "Country"],
        )
        for row in (1, 2):
            sheet.write_row(row, 0, [536365, "85123A", "HOLDER", 6])
            sheet.write_datetime(row, 4, datetime.datetime(2010, 12, row, 8, 26), form)
            sheet.write_row(row, 5, [2.55, 17850, "United Kingdom"])
    told = "\n".join(describe([str(tmp_path / "retail.xlsx")]))
    assert "online_retail (" in told and "2010-12-01 to 2010-12-02" in told
    draft = made(studies, "retail")
    assert draft["exports"]["online_retail"] == {"files": "retail.xlsx", "like": "online_retail"}
    pd.DataFrame(
        {"order_no": ["007", "008"], "when": pd.to_datetime(["2024-01-02", "2024-01-03"]), "amount": [1.5, 2.0]}
    ).to_parquet(tmp_path / "own.parquet")
    list(describe([str(tmp_path / "own.parquet")]))
    own = made(studies, "own")["exports"]["own"]
    assert own["columns"]["order_no"] == {"header": "order_no", "kind": "id"}
    assert own["columns"]["when"] == {"header": "when", "kind": "moment"}  # its days need no format


def test_the_original_study_folder_is_not_touched(studies):
    shutil.copy(MADE_UP / "zoho_campaigns.csv", studies.parent)
    list(describe([str(studies.parent / "zoho_campaigns.csv")]))
    assert [path.name for path in studies.iterdir()] == ["zoho-campaigns.yml"]


def test_the_command_prints_what_was_seen_and_says_no_in_one_line(studies, capsys):
    assert main(["describe", str(MADE_UP / "zoho_campaigns.csv"), "--study", "plans"]) == 0
    assert "zoho_campaigns (Zoho CRM, campaigns): 9 of 10 columns" in capsys.readouterr().out
    assert main(["describe", str(MADE_UP / "zoho_campaigns.csv"), "--study", "plans"]) == 2
    assert (
        capsys.readouterr().err
        == "studies/plans.yml is there already and is not overwritten; name another one: STUDY=plans-2\n"
    )
    assert main(["describe"]) == 2
    assert 'write it like make describe FILES="orders.csv customers.csv"' in capsys.readouterr().err
