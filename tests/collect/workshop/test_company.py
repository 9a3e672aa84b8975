"""The whole company against its own truth: campaigns, traps, keys, and the faults that the clean room must find."""

from datetime import date

import numpy as np
import pandas as pd
import pytest

from analysis import engine
from analysis.clean import contract, quarantine
from analysis.collect import workshop
from analysis.collect.workshop import answer_key, company, making, truth
from analysis.collect.workshop.campaigns import CAMPAIGNS
from analysis.collect.workshop.scenario import DAYS, SCENARIOS, customers_of, day, scenario_named
from analysis.tables import CANONICAL

SHOP = SCENARIOS["ecommerce"]


@pytest.fixture(scope="module")
def told(part):
    return truth.campaigns(part.sums, scenario=SHOP).set_index("campaign_id")


def spend(part, campaign_id):
    """Sales in the days of a campaign by contact: what a report can see, on the shops' days."""
    campaign = next(one for one in CAMPAIGNS if one.campaign_id == campaign_id)
    orders = part.tables["orders"]
    days = (orders["ordered_at"] + pd.Timedelta(hours=8) - pd.Timestamp("2023-01-01")).dt.days
    inside = orders[days.between(campaign.begins, campaign.begins + 27)].groupby("customer_id")["amount"].sum()
    contacts = part.tables["contacts"].query("campaign_id == @campaign_id")
    return contacts.assign(spend=contacts["customer_id"].map(inside).fillna(0.0))


def difference(table):
    arms = table.groupby("arm")["spend"].agg(["mean", "var", "size"])
    error = np.sqrt((arms["var"] / arms["size"]).sum())
    return arms.loc["treated", "mean"] - arms.loc["holdout", "mean"], error


@pytest.mark.parametrize("campaign_id", ["01", "04", "10", "11"])
def test_where_the_lot_decided_the_arms_differ_by_the_true_effect_within_chance(part, told, campaign_id):
    found, error = difference(spend(part, campaign_id))
    truly = told.loc[campaign_id]
    assert found == pytest.approx(truly["effect_sales_window"], abs=4 * error)
    assert (found, error) == pytest.approx((truly["naive_difference"], truly["naive_error"]), rel=0.02)


@pytest.mark.parametrize("campaign_id", ["03", "09"])
def test_an_a_a_campaign_does_nothing(part, told, campaign_id):
    assert (
        told.loc[campaign_id, ["effect_sales_window", "effect_orders_whole", "redeemed", "profit"]].tolist() == [0] * 4
    )
    found, error = difference(spend(part, campaign_id))
    assert abs(found) < 4 * error


@pytest.mark.parametrize(("campaign_id", "sign"), [("02", 1), ("08", -1)], ids=["the best", "the lapsed"])
def test_a_mailing_by_rule_misleads_by_what_the_key_says(told, campaign_id, sign):
    row = told.loc[campaign_id]
    assert row["effect_sales_window"] > 0
    assert sign * row["naive_bias"] > 4 * row["naive_error"]  # no accident of chance
    assert row["naive_difference"] == pytest.approx(row["effect_sales_window"] + row["naive_bias"])


def test_effects_as_they_happened_are_near_those_expected(told):
    real = told[told["kind"].ne("A/A")]
    assert real["effect_sales_window"].to_numpy() == pytest.approx(real["expected_sales_window"].to_numpy(), rel=0.5)
    assert real["effect_sales_window"].sum() == pytest.approx(real["expected_sales_window"].sum(), rel=0.15)


def test_the_broken_lot_has_too_few_treated_and_no_other_lot_has():
    """A sample ratio mismatch: the chi-square of the arms against the planned share, in a company of M's size of arms."""
    shelf = company.catalogue(seed=11, scenario="ecommerce")
    contacts = company.part(0, 6_000, seed=11, scenario="ecommerce", shelf=shelf).tables["contacts"]
    for one in CAMPAIGNS:
        if one.treated_share is None:
            continue
        treated = contacts.query("campaign_id == @one.campaign_id")["arm"].eq("treated")
        z = (treated.mean() - one.treated_share) / np.sqrt(one.treated_share * (1 - one.treated_share) / len(treated))
        assert (z < -5) if one.fault == "sample ratio mismatch" else abs(z) < 4, one.campaign_id


def test_contamination_shows_as_coupons_used_by_those_held_out(part, told):
    """A coupon that the held out used stands in their orders, and nowhere else among the campaigns by lot."""
    orders = part.tables["orders"]
    days = (orders["ordered_at"] + pd.Timedelta(hours=8) - pd.Timestamp("2023-01-01")).dt.days
    for one in CAMPAIGNS:
        held = part.tables["contacts"].query("campaign_id == @one.campaign_id and arm == 'holdout'")["customer_id"]
        used = (
            orders["coupon_discount"].gt(0)
            & days.between(one.begins, one.begins + 27)
            & orders["customer_id"].isin(held)
        )
        assert used.any() == (one.fault == "contamination"), one.campaign_id
    assert told.loc["07", "contaminated"] > 0.2 * told.loc["07", "compared"]


def test_staff_wholesalers_and_shared_accounts_are_in_the_data(part):
    sales = part.tables["orders"].groupby("customer_id")[["amount", "discount"]].sum()
    known = part.customers.set_index("customer_id").join(sales)
    by_account = known.groupby("account")["amount"].mean()
    assert by_account["wholesaler"] > 5 * by_account["person"] and set(by_account.index) == {
        "person",
        "shared",
        "staff",
        "wholesaler",
    }
    staff = known[known["account"].eq("staff")]
    assert (staff["discount"] / (staff["amount"] + staff["discount"])).mean() == pytest.approx(0.2, abs=0.01)


def test_scores_follow_satisfaction_and_quality_and_senders_are_loyal(part):
    opinions = part.tables["feedback"].query("kind == 'feedback'").merge(part.customers, on="customer_id")
    assert np.corrcoef(opinions["score"], opinions["satisfaction"])[0, 1] > 0.3
    loyalty = part.customers.set_index("customer_id")["loyalty"]
    assert loyalty.loc[part.tables["referrals"]["customer_id"]].mean() > loyalty.mean() + 0.03
    kinds = part.tables["feedback"].groupby("kind")["satisfied"].mean()
    assert kinds["complaint"] < kinds["feedback"] and set(kinds.index) == {"need", "inquiry", "feedback", "complaint"}


def test_everyone_who_came_by_referral_has_one_sender_who_joined_before(part):
    rows = part.tables["referrals"].merge(part.tables["customers"][["customer_id", "joined_on"]], on="customer_id")
    assert rows["referred_customer_id"].is_unique and (rows["joined_on"] < rows["referred_on"]).all()


def test_truth_of_customers_is_worked_by_hand_for_one(part):
    """Left: nothing to come. Here: 1 / drop orders, of the mean value, at the margin of 40 %."""
    gone, here = (part.customers[part.customers["here"].eq(state)].iloc[0] for state in (False, True))
    assert gone[["orders_next_year", "lifetime_orders", "churn_next_quarter"]].tolist() == [0, 0, 1]
    assert here["lifetime_orders"] == pytest.approx(1 / here["drop"])
    assert here["lifetime_margin"] == pytest.approx(here["value"] / here["drop"] * 0.4)
    # no more orders can be expected in a year than its days times the rate allow, on the faster clock of a growing trade
    assert 0 < here["orders_next_year"] < here["rate"] * 365 * 1.2


def cleaned(tables):
    """Pass tables through the clean room; the outcome of each row by table."""
    valid, counts = {}, []
    for name in workshop.TABLES:
        typed = contract.typed(engine.lazy(tables[name]), CANONICAL[name], time_zone="Asia/Shanghai")
        result = quarantine.clean(typed, CANONICAL[name], valid=valid, as_of=date(2024, 12, 31))
        valid[name] = engine.hold(result.valid)
        counts.append(result.counts)
    found = pd.concat(counts).set_index(["table", "outcome"])["rows"]
    return found[~found.index.get_level_values("outcome").isin(["in", "kept"]) & found.gt(0)].to_dict()


def test_the_clean_room_sets_aside_the_seeded_faults_and_nothing_else(made):
    seeded = made.faults[made.faults["fate"].ne("kept")].groupby(["table", "fate"]).size().to_dict()
    assert len(seeded) == 15
    assert cleaned(made.tables) == seeded


def test_a_company_without_dirt_is_valid_but_for_cancelled_trips():
    assert cleaned(making.company(size="S", seed=3, scenario="finance", dirt=False, sample=0.3).tables) == {}
    trips = making.company(size="S", seed=3, scenario="travel", dirt=False, sample=0.5).tables
    cancelled = int(trips["orders"]["quantity"].eq(0).sum())
    assert cancelled > 50 and cleaned(trips) == {("orders", "nothing happened"): cancelled}
    assert trips["orders"]["order_id"].nunique() < 2_000  # few orders: less than two for each customer in two years


def test_every_column_is_declared_and_no_table_is_missing(made):
    assert set(made.tables) == set(workshop.TABLES) == set(CANONICAL) - {"refunds"}
    for name, table in made.tables.items():
        assert set(table) <= set(CANONICAL[name].names), name
        needed = {column.name for column in CANONICAL[name].columns if column.needed and not column.day_of}
        assert needed <= set(table), name
    assert set(made.tables["incentives"]["form"]) == {"discount", "gift", "points", "coupon"}


def test_monthly_accounts_are_booked_once_a_month():
    tables = making.company(size="S", seed=3, scenario="finance", dirt=False, sample=0.2).tables
    quiet = tables["customers"].query("consent != 'yes'")["customer_id"]  # nobody with an offer
    orders = tables["orders"][tables["orders"]["customer_id"].isin(quiet)].drop_duplicates("order_id")
    gaps = orders.sort_values("ordered_at").groupby("customer_id")["ordered_at"].diff().dropna()
    assert gaps.dt.total_seconds().div(86_400).between(29.4, 31.5).all()


def test_the_same_seed_writes_the_same_bytes_and_another_seed_another_company(tmp_path):
    settings = {"size": "S", "scenario": "ecommerce", "dirt": True, "sample": 0.1}
    for name, seed in (("one", 1), ("again", 1), ("other", 2)):
        workshop.write(tmp_path / name, seed=seed, **settings)
    files = sorted(file.relative_to(tmp_path / "one") for file in (tmp_path / "one").rglob("*") if file.is_file())
    assert len(files) == len(workshop.TABLES) + 7 + 2 + len(workshop.FILES)
    for file in files:
        assert (tmp_path / "one" / file).read_bytes() == (tmp_path / "again" / file).read_bytes(), file
    assert (tmp_path / "one" / "orders.parquet").read_bytes() != (tmp_path / "other" / "orders.parquet").read_bytes()


def test_the_answer_key_tells_what_was_planted_and_stands_where_no_raw_table_is(tmp_path):
    workshop.write(tmp_path, seed=1, size="S", scenario="ecommerce", dirt=True, sample=0.2)
    key = answer_key.read_key(tmp_path)
    assert key["planted"]["06"] == "sample ratio mismatch" and key["planted"]["07"] == "contamination"
    assert {name.stem for name in tmp_path.glob("*.parquet")} == set(workshop.TABLES)
    faults = pd.read_parquet(tmp_path / "answer_key" / "truth_faults.parquet")
    assert sum(row["rows"] for row in key["faults"]) == len(faults)
    effects = pd.read_parquet(tmp_path / "answer_key" / "truth_effects.parquet")
    assert len(effects) == 5 * key["customers"] == 5 * 400
    profits = [best["profit"] for best in key["best_plans"]["by_budget"]]
    assert profits == sorted(profits) and profits[0] > 0
    lines = (tmp_path / "files" / "customers_gb18030.csv").read_bytes().decode("gb18030").splitlines()
    assert lines[0].startswith("客户编号,注册日期") and "年" in "".join(lines)


def test_parts_make_one_company_whether_in_memory_or_in_files(tmp_path, monkeypatch):
    for module in (making, company):
        monkeypatch.setattr(module, "PART", 150)
    settings = {"size": "S", "seed": 1, "scenario": "ecommerce", "dirt": False, "sample": 0.2}
    whole = making.company(**settings)
    workshop.write(tmp_path, **settings)
    for name in ("customers", "orders", "campaigns", "feedback"):
        key = list(CANONICAL[name].key)
        written = pd.read_parquet(tmp_path / f"{name}.parquet")
        assert not written.duplicated(key).any()
        expected = whole.tables[name].sort_values(key, ignore_index=True)
        pd.testing.assert_frame_equal(written, expected, check_dtype=False)
    assert not (tmp_path / ".parts").exists()


def test_a_wrong_size_or_scenario_is_named_with_the_nearest():
    with pytest.raises(ValueError, match="no scenario 'travels'; the nearest are travel"):
        scenario_named("travels")
    with pytest.raises(ValueError, match="no size 'XL'; the nearest are L"):
        customers_of("XL")
    with pytest.raises(ValueError, match="sample=1.5 is out of range; the nearest valid value is 1"):
        customers_of("S", sample=1.5)


def test_the_last_day_of_the_data_is_the_day_before_the_first_of_the_plan():
    assert (day(0), day(DAYS - 1), day(DAYS)) == (date(2023, 1, 1), date(2024, 12, 31), date(2025, 1, 1))
