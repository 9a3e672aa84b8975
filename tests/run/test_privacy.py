"""Of 200 planted names, addresses, telephone numbers and ids none leaves the house, on good runs and on failed ones.

A study with keyed pseudonyms reads its tables from data/incoming, through the door by which every source writes. Who is
forgotten is as if never known, under any key.
"""

import base64
import html
import json
import os
import re
import shutil
import subprocess
import sys
from typing import NamedTuple
from urllib.parse import unquote

import pandas as pd
import pytest

from analysis import places
from analysis.collect import sources, workshop
from analysis.study import Study

STUDY = "like: workshop\npseudonyms: keyed\nsample: 0.1\nsuppression: data/incoming/shop/never.txt\n"
PLANTED = 50  # customers, each with a name, an e-mail, a telephone number and an id
FORGOTTEN = "kanari-id-0007"
COLLECT = """
from analysis import engine as _engine
incoming = {file.stem: _engine.scan(file) for file in sorted(places.incoming(study.name).glob("*.parquet"))}
manifest.write_raw(incoming, folder=raw)
import shutil
shutil.copytree(places.workspace() / "data" / "incoming" / study.name / "source_documents", raw / "source_documents", dirs_exist_ok=True)
"""


class Run(NamedTuple):
    code: int
    told: str
    found: dict[str, list[str]]  # artefact -> canaries in it


def canaries():
    return [f"kanari-{kind}-{n:04d}" for n in range(PLANTED) for kind in ("name", "mail", "id")] + [
        f"493011{n:06d}" for n in range(PLANTED)
    ]


def plant(folder, *, without=None):
    """Write the tables of a small company with canaries to data/incoming/shop, and a list of those never to be contacted."""
    made, incoming = folder / "made", folder / "data" / "incoming" / "shop"
    sources.write(Study.load("workshop", sample=0.1), made)
    tables = {name: pd.read_parquet(made / f"{name}.parquet") for name in workshop.TABLES}
    ids = sorted(tables["customers"]["customer_id"].unique())[:PLANTED]
    called = {old: f"kanari-id-{n:04d}" for n, old in enumerate(ids)}
    incoming.mkdir(parents=True)
    for name, table in tables.items():
        for column in {"customer_id", "referred_customer_id"} & set(table):
            table[column] = table[column].replace(called)
        if name == "customers":
            number = table["customer_id"].str.extract(r"kanari-id-(\d+)")[0]
            table = table.assign(email="kanari-mail-" + number + "@mail.example", phone="+493011" + number.str.zfill(6),
                                 first_name="kanari-name-" + number, last_name="kanari-name-" + number)  # fmt: skip
        if name == "contacts":  # a row that breaks a rule: nobody of this id is a customer
            table = pd.concat([table, table.head(1).assign(customer_id="kanari-id-0049x")], ignore_index=True)
        for column in {"customer_id", "referred_customer_id"} & set(table):
            table = table[table[column] != without]
        table.to_parquet(incoming / f"{name}.parquet", index=False)
    letters = "客户编号,备注\r\n" + "".join(f"{who},说\r\n" for who in called.values() if who != without)
    (incoming / "letters.csv").write_bytes(letters.encode("gb18030"))
    (incoming / "never.txt").write_text("kanari-mail-0003@mail.example\nkanari-id-0004\n")
    shutil.copytree(made / "source_documents", incoming / "source_documents")  # about customers without canaries
    shutil.rmtree(made)


def notebooks(folder, **cells):
    """The project's notebooks, collecting from data/incoming; `cells` are code to put at the end of a notebook, by its name."""
    to = folder / "notebooks"
    shutil.rmtree(to, ignore_errors=True)
    shutil.copytree(places.notebooks(), to)
    for name in ("1_collect", *cells):
        path = next(file for file in to.rglob(f"{name}.ipynb") if file.parent.name != "without_campaigns")
        written = json.loads(path.read_text())
        for cell in written["cells"]:
            source = "".join(cell["source"])
            cell["source"] = re.sub(
                r"sources\.write\(study, raw.*\n", lambda _: COLLECT.strip() + "\n", source
            ).splitlines(True)
        if name in cells:
            cell = {
                "cell_type": "code",
                "id": "added",
                "metadata": {},
                "outputs": [],
                "execution_count": None,
                "source": [cells[name]],
            }
            written["cells"].append(cell)
        path.write_text(json.dumps(written))
    return to


def run(folder, *words, key=None, **cells):
    """Run a command of the project in `folder` and look for canaries in all that it leaves and says."""
    (folder / "studies").mkdir(exist_ok=True)
    shutil.copy(places.project_root() / "studies" / "workshop.yml", folder / "studies")
    (folder / "studies" / "shop.yml").write_text(STUDY)
    (folder / "tmp").mkdir(exist_ok=True)
    environment = os.environ | {
        "ANALYSIS_WORKSPACE": str(folder), "ANALYSIS_STUDIES": str(folder / "studies"), "TMPDIR": str(folder / "tmp"),
        "ANALYSIS_NOTEBOOKS": str(notebooks(folder, **cells)), "HOME": str(folder / "home"),
    }  # fmt: skip
    environment |= {"ANALYSIS_KEY": key} if key else {}
    done = subprocess.run(
        [sys.executable, "-m", "analysis", *words], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )  # fmt: skip
    told = done.stdout + done.stderr
    found = {"what it says": seen(told)} | {name: seen(readable(folder / name)) for name in artefacts(folder)}
    return Run(done.returncode, told, {name: names for name, names in found.items() if names})


def artefacts(folder):
    """Every file but what came in, the files to hand over, and the test's own notebooks."""
    ours = ("data/incoming/", "data/raw/", "data/processed/shop/handoff/", "notebooks/")
    names = (file.relative_to(folder).as_posix() for file in sorted(folder.rglob("*")) if file.is_file())
    return [name for name in names if not name.startswith(ours)]


def readable(path):
    """The bytes of a file as text, and decoded: Parquet, notebooks, pages with their data URIs."""
    text = path.read_bytes().decode("latin-1")
    if path.suffix == ".parquet":
        text += pd.read_parquet(path).to_csv()
    if path.suffix in (".html", ".ipynb"):
        plain = html.unescape(unquote(text.replace("\\/", "/").replace("\\u", "")))
        encoded = re.findall(r"base64,([A-Za-z0-9+/=]+)", plain)
        text += plain + "".join(base64.b64decode(part + "==").decode("latin-1") for part in encoded)
    return text


def seen(text):
    low = text.casefold()
    return [name for name in canaries() if name in low]


@pytest.fixture(scope="module")
def shop(tmp_path_factory):
    folder = tmp_path_factory.mktemp("shop")
    plant(folder)
    return folder, run(folder, "report", "shop")


def test_there_are_200_and_the_search_finds_them_where_they_may_be(shop):
    folder, _ = shop
    assert len(set(canaries())) == 200
    raw = "".join(readable(file) for file in sorted((folder / "data" / "raw" / "shop").glob("*.parquet")))
    assert set(seen(raw)) == set(canaries())
    handed = readable(folder / "data/processed/shop/handoff/send.csv")
    assert {"id", "mail"} <= {name.split("-")[1] for name in seen(handed) if name.startswith("kanari")}
    assert "kanari-id-0003" not in handed and "kanari-id-0004" not in handed  # on the suppression list
    page = folder / "page.html"
    page.write_text(
        f'<a href="data:text/csv,{"kanari%2Dmail%2D0001"}"><img src="data:;base64,{base64.b64encode(b"kanari-id-0002").decode()}">'
    )
    assert set(seen(readable(page))) == {"kanari-id-0002", "kanari-mail-0001"}
    page.unlink()


def test_a_good_run_leaves_none(shop):
    folder, good = shop
    assert good.code == 0, good.told
    assert good.found == {}
    assert len(artefacts(folder)) > 40


def test_a_row_that_broke_a_rule_is_named_by_its_pseudonym(shop):
    folder, _ = shop
    aside = pd.read_parquet(folder / "data/processed/shop/quarantine.parquet")
    unknown = aside.loc[aside["reason"] == "unknown customer_id", "key"]
    assert unknown.str.fullmatch(r"\d\d / \d{3}-[0-9a-f]{24}").all() and len(unknown)


@pytest.mark.parametrize(
    ("notebook", "code"),
    [  # the last step first: what comes before it is not run again
        ("4_design", "people.set_index('email').loc[people['known_as'].tolist()]"),
        ("2_clean", "raise ValueError(engine.collect(raw['customers']).to_csv())"),
        ("2_clean", "import narwhals as nw\nengine.collect(raw['customers'].select(nw.col('email').cast(nw.Date)))"),
        ("1_collect", "raise KeyError(engine.collect(engine.scan(raw / 'customers.parquet')).to_csv())"),
    ],
    ids=["hand-off", "clean", "a value that is refused", "collect"],
)  # fmt: skip
def test_a_failed_run_leaves_none(shop, notebook, code):
    folder, _ = shop
    failed = run(folder, "report", "shop", **{notebook: code})
    assert failed.code == 1 and f"notebook {notebook}.ipynb, cell added" in failed.told, failed.told
    assert "withheld" in failed.told
    assert (folder / f"reports/shop/notebooks/{notebook}.failed.ipynb").exists()
    assert failed.found == {}


def test_who_is_forgotten_is_as_if_never_known_under_any_key(shop, tmp_path):
    folder, _ = shop
    gone = run(folder, "forget", FORGOTTEN, "--study", "shop")
    assert gone.code == 0, gone.told
    left = [file for file in sorted(folder.rglob("*")) if file.is_file() and "notebooks" not in file.parts[:-1]]
    assert [file for file in left if FORGOTTEN in readable(file) or "kanari-mail-0007" in readable(file)] == []
    assert FORGOTTEN not in (folder / "data/incoming/shop/letters.csv").read_bytes().decode("gb18030")
    plant(tmp_path, without=FORGOTTEN)
    never = run(tmp_path, "report", "shop", key="5a" * 32)
    assert never.code == 0, never.told
    compared, names = 0, [set(), set()]
    for part in ("reports/shop", "data/processed/shop"):
        for file in sorted((tmp_path / part).rglob("*")):
            if file.is_file() and file.name != "manifest.json":
                here = file.relative_to(tmp_path)
                texts = [
                    pd.read_parquet(at / here).to_csv() if file.suffix == ".parquet" else (at / here).read_text()
                    for at in (folder, tmp_path)
                ]
                for found, text in zip(names, texts, strict=True):
                    found |= set(re.findall(r"\b\d{3}-[0-9a-f]{24}\b", text))
                ours, theirs = (re.sub(r"\b(\d{3})-[0-9a-f]{24}\b", r"\1", text) for text in texts)
                assert ours == theirs, here
                compared += 1
    assert compared > 40 and len(names[0]) == len(names[1]) > 100 and not names[0] & names[1]
    again = run(folder, "forget", FORGOTTEN, "--study", "shop")
    assert (
        again.code == 2
        and again.told == f"no customer {FORGOTTEN!r} in the data of the study 'shop'; nothing was removed\n"
    )
