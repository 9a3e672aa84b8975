"""What a spreadsheet program makes of our files: LibreOffice opens them and writes them again."""

import csv
import io
import shutil
import subprocess

import pandas as pd
import pytest

from analysis.design.handoff import restored, write_csv
from analysis.design.handoff.workbook import workbook

SOFFICE = shutil.which("soffice") or shutil.which("libreoffice")
pytestmark = pytest.mark.skipif(
    SOFFICE is None, reason="LibreOffice is not installed (apt-get install libreoffice-calc)"
)
LIST = pd.DataFrame(
    [("007", "+491712345678", "=1+1", -2.5), ("1234567890123456", "0171 2345678", "@SUM(1)", 1234.25), ("12e4", "0049171", "Müller", None),
     ("3-4", "13800138000", "-2+3", 0.1), ("mar-1", "+1 415 555 0132", "'t Hooft", 7.0), ("TRUE", None, "张三, \"三\"", 12345678.5)],
    columns=["customer_id", "phone", "name", "cost"],
)  # fmt: skip
UTF8 = "44,34,76,1,,0,false,true,false"  # comma, quote, UTF-8, from line 1, columns as they are found


def converted(path, ending, folder):
    """Let LibreOffice open a file and write it as another kind; return the new path."""
    command = [SOFFICE, f"-env:UserInstallation={(folder / 'profile').as_uri()}", "--headless"]
    if path.suffix == ".csv":
        command += [f"--infilter=CSV:{UTF8}"]
    kind = f"csv:Text - txt - csv (StarCalc):{UTF8}" if ending == "csv" else ending
    out = folder / f"as-{ending}"
    subprocess.run(
        [*command, "--convert-to", kind, "--outdir", out, path], check=True, capture_output=True, timeout=300
    )
    return out / f"{path.stem}.{ending}"


def read(path):
    return list(csv.reader(io.StringIO(path.read_bytes().decode("utf-8-sig"), newline="")))


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("spreadsheet")


def test_ids_phones_texts_and_numbers_of_the_plain_list_survive_a_spreadsheet(folder):
    write_csv(LIST, folder / "list.csv")
    again = read(converted(converted(folder / "list.csv", "xlsx", folder), "csv", folder))
    assert again[0] == list(LIST)
    texts = [[restored(cell) for cell in row[:3]] for row in again[1:]]
    assert texts == LIST[["customer_id", "phone", "name"]].fillna("").to_numpy().tolist()
    assert [float(row[3]) if row[3] else None for row in again[1:]] == [-2.5, 1234.25, None, 0.1, 7.0, 12345678.5]


def test_a_workbook_s_cells_survive_as_the_text_that_they_are(folder):
    (folder / "book.xlsx").write_bytes(workbook(LIST[["customer_id", "phone", "name"]]))
    again = read(converted(folder / "book.xlsx", "csv", folder))
    assert again[1:] == LIST[["customer_id", "phone", "name"]].fillna("").to_numpy().tolist()
