"""Which file each export reads, and what is refused."""

import os

import pytest

from analysis.collect.incoming import incoming, refuse_outside
from analysis.collect.loading.contract import Export
from analysis.refusals import StudyError


def export(pattern):
    return Export(
        files=pattern, columns={"order": {"header": "Order"}}, tables={"orders": {"columns": {"order_id": "order"}}}
    )


@pytest.fixture
def folder(workspace):
    place = workspace / "data" / "incoming" / "shop"
    place.mkdir(parents=True)
    for name in ("orders 2024-02.csv", "orders 2024-01.csv", "customers.csv", ".orders.csv.swp"):
        (place / name).write_text("Order\n1\n", encoding="utf-8")
    return place


def names(found):
    return {name: [file.name for file in files] for name, files in found.of_export.items()}


def test_an_export_reads_the_files_of_its_pattern_by_name_and_no_hidden_one(folder):
    found = incoming("shop", {"orders": export("orders*.csv"), "people": export("customers.csv")})
    assert names(found) == {"orders": ["orders 2024-01.csv", "orders 2024-02.csv"], "people": ["customers.csv"]}
    assert found.unread == []


def test_a_file_that_no_export_reads_is_named(folder):
    assert [file.name for file in incoming("shop", {"orders": export("orders*.csv")}).unread] == ["customers.csv"]


@pytest.mark.parametrize("name", ["a[1].csv", "-rf *.csv", "订单 ‘x’.csv", "'; drop table orders.csv"])
def test_a_strange_name_is_read_letter_by_letter(folder, name):
    (folder / name).write_text("Order\n1\n", encoding="utf-8")
    assert names(incoming("shop", {"orders": export(name)}))["orders"] == [name]


def test_a_file_that_two_exports_claim_is_refused(folder):
    with pytest.raises(StudyError) as refused:
        incoming("shop", {"orders": export("orders*.csv"), "all": export("*.csv")})
    assert str(refused.value) == (
        "study 'shop': 'orders 2024-01.csv' is claimed by the exports 'orders' and 'all'; make one pattern narrower"
    )


def test_an_export_without_a_file_names_the_nearest_that_are_there(folder):
    with pytest.raises(StudyError) as refused:
        incoming("shop", {"orders": export("customer.csv")})
    assert str(refused.value) == (
        "study 'shop': no file for the export 'orders', 'customer.csv', in data/incoming/shop; the nearest are customers.csv, "
        "orders 2024-02.csv, orders 2024-01.csv; "
        "or name them with FILES=path"
    )


def test_a_folder_that_is_not_there_is_named_with_the_way_out(workspace):
    with pytest.raises(
        StudyError, match=r"data/incoming/shop is not there; put the exports there, or name them with FILES=path"
    ):
        incoming("shop", {"orders": export("*.csv")})


def test_a_link_that_leads_outside_is_refused(folder, tmp_path_factory):
    outside = tmp_path_factory.mktemp("outside") / "secret.csv"
    outside.write_text("Order\n1\n", encoding="utf-8")
    os.symlink(outside, folder / "orders x.csv")
    with pytest.raises(
        StudyError, match="'orders x.csv' is a link that leads outside data/incoming/shop; copy the file instead"
    ):
        incoming("shop", {"orders": export("orders*.csv")})


def test_one_file_that_is_named_needs_no_pattern(folder, monkeypatch):
    monkeypatch.setenv("ANALYSIS_FILES", str(folder / "customers.csv"))
    assert names(incoming("shop", {"orders": export("orders*.csv")})) == {"orders": ["customers.csv"]}


@pytest.mark.parametrize("pattern", ["/etc/passwd", "../x.csv", "~/x.csv", "C:/x.csv", "a/../../x.csv", "..\\x.csv"])
def test_a_pattern_cannot_leave_the_folder(pattern):
    with pytest.raises(ValueError, match="lie outside the folder of incoming files"):
        refuse_outside(pattern)
