"""Every source has the same interface, and a study picks one by name."""

from types import SimpleNamespace

import pytest
import yaml

from analysis import places
from analysis.collect import sources
from analysis.collect.workshop.incentives import INCENTIVES
from analysis.refusals import StudyError
from analysis.study import Study
from analysis.tables import CANONICAL


@pytest.mark.parametrize("name", sources.NAMES)
def test_a_source_says_of_every_table_that_it_has_it_or_why_not(name):
    source = sources.source(Study.load(name.replace("_", "-")))
    assert set(source.TABLES) | set(source.ABSENT) == set(CANONICAL)
    assert set(source.STORY) == {"files", "becomes", "clock", "limits"}
    assert set(source.SETTINGS) <= set(Study.model_fields)


def test_an_unknown_source_is_named_with_the_nearest():
    with pytest.raises(ValueError, match="no source 'workshops'; the nearest are workshop"):
        sources.source(SimpleNamespace(source="workshops"))


def test_writing_passes_on_the_settings_that_the_source_depends_on(tmp_path):
    sources.write(Study.load("workshop", sample=0.1), tmp_path)
    assert {file.stem for file in tmp_path.glob("*.parquet")} == set(CANONICAL) - {"refunds"}


def test_the_study_offers_what_the_company_has():
    written = yaml.safe_load((places.studies() / "workshop.yml").read_text(encoding="utf-8"))
    columns = ["incentive_id", "form", "face_value", "cost"]
    offered = [[row[name] for name in columns] for row in written["incentives"]]
    assert offered == INCENTIVES[columns].to_numpy().tolist()


def test_an_export_that_leaves_out_a_needed_column_is_refused_when_the_study_is_read(tmp_path, monkeypatch):
    monkeypatch.setenv("ANALYSIS_STUDIES", str(tmp_path))
    recipe = {
        "order_id": "order",
        "customer_id": "who",
        "product_id": "'order'",
        "ordered_on": "day",
        "quantity": 1,
        "amount": "1",
    }
    written = {
        "like": "usual", "time_zone": "UTC", "currency": "EUR", "seed": 1, "budget": 1,
        "starts_on": "2024-01-01", "ends_on": "2024-02-01", "as_of": "2024-02-01",
        "exports": {"sales": {"files": "o.csv", "columns": {"order": "Order", "who": "Who", "day": {"header": "Day", "kind": "date",
                              "format": "%Y-%m-%d"}}, "tables": {"orders": {"numbered": "line_id", "columns": recipe}}}},
    }  # fmt: skip
    (tmp_path / "shop.yml").write_text(yaml.safe_dump(written), encoding="utf-8")
    with pytest.raises(StudyError) as refused:
        Study.load("shop")
    assert str(refused.value) == (
        "study 'shop': export 'sales' fills 'orders' and says nothing of 'discount', discount given with the loyalty card; "
        "write an expression for it: a column, a number or a 'text'"
    )
    recipe |= {"discount": 0, "coupon_discount": 0, "coupon_match": 0}
    (tmp_path / "shop.yml").write_text(yaml.safe_dump(written), encoding="utf-8")
    assert Study.load("shop").tables == ("customers", "products", "orders")
