import re
from itertools import cycle

import pytest

from analysis.report.campaign import (
    around,
    closing,
    lots,
    method,
    money,
    opening,
    plan,
    products,
    promise,
    signals,
    weeks,
    worth,
)

WHO = {"customer": "household", "customers": "households", "currency": "USD"}
PEOPLE = {"customers": "households", "currency": "USD"}
AHEAD = {**WHO, "budget": 500.0, "days": 56}


PARTS = [  # the page in order, as the notebook calls it: the tables that a part reads, and what makes it of them
    ("results promise", lambda r, p: opening.answer(r, p, **PEOPLE, budget=500.0, days=56)),
    ("results control promise", lambda r, c, p: opening.key_figures(r, c, p, power=0.8, **AHEAD)),
    ("lots results", lambda found, r: lots.section(found, r, **PEOPLE)),
    ("results", lambda r: worth.section(r, period="2017", **WHO)),
    ("results", lambda r: " ".join(money.leads(r, **WHO)) if r is not None and len(r) else ""),
    ("around results", lambda a, r: around.section(a, r, **WHO)),
    ("control", lambda c: weeks.section(c, **PEOPLE)),
    ("control", lambda c: signals.section(c, **PEOPLE)),
    ("rankings quality", lambda r, q: products.section(r, q, currency="USD", period="2017")),
    (
        "plan promise strategies",
        lambda whole, p, s: plan.section(whole, p, s, incentives={}, consent_known=False, **AHEAD),
    ),
    ("promise", lambda p: promise.section(p, days=56, power=0.8, effect=0.1, **WHO)),
    ("results promise", lambda r, p: closing.next_steps(r, p, consent_known=False, **AHEAD)),
    ("quality results", lambda q, r: method.trust(q, r, days=56, power=0.8, smallest=0, **PEOPLE)),
]


def page(t, drawn=None):
    """Return every part of the page from the tables in `t`, in order; `drawn` keeps what was made of the same tables before."""
    drawn, parts = {} if drawn is None else drawn, []
    for place, (names, make) in enumerate(PARTS):
        read = [t[name] for name in names.split()]
        key = (place, *map(id, read))
        if key not in drawn:
            drawn[key] = make(*read), read  # the tables are kept, so that no other table gets the id of one
        parts.append(drawn[key][0])
    return parts


def test_every_measure_of_the_page_has_its_method_with_its_own_numbers(quality, results):
    shown = method.trust(quality, results, days=28, power=0.9, smallest=0, **PEOPLE)
    assert "90 times in 100" in re.sub(r"\s+", " ", shown) and "28 days before the plan" in shown and "{" not in shown
    assert all(name.split(" (")[0] in shown for name in method.METHOD)


@pytest.mark.parametrize("with_lots", [False, True])
def test_the_page_says_no_broken_word_whichever_table_is_missing(
    with_lots, results, by_lot, lots, around, control, rankings, plan, promise, strategies, quality
):
    results, lots = (by_lot, lots) if with_lots else (results, None)
    tables = {
        "results": results, "around": around, "control": control, "rankings": rankings, "plan": plan, "promise": promise,
        "strategies": strategies, "quality": quality, "lots": lots,
    }  # fmt: skip
    cases = [{}, *({name: None} for name in tables), dict.fromkeys(tables)]
    cases += [
        {name: frame.head(0)}
        for name, frame in tables.items()
        if frame is not None and name not in ("plan", "promise", "strategies")
    ]
    if with_lots:  # the other tables are missed by the pages without lots already
        cases = [gone for gone in cases if set(gone) <= {"lots"}]
    drawn = {}
    for gone in cases:
        text = re.sub(r"<[^>]+>", " ", " ".join(page(tables | gone, drawn)))
        found = re.search(r"\b(?:nan|NaN|NaT|None|inf|<NA>)\b|\{|\}|  ?\.\s*\.|\bno of\b", text)
        assert found is None, (gone.keys(), text[max(found.start() - 60, 0) : found.end() + 20])
        assert not re.search(r"\bcaused by\b|thanks to|because of|\bdrives\b", text)


def test_data_shows_as_text(by_lot, lots, around, control, rankings, plan, promise, strategies, quality):
    bad = "<script>alert(1)</script>"
    tables = {
        "results": by_lot.assign(kind=bad, why=bad), "around": around.assign(kind=bad), "control": control, "quality": quality,
        "rankings": rankings.replace("GROCERY", bad), "plan": plan.replace("champions", bad), "promise": promise.replace("champions", bad),
        "strategies": strategies.replace("champions", bad), "lots": lots.assign(kind=bad, where_broken=bad),
    }  # fmt: skip
    assert "<script" not in "".join(page(tables))


def test_a_missing_segment_or_campaign_breaks_nothing(
    by_lot, lots, around, control, rankings, plan, promise, strategies, quality
):
    tables = {
        "around": around,
        "control": control,
        "rankings": rankings,
        "plan": plan,
        "strategies": strategies,
        "quality": quality,
        "lots": lots,
    }
    drawn = {}
    for campaign, segment in zip(by_lot["campaign_id"], cycle(promise["segment"][1:]), strict=False):
        less = {
            "results": by_lot[by_lot["campaign_id"] != campaign],
            "promise": promise[promise["segment"] != segment],
        }
        assert len(page(tables | less, drawn)) == 13


def test_lots_and_net_value_have_their_method_only_where_they_are(quality, results, by_lot):
    shown = [method.trust(quality, found, days=28, power=0.9, **PEOPLE) for found in (results, by_lot)]
    for name in (*method.LOTS, *method.NET):
        assert [name in page for page in shown] == [False, True]
    assert method.LIMITS[0] in shown[0] and method.LIMITS[0] not in shown[1]
