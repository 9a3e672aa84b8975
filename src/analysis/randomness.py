"""Where randomness comes from: the study's seed and the name of the use, so that one draw never disturbs another."""

from __future__ import annotations

from typing import TYPE_CHECKING
from zlib import crc32

if TYPE_CHECKING:
    import numpy as np


def generator(seed: int, use: str) -> np.random.Generator:
    """Return the generator of one use, such as "holdout" or "stability": same seed and use, same numbers.

    Streams of different uses are independent, so a page that draws more never changes what another page drew. The
    name enters by its CRC-32, which unlike `hash` does not depend on the process. Raises ValueError for an empty use
    or a negative seed.
    """
    import numpy as np

    if not use:
        raise ValueError("a generator needs the name of its use, such as 'holdout'")
    if seed < 0:
        raise ValueError(f"seed={seed} is below zero; the nearest valid seed is 0")
    return np.random.default_rng([seed, crc32(use.encode("utf-8"))])
