"""Every source has the same interface, and a study picks one by name."""

from types import SimpleNamespace

import pytest
import yaml

from analysis import places
from analysis.collect import sources
from analysis.collect.workshop.incentives import INCENTIVES
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
