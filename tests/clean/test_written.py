"""Small files are read as people wrote them, and nothing is guessed."""

import io
import math

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.clean.written import cleaned
from analysis.collect.workshop import making


def text(written):
    return pd.read_csv(io.StringIO(written), dtype="str")


def test_each_fault_is_named_with_its_line_and_read_where_it_can_be():
    table = text('who,spent\nAnn,12.50\nBea,"¥1,234.50"\nCem,３\nDan,\nEve,"1,5"\nAnn,12.50\n')
    done = cleaned(table, numbers=["spent"])
    spent = dict(zip(done.table["who"], done.table["spent"], strict=True))
    assert spent.pop("Ann") == 12.5 and spent.pop("Bea") == 1234.5 and spent.pop("Cem") == 3
    assert all(math.isnan(value) for value in spent.values()) and list(spent) == ["Dan", "Eve"]
    assert done.found.to_numpy().tolist() == [
        [3, "spent", "currency sign", "¥1,234.50"],
        [4, "spent", "full-width digits", "３"],
        [5, "spent", "empty cell", ""],
        [6, "spent", "not a number", "1,5"],  # fifteen, or one and a half?
        [7, "", "exact copy", ""],
    ]


@settings(deadline=None)
@given(st.decimals(-(10**9), 10**9, places=2), st.sampled_from(["{}", " {} ", "¥{}", "${}", "￥ {}"]))
def test_a_number_is_read_back_however_it_is_dressed(number, way):
    table = pd.DataFrame({"spent": [way.format(f"{number:,}")]}, dtype="str")
    assert cleaned(table, numbers=["spent"]).table["spent"].tolist() == [float(number)]


def test_a_column_that_is_not_there_is_named_with_the_nearest():
    with pytest.raises(ValueError, match="no column 'spend' in the file; the nearest are spent"):
        cleaned(text("who,spent\n"), numbers=["spend"])


NUMBERS = ["purchases", "amount", "referrals", "purchase_count", "purchase_amount", "purchase_weight", "feedback_score",
           "incentive_amount", "satisfied", "score", "order_amount", "order_frequency", "used", "sales", "cost"]  # fmt: skip


@pytest.mark.parametrize("scenario", ["ecommerce", "travel"])
def test_what_was_planted_in_the_source_documents_is_found_and_nothing_else(scenario):
    made = making.company(size="S", seed=5, scenario=scenario, dirt=False, sample=0.2).documents
    assert len(made.faults) > 30
    for name, content in made.files.items():
        table = text(content.decode("utf-8"))
        done = cleaned(table, numbers=[column for column in NUMBERS if column in table])
        planted = made.faults[made.faults["file"].eq(name)].sort_values(["line", "column"])
        assert done.found.to_numpy().tolist() == planted.drop(columns="file").to_numpy().tolist(), name
