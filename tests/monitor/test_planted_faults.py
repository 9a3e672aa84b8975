"""The simulated company: each fault that was planted is found, and each campaign is told as its answer key knows it to be."""

from datetime import date

import pandas as pd
import pytest

from analysis import engine
from analysis.clean import contract, quarantine
from analysis.collect import workshop
from analysis.collect.workshop import answer_key
from analysis.engine import nw
from analysis.monitor.comparison import Rules
from analysis.monitor.effects import campaign_effects
from analysis.tables import CANONICAL

FROM, TO = date(2023, 1, 1), date(2024, 12, 31)
RULES = Rules(bands=5, min_history_days=21, min_days=14, min_per_arm=5, min_contacted=20)  # those of the notebook
LOTS, SILENT = ["01", "04", "07", "10", "11"], ["03", "09"]


@pytest.fixture(scope="module")
def company(tmp_path_factory):
    """The company of studies/workshop.yml: its raw tables and its answer key."""
    folder = tmp_path_factory.mktemp("company")
    workshop.write(folder, size="S", seed=20241231, scenario="ecommerce", dirt=True, sample=1.0)
    return folder


@pytest.fixture(scope="module")
def found(company):
    """What the room makes of the cleaned tables, as the notebook does."""
    valid = {}
    for name, table in ((name, CANONICAL[name]) for name in workshop.TABLES):
        typed = contract.typed(engine.scan(company / f"{name}.parquet"), table, time_zone="Asia/Shanghai")
        valid[name] = engine.hold(quarantine.clean(typed, table, valid=valid, as_of=TO).valid)
    contacts, campaigns, customers, responses = (
        nw.to_native(valid[name]).df() for name in ("contacts", "campaigns", "customers", "responses")
    )
    return campaign_effects(
        contacts, valid["orders"], campaigns, customers, responses, valid["offers"],
        as_of=TO, data_from=FROM, rules=RULES, unit="CNY per customer and week", seed=20241231,
    )  # fmt: skip


@pytest.fixture(scope="module")
def truth(company):
    """One row per campaign: what the answer key knows; money per treated customer and week."""
    table = pd.DataFrame(answer_key.read_key(company)["campaigns"]).set_index("campaign_id")
    return table.assign(effect=table["effect_sales_window"] / 4, naive=table["naive_difference"].astype(float) / 4)


@pytest.fixture(scope="module")
def results(found):
    return found.results.set_index("campaign_id")


def test_the_broken_lot_is_flagged_and_no_headline_is_printed(found, results, truth):
    lots = found.lots.set_index("campaign_id")
    assert lots.index[lots["broken"]].tolist() == ["06"] and truth.loc["06", "fault"] == "sample ratio mismatch"
    where = lots.loc["06", "where_broken"]
    assert where.startswith("no order in the 90 days before")
    missing = int(where.split("about ")[1].split()[0])
    assert missing == pytest.approx(truth.loc["06", "lost"], rel=0.25)
    row = results.loc["06"]
    assert row["verdict"] == "not valid" and where in row["why"]
    numbers = ["effect_per_week", "low", "high", "total_effect", "total_low", "total_high", "lift", "p_value"]
    assert row[numbers].isna().all()


def test_the_contamination_is_reported_in_the_right_order_and_nowhere_else(found, results, truth):
    lots = found.lots.set_index("campaign_id")
    assert lots.index[lots["leaked"].fillna(0) > 0].tolist() == ["07"]
    assert 0 < lots.loc["07", "leaked"] < truth.loc["07", "contaminated"]  # who had it and used it
    assert lots.loc["07", "leaked_estimate"] == pytest.approx(truth.loc["07", "contaminated"], rel=0.4)
    row = results.loc["07"]
    assert "Diluted" in row["why"] and pd.notna(row["total_effect"])  # the estimate stays: intention to treat


@pytest.mark.parametrize(("name", "sign"), [("02", 1), ("08", -1)])
def test_the_naive_figure_of_a_campaign_by_rule_misleads_by_what_the_key_knows(name, sign, results, truth):
    row, known = results.loc[name], truth.loc[name]
    assert row["method"] == "comparable customers"
    assert row["naive_effect"] == pytest.approx(known["naive"], rel=0.02)
    assert row["naive_effect"] - known["effect"] == pytest.approx(known["naive_bias"] / 4, rel=0.02)
    assert sign * known["naive_bias"] > 4 * known["naive_error"]  # far from the truth, and no accident of chance
    assert "caused" not in row["verdict"]


def test_campaigns_that_sent_nothing_find_nothing(results):
    assert results.loc[SILENT, "verdict"].tolist() == ["nothing found", "nothing found"]
    assert ((results.loc[SILENT, "low"] <= 0) & (results.loc[SILENT, "high"] >= 0)).all()


@pytest.mark.parametrize("name", LOTS[:2] + LOTS[3:])
def test_the_interval_of_a_lot_covers_the_truth(name, results, truth):
    row, effect = results.loc[name], truth.loc[name, "effect"]
    assert row["method"] == "lot" and row["low"] <= effect <= row["high"]
    assert row["total_low"] <= effect * 4 * truth.loc[name, "treated"] <= row["total_high"]
    assert row["contacted_used"] == truth.loc[name, "treated"] and row["comparable"] == truth.loc[name, "compared"]
    assert row["naive_effect"] == pytest.approx(row["effect_per_week"])  # a lot makes the naive figure right on average


def test_the_campaign_to_everyone_gets_no_causal_number(results):
    row = results.loc["05"]
    assert (row["method"], row["verdict"]) == ("none", "no control group")
    assert row[["effect_per_week", "low", "high", "total_effect", "p_value", "naive_effect"]].isna().all()


def test_only_lots_say_caused_and_every_campaign_has_its_reason(results):
    said = results["verdict"].str.startswith("caused")
    assert results.loc[said, "method"].eq("lot").all()
    assert results["why"].str.len().min() > 20 and results["tested"].unique().tolist() == [9]
