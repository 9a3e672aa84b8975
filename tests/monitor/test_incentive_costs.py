import math

import pandas as pd

from analysis.monitor.incentive_costs import with_listed_costs


def test_the_list_is_asked_only_where_no_order_line_shows_a_cost(table):
    costs = table(
        "campaign_id customer_id incentive_id cost matched",
        ("a", "Ann", "five-off", 4.5, 0.5),  # given less than the face value: what was given stands
        ("a", "Ben", "gift", math.nan, math.nan),
        ("a", "Cem", "unlisted", math.nan, math.nan),
        ("a", "Dee", "unpriced", math.nan, math.nan),
    )
    incentives = table("incentive_id cost", ("five-off", 5.0), ("gift", 6.0), ("unpriced", math.nan))
    found = with_listed_costs(costs, incentives)
    assert found["cost"].tolist()[:2] == [4.5, 6.0] and found["cost"].isna().tolist() == [False, False, True, True]
    assert found["matched"].tolist()[:2] == [0.5, 0.0] and found["matched"].isna().tolist()[2:] == [True, True]
    assert found["cost_from"].fillna("").tolist() == ["order lines", "listed cost of one use", "", ""]
    assert len(found) == len(costs)


def test_without_a_list_costs_stay_as_they_are(table):
    costs = table("incentive_id cost matched", ("gift", math.nan, math.nan), ("five-off", 5.0, 0.0))
    for none in (None, pd.DataFrame({"incentive_id": ["gift"]})):
        found = with_listed_costs(costs, none)
        assert found["cost"].tolist()[1] == 5 and math.isnan(found["cost"].tolist()[0])
        assert found["cost_from"].fillna("").tolist() == ["", "order lines"]
