"""Draws are the same for one seed and one use, whatever the process, and differ between uses."""

import numpy as np
import pytest

from analysis.randomness import generator


def test_one_seed_and_one_use_give_the_same_numbers():
    first, again = (generator(7, "holdout").integers(1000, size=5).tolist() for _ in range(2))
    assert first == again


def test_another_use_or_another_seed_gives_other_numbers():
    draws = {use: generator(seed, use).random() for seed, use in ((7, "holdout"), (7, "stability"))}
    assert len({*draws.values(), generator(8, "holdout").random()}) == 3


def test_the_name_enters_by_the_published_check_value_of_crc_32():
    # 0xCBF43926 is the CRC-32 of "123456789" in every table of CRC check values (e.g. Williams 1993)
    assert generator(7, "123456789").random() == np.random.default_rng([7, 0xCBF43926]).random()


@pytest.mark.parametrize(
    ("seed", "use", "message"),
    [(7, "", "needs the name of its use"), (-1, "holdout", "seed=-1 is below zero; the nearest valid seed is 0")],
)
def test_a_nameless_use_or_a_negative_seed_is_refused(seed, use, message):
    with pytest.raises(ValueError, match=message):
        generator(seed, use)
