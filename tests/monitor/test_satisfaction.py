import numpy as np
import pytest

from analysis.inference.proportions import wilson_interval
from analysis.monitor.satisfaction import satisfaction

COLUMNS = "customer_id product_id given_at kind channel score satisfied"


@pytest.fixture
def opinions(table):
    return table(
        COLUMNS,
        ("Ann", "milk", "2024-03-01", "need", "shop", 5, 1),
        ("Ben", "milk", "2024-03-02", "need", "web", 2, 0),
        ("Cem", "bread", "2024-03-03", "need", "web", 4, 1),
        ("Dee", None, "2024-03-04", "need", "web", np.nan, np.nan),  # did not say
        ("Ann", "milk", "2024-03-05", "inquiry", "web", np.nan, 1),
    )


def test_satisfaction_is_the_share_satisfied_by_kind_product_and_channel(opinions):
    found = satisfaction(opinions).set_index(["kind", "by", "name"])
    assert found["opinions"].to_dict() == {
        ("inquiry", "all", "all"): 1, ("inquiry", "channel", "web"): 1, ("inquiry", "product", "milk"): 1,
        ("need", "all", "all"): 3, ("need", "channel", "shop"): 1, ("need", "channel", "web"): 2,
        ("need", "product", "bread"): 1, ("need", "product", "milk"): 2,
    }  # fmt: skip
    assert found.loc[("need", "all", "all"), "rate"] == pytest.approx(2 / 3)
    assert found.loc[("need", "product", "milk"), "rate"] == 0.5
    assert found.loc[("need", "channel", "web"), ["satisfied", "unknown"]].tolist() == [1, 1]
    assert tuple(found.loc[("need", "all", "all"), ["low", "high"]]) == pytest.approx(wilson_interval(2, 3))


def test_who_does_not_say_is_neither_satisfied_nor_dissatisfied(opinions):
    silent = satisfaction(opinions[opinions["satisfied"].isna()])
    assert silent["opinions"].tolist() == [0, 0] and silent["rate"].isna().all()


def test_the_order_of_opinions_does_not_matter_and_none_gives_an_empty_table(opinions):
    assert satisfaction(opinions[::-1]).equals(satisfaction(opinions))
    assert satisfaction(opinions.head(0)).empty


def test_ten_opinions_of_one_customer_tell_as_much_as_one(table):
    twenty = [(f"c{number}", "milk", "2024-03-01", "need", "web", 5, int(number < 13)) for number in range(20)]
    alone = satisfaction(table(COLUMNS, *twenty)).iloc[0]
    often = satisfaction(table(COLUMNS, *(row for row in twenty for _ in range(10)))).iloc[0]
    assert (often["opinions"], often["satisfied"], often["rate"]) == (200, 130, alone["rate"] == 0.65 and 0.65)
    assert tuple(alone[["low", "high"]]) == pytest.approx(wilson_interval(13, 20))
    # 20 customers are worth 19 opinions: the divisor of a variance between 20
    assert tuple(often[["low", "high"]]) == pytest.approx(wilson_interval(0.65 * 19, 19))
