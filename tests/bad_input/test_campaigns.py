"""What goes wrong with campaigns: a customer in both arms, one code used often, an assignment by outcome, a mix that turns the sign."""

from datetime import date

import numpy as np
import pandas as pd

from analysis import engine
from analysis.clean import contract
from analysis.clean.quarantine import clean
from analysis.inference.observational import difference_in_differences
from analysis.monitor.conversion import contact_outcomes, funnel
from analysis.tables import CANONICAL

DAY = date(2024, 12, 31)


def known(**columns):
    return engine.lazy(pd.DataFrame(columns))


def test_a_customer_in_both_arms_is_set_aside_from_both_and_counted():
    rows = [
        ("spring", "Ann", "treated"),
        ("spring", "Ann", "holdout"),
        ("spring", "Ben", "holdout"),
        ("autumn", "Ann", "holdout"),
    ]
    contacts = pd.DataFrame(rows, columns=["campaign_id", "customer_id", "arm"])
    contacts = contacts.assign(contacted_on=pd.Timestamp("2024-03-01"), propensity=0.5)
    typed = contract.typed(engine.lazy(contacts), CANONICAL["contacts"], time_zone="UTC")
    valid = {"customers": known(customer_id=["Ann", "Ben"]), "campaigns": known(campaign_id=["spring", "autumn"])}
    found = clean(typed, CANONICAL["contacts"], valid=valid, as_of=DAY)
    kept = engine.collect(found.valid.sort("campaign_id", "customer_id"))
    assert kept[["campaign_id", "customer_id"]].values.tolist() == [["autumn", "Ann"], ["spring", "Ben"]]
    assert found.counts.set_index("outcome")["rows"].to_dict() == {"in": 4, "kept": 2, "not yet seen": 0, "same key": 2}


def test_a_customer_who_uses_a_code_often_converts_once():
    day = pd.Timestamp("2024-03-05")
    contacts = pd.DataFrame(
        {"campaign_id": "spring", "customer_id": ["Ann", "Ben"], "contacted_on": day, "arm": "treated"}
    )
    campaigns = pd.DataFrame({"campaign_id": ["spring"], "kind": "mail", "ends_on": pd.Timestamp("2024-03-31")})
    responses = pd.DataFrame({
        "campaign_id": "spring", "customer_id": ["Ann"] * 5, "incentive_id": "ten", "kind": "redeem",
        "responded_on": [day + pd.Timedelta(days=n) for n in (4, 2, 1, 3, 5)],
    })  # fmt: skip
    offers = engine.lazy(pd.DataFrame({"campaign_id": ["spring"], "incentive_id": "ten", "product_id": "milk"}))
    orders = known(customer_id=["Ann"], product_id=["milk"], ordered_on=[date(2024, 3, 6)], quantity=[1])
    found = contact_outcomes(contacts, orders, offers, responses, campaigns, as_of=DAY, data_from=date(2024, 1, 1))
    assert found["redeemed"].tolist() == [True, False] and found["redeemed_on"][0] == day + pd.Timedelta(days=1)
    rate = funnel(found).set_index(["scope", "step"]).loc[("all", "redeemed")]
    assert (rate["reached"], rate["contacted"], rate["rate"]) == (1, 2, 0.5)  # five uses of two offers are no 250 %


def test_a_mix_that_turns_the_sign_of_the_plain_difference_does_not_turn_that_of_the_estimate():
    # Both groups lose 1 by being contacted; three quarters of the contacted are of the group that rises by 10 anyway.
    rows = (
        [("rising", True, 9.0)] * 30
        + [("rising", False, 10.0)] * 10
        + [("still", True, -1.0)] * 10
        + [("still", False, 0.0)] * 30
    )
    noise = np.resize([-0.5, 0.5], len(rows))
    changes = pd.DataFrame(rows, columns=["stratum", "contacted", "change"])
    changes["change"] += noise
    plain = changes.groupby("contacted")["change"].mean()
    found = difference_in_differences(changes, min_per_arm=2)
    assert plain[True] - plain[False] > 3
    assert abs(found.effect + 1) < 0.1 and found.interval.high < 0
