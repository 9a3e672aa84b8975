import json

import pandas as pd
import pytest

from analysis import places
from analysis.monitor import mix as monitored
from analysis.report.campaign import mix
from analysis.report.kept_back import SAFE
from analysis.report.loyalty import few_moves
from analysis.subtraction import Sum, bounds

SHARES = pd.DataFrame({
    "group": ["lapsed", "loyal", "new"], "earlier": [10, 60, 30], "now": [40, 56, 4], "share_earlier": [0.1, 0.6, 0.3],
    "share_now": [0.4, 0.56, 0.04], "change": [0.3, -0.04, -0.26], "low": [0.2, -0.1, -0.3], "high": [0.4, 0.02, -0.2],
})  # fmt: skip
DRIFTED = mix.Drifted(100, 0.5, 0.02, 0.0004, "drifted")


def shown(found=DRIFTED, shares=SHARES, **options):
    table = shares.assign(
        **found._asdict(), first_until=pd.Timestamp("2017-06-30"), second_from=pd.Timestamp("2017-07-01")
    )
    return mix.section(table, customers="households", **options)


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (DRIFTED, "The mix of customers drifted: lapsed grew from 10 % to 40 %"),
        (DRIFTED._replace(word="no clear drift", p_value=0.4), "The mix of customers shows no clear drift"),
        (mix.NOTHING, "Whether the mix of customers drifted cannot be told"),
    ],
)
def test_the_title_is_the_finding(found, words):
    assert mix.title(found, SHARES) == words
    assert words in shown(found) and "nan" not in shown(found).replace("finan", "")


def test_the_index_stands_beside_what_chance_gives():
    said = mix.sentence(DRIFTED, customers="households")
    assert "of 100 households is 0.5" in said and "stays below 0.02" in said and "(p < 0.001)" in said


def test_the_table_has_the_segments_that_changed_most_first():
    text = str(shown())
    assert text.index("lapsed</th>") < text.index("new</th>") < text.index("loyal</th>")
    assert "30.0 %" in text and "-26.0 %" in text.replace("−", "-").replace("\u2212", "-")


def test_without_two_halves_nothing_can_be_told():
    for none in (None, SHARES.head(0)):
        assert "cannot be told" in mix.section(none, customers="households")


def test_a_segment_of_few_takes_the_table_with_it():
    few = shown(smallest=10)
    assert (
        "The mix of customers drifted</h2>" in few
        and "lapsed" not in few
        and "fewer than 10 households" in few
        and "of 100 households" in few
    )
    assert "lapsed" in shown(smallest=4)


def test_a_segment_that_empties_by_itself_is_no_news():
    assert mix.title(DRIFTED, SHARES, aging=["lapsed"]) == "The mix of customers drifted: new shrank from 30 % to 4 %"
    assert mix.title(DRIFTED, SHARES, aging=["lapsed", "new"]) == "The mix of customers drifted"  # loyal is not clear
    assert "New rests on tenure and empties as the data grows older" in shown(aging=["new"])
    assert "tenure" not in shown()


def test_its_cell_is_kept_back_where_few_are_blank_because_its_shares_would_tell_who_moved():
    ways = [("A", "A", 50), ("A", "B", 4), ("A", "C", 30), ("B", "A", 20), ("B", "B", 60), ("B", "C", 25), ("C", "A", 15), ("C", "B", 40),
            ("C", "C", 55)]  # fmt: skip
    movement = pd.DataFrame(ways, columns=["from_segment", "to_segment", "customers"]).assign(share=0.1)
    made = few_moves.moves(movement, absent="no order", smallest=10)
    pairs = list(zip(movement["from_segment"], movement["to_segment"], strict=True))
    printed = {
        pair: float(n) for pair, n in zip(pairs, made.table["customers"], strict=True) if pd.notna(n)
    } | made.sizes
    rows = [Sum(name, tuple(pair for pair in pairs if pair[0] == name)) for name in "ABC"]
    assert bounds(printed, rows)["A", "B"].width >= 10  # from the loyalty page alone nobody can tell the four
    columns = [Sum(f"to {name}", tuple(pair for pair in pairs if pair[1] == name)) for name in "ABC"]
    now = monitored.shares(movement).set_index("group")["now"]  # what the mix prints, as shares of all
    printed |= {f"to {name}": float(now[name]) for name in "ABC"}
    assert bounds(printed, [*rows, *columns])["A", "B"] == (4, 4)
    notebook = json.loads(
        (places.project_root() / "notebooks" / "reports" / "campaign.ipynb").read_text(encoding="utf-8")
    )
    (cell,) = [cell for cell in notebook["cells"] if cell.get("id") == "mix"]
    assert SAFE not in cell["metadata"].get("tags", [])
