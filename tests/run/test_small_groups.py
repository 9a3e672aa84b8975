"""A study with people behind it: no page, table, file, sentence or figure speaks of fewer than ten, nor lets them be worked out."""

import csv
import html
import io
import os
import re
import shutil
import subprocess
import sys
from urllib.parse import unquote

import pandas as pd
import pytest

from analysis import places
from analysis.subtraction import Sum, bounds

STUDY = """
like: workshop
title: Small workshop
about: a tenth of a simulated web shop, as if people were behind it
sample: 0.1
budget: 100
stability_draws: 10
public_data: false
smallest_group: 10
"""
PAGES = ["index", "loyalty", "conversion", "campaign", "1_collect", "2_clean", "3_segment", "4_design", "5_monitor"]
HEADS = {  # headers of columns that count people
    "Customers", "Households", "Contacts", "Contacted", "Redeemed", "Treated", "Held out", "Planned", "Not reached",
    "May not be contacted", "Held out who used it", "In another campaign", "Compared", "With", "Ordered",
    "Ordered the month before", "Of these, back", "Active", "n", "n contacted", "n comparable", "With comparable", "Came to the step",
    "Redeemed so far", "Still followed, not redeemed", "Redemptions", "Cost known for", "Opinions", "Satisfied", "Did not say",
}  # fmt: skip
COLUMNS = {  # columns of files that count people
    "customers", "customers_active", "previous_active", "returned", "active", "reached", "contacted", "redeemed_by", "at_risk", "n",
    "planned", "treated", "holdout", "cut", "barred", "contacted_used", "contacted_left_out", "comparable", "buyers", "redemptions",
    "cost_matched", "cost_listed", "leaked", "elsewhere", "opinions", "satisfied", "unknown",
}  # fmt: skip
PARTS = [  # k and its n, by row
    ("returned", "previous_active"), ("returned", "customers_active"), ("active", "customers"), ("reached", "contacted"),
    ("redeemed_by", "contacted"), ("contacted_used", "contacted"), ("buyers", "contacted"), ("treated", "planned"),
    ("holdout", "planned"), ("planned", "customers"), ("satisfied", "opinions"), ("leaked", "holdout"), ("cost_matched", "redemptions"),
]  # fmt: skip
PEOPLE = re.compile(
    r"(?<![\d.,\u2212+])[1-9](?: of [\d,]+)? (?:\w+ )?(?:customers?|households?|contacts?|buyers?|people|redemptions?|treated|held out)\b"
    r"|\bn = [1-9](?![\d,]| campaign| week| month| full week)"
)


@pytest.fixture(scope="module")
def few(tmp_path_factory):
    """The workspace of one run of a small study with the rule on, made by the command a user would type."""
    folder = tmp_path_factory.mktemp("few")
    shutil.copytree(places.studies(), folder / "studies")
    (folder / "studies" / "few.yml").write_text(STUDY, encoding="utf-8")
    environment = os.environ | {"ANALYSIS_WORKSPACE": str(folder), "ANALYSIS_STUDIES": str(folder / "studies")}
    done = subprocess.run(
        [sys.executable, "-m", "analysis", "report", "few"], env=environment, cwd=folder, capture_output=True, text=True, check=False
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


def page(folder, name, study="few"):
    return (folder / "reports" / study / f"{name}.html").read_text(encoding="utf-8")


def files(source):
    """Return the files that a page offers for download, by name, as tables of text."""
    found = {}
    for name, content in re.findall(r'<a download="([^"]*)" href="data:text/csv;charset=utf-8,([^"]*)"', source):
        rows = list(csv.reader(io.StringIO(unquote(html.unescape(content)).removeprefix("\ufeff"))))
        found[name] = pd.DataFrame(rows[1:], columns=rows[0])
    return found


def words(source):
    """Return what a page says outside its tables, alternative texts of figures included."""
    alts = " . ".join(re.findall(r'aria-label="([^"]*)"', source))
    source = re.sub(r"<style>.*?</style>|<table.*?</table>|<pre.*?</pre>", " ", source, flags=re.S)
    return html.unescape(re.sub(r"<[^>]+>", " ", source) + " . " + alts)


def whole(value):
    try:
        number = float(str(value).replace(",", ""))
    except ValueError:
        return None
    return number if number.is_integer() else None


def small_counts(source):
    """Return every count of 1 to 9 people in the tables, files and sentences of a page, and every rest of 1 to 9."""
    found = []
    for body in re.findall(r"<table>.*?</table>", source, flags=re.S):
        rows = [
            [html.unescape(re.sub(r"<[^>]+>", "", cell)).strip() for cell in re.findall(r"<t[hd][^>]*>(.*?)</t[hd]>", row, flags=re.S)]
            for row in re.findall(r"<tr>(.*?)</tr>", body, flags=re.S)
        ]  # fmt: skip
        for row in rows[1:]:
            found += [(head, cell, row) for head, cell in zip(rows[0], row, strict=False)
                      if head in HEADS and "." not in cell and 1 <= (whole(cell) or 0) <= 9]  # fmt: skip
    for name, table in files(source).items():
        for column in COLUMNS & set(table):
            found += [(name, column, value) for value in table[column] if 1 <= (whole(value) or 0) <= 9]
        for part, of in PARTS:
            if part in table and of in table:
                left = pd.to_numeric(table[of]) - pd.to_numeric(table[part])
                found += [(name, of, part, rest) for rest in left if 1 <= rest <= 9]
    return found + PEOPLE.findall(words(source))


@pytest.mark.parametrize("name", PAGES)
def test_no_page_counts_one_to_nine_people_nor_leaves_so_few_over(few, name):
    assert small_counts(page(few, name)) == []


def test_the_same_search_finds_them_where_the_rule_is_off(sample_run):
    found = {
        name: small_counts(page(sample_run, name, study="sample")) for name in ("loyalty", "conversion", "campaign")
    }
    assert all(len(found[name]) > 5 for name in found), found


@pytest.mark.parametrize("name", PAGES)
def test_nobody_is_named_and_nothing_unknown_is_printed(few, name):
    source = page(few, name)
    ids = pd.read_parquet(few / "data" / "processed" / "few" / "customers.parquet")["customer_id"]
    notebook = few / "reports" / "few" / "notebooks" / f"{name}.ipynb"
    run = notebook.read_text(encoding="utf-8") if notebook.exists() else ""
    assert [one for one in ids if one in source or one in run] == []
    assert (
        re.findall(r"\b(?:nan|NaN|NaT|None)\b|<NA>|&lt;NA&gt;|not known (?:of|customers|contacts)", words(source)) == []
    )


@pytest.mark.parametrize("name", ["loyalty", "conversion", "campaign"])
def test_each_report_says_the_rule_in_one_sentence(few, name):
    assert page(few, name).count("No count of fewer than 10 customers is shown") == 1
    assert "numbers of few customers are shown" not in page(few, name)


def test_the_reports_still_say_something(few):
    titles = {name: re.search(r"<h1>(.*?)</h1>", page(few, name))[1] for name in ("loyalty", "conversion", "campaign")}
    assert "come back each month" in titles["loyalty"]
    assert "ends in a redemption" in titles["conversion"]
    assert "holds out" in titles["campaign"]
    assert page(few, "loyalty").count("<svg") >= 8  # each figure is drawn wide and narrow


def audit(truth, printed, sums):
    """Return the counts of 1 to 9 that are printed, or that linear programs pin to an interval narrower than ten."""
    assert printed.items() <= truth.items()
    small = {key for key, value in truth.items() if 0 < value < 10}
    limits = bounds(printed, sums)
    return sorted(
        (key, truth[key]) for key in small if key in printed or (key in limits and limits[key].width < 10 - 1e-6)
    )


def processed(folder, table):
    return pd.read_parquet(folder / "data" / "processed" / "few" / f"{table}.parquet")


def numbers_of(table, keys, column):
    """Return the numbers of a file that are there, by the values of the columns `keys`."""
    return {
        (column, *(row[key] for key in keys)): float(row[column])
        for row in table.to_dict("records")
        if row[column] != ""
    }


def test_no_small_segment_follows_from_the_others_and_from_all(few):
    sizes = processed(few, "segments")["segment"].value_counts()
    truth = {("customers", name): float(size) for name, size in sizes.items()} | {"all": float(sizes.sum())}
    offered = files(page(few, "loyalty"))
    for name in ("segments.csv", "portraits.csv"):
        printed = numbers_of(offered[name], ["segment"], "customers") | {"all": truth["all"]}
        assert len(printed) > 3
        assert audit(truth, printed, [Sum("all", tuple(key for key in truth if key != "all"))]) == []


def test_no_small_move_follows_from_its_row_or_from_who_stays(few):
    moves = processed(few, "movement")
    truth = {("customers", row.from_segment, row.to_segment): float(row.customers) for row in moves.itertuples()}
    sums, first = [], moves["from_segment"] != "no order"
    for name, part in moves.groupby("from_segment"):
        truth["row", name] = float(part["customers"].sum())
        sums.append(Sum(("row", name), tuple(key for key in truth if key[0] == "customers" and key[1] == name)))
    truth["stays",] = float(moves.loc[first & (moves["from_segment"] == moves["to_segment"]), "customers"].sum())
    sums.append(
        Sum(("stays",), tuple(key for key in truth if key[0] == "customers" and key[1] == key[2] != "no order"))
    )
    source = page(few, "loyalty")
    printed = numbers_of(files(source)["movement.csv"], ["from_segment", "to_segment"], "customers") | {
        ("stays",): truth["stays",]
    }
    for name, size in re.findall(r">([a-z ]+) \((\d+)\)<", source):  # rows of the figure bear their size
        printed["row", name] = float(size)
    assert any(key[0] == "row" for key in printed)
    assert audit(truth, printed, sums) == []


def test_no_small_number_of_redemptions_follows_from_kinds_campaigns_and_all(few):
    funnel = processed(few, "funnel")
    rows = funnel[funnel["step"] == "redeemed"]
    truth, sums = {}, []
    for row in rows.to_dict("records"):
        key = (row["scope"], row["name"])
        truth |= {("reached", *key): float(row["reached"]), ("contacted", *key): float(row["contacted"])}
        truth["left", *key] = truth["contacted", *key] - truth["reached", *key]
        sums.append(Sum(("contacted", *key), (("reached", *key), ("left", *key))))
    kind_of = processed(few, "campaigns").set_index("campaign_id")["kind"]
    names = {scope: rows.loc[rows["scope"] == scope, "name"].tolist() for scope in ("kind", "campaign")}
    for what in ("reached", "contacted", "left"):
        sums.append(Sum((what, "all", "all"), tuple((what, "kind", kind) for kind in names["kind"])))
        sums += [Sum((what, "kind", kind), tuple((what, "campaign", name) for name in names["campaign"] if kind_of[name] == kind))
                 for kind in names["kind"]]  # fmt: skip
    offered, printed = files(page(few, "conversion")), {}
    by_kind = offered["funnel.csv"]
    for row in by_kind[by_kind["step"].isin(["Redeemed", "Contacted"])].to_dict("records"):
        key = ("all", "all") if row["name"] == "All contacts" else ("kind", row["name"])
        what = "reached" if row["step"] == "Redeemed" else "contacted"
        printed[what, *key] = float(row["reached"])
    for row in offered["redemption_by_campaign.csv"].to_dict("records"):
        for what in ("reached", "contacted"):
            printed[what, "campaign", row["campaign_id"]] = float(row[what])
    assert len(printed) > 8
    assert audit(truth, printed, sums) == []


def test_no_small_part_of_the_plan_follows_from_the_segments_and_all(few):
    promise, plan = processed(few, "promise"), processed(few, "plan")
    counts = ["customers", "planned", "treated", "holdout"]
    truth = {(column, row["segment"]): float(row[column]) for row in promise.to_dict("records") for column in counts}
    names, barred = promise["segment"].tolist(), ["no consent", "on the suppression list"]
    for name in names:
        part = plan if name == "all segments" else plan[plan["segment"] == name]
        truth |= {("all", name): float(len(part)), ("cut", name): float((part["reason"] == "the budget ended").sum())}
        truth["barred", name] = float(part["reason"].isin(barred).sum())
        truth["other", name] = truth["customers", name] - truth["planned", name] - truth["cut", name]
    sums = [Sum(("planned", name), (("treated", name), ("holdout", name))) for name in names]
    sums += [Sum(("customers", name), (("planned", name), ("cut", name), ("other", name))) for name in names]
    sums += [Sum(("all", name), (("customers", name), ("barred", name))) for name in names]
    sums += [Sum((column, "all segments"), tuple((column, name) for name in names if name != "all segments"))
             for column in [*counts, "cut", "other", "barred", "all"]]  # fmt: skip
    offered = files(page(few, "campaign"))
    printed, by_segment = {}, offered["plan_by_segment.csv"]
    for column in [name for name in ("treated", "holdout", "cut", "barred") if name in by_segment]:
        printed |= numbers_of(by_segment, ["segment"], column)
    printed |= {("all", key[1]): value for key, value in numbers_of(by_segment, ["segment"], "customers").items()}
    for column in counts:
        printed |= numbers_of(offered["promise.csv"], ["segment"], column)
    said = re.search(r"(\d+) customers whose segment has no incentive", words(page(few, "campaign")))
    printed |= {("other", "all segments"): float(said[1])} if said else {}
    assert len(printed) > 8
    assert audit(truth, printed, sums) == []
