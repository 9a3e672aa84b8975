"""Which factors between two arms the lots do not reject: the walk from the estimate outwards to where rejection begins."""

from collections.abc import Callable

import numpy as np

from analysis.inference.interval import Interval

FAR = 1e4  # a factor between arms beyond which an interval is said to have no limit
STEPS, ROUNDS = 12, 9  # of the walk from the estimate outwards, each round within one step of the round before
Tails = Callable[[np.ndarray], tuple[np.ndarray, np.ndarray]]


def accepted(at: Tails, *, alike: float, tail: float) -> tuple[float, float]:
    """Return the least and the largest factor on the outcomes of the treated that the lots do not reject; 0 or inf for none.

    `at` gives the lower and upper tail of each of an array of factors; `alike` is the factor that makes the arms alike.
    """
    low = edge(lambda steps: at(alike / FAR**steps)[0] <= tail + 1e-12)
    high = edge(lambda steps: at(alike * FAR**steps)[1] <= tail + 1e-12)
    return 0.0 if low is None else alike / FAR**low, np.inf if high is None else alike * FAR**high


def as_lift(low: float, high: float) -> Interval:
    """Return the interval of the lift from the factors that undo it."""
    return Interval(float(1 / high - 1), float(1 / low - 1) if low else np.inf)


def unbiased(ratio: float, drawn_again: np.ndarray) -> float:
    """Return the lift from a ratio of means, with the excess taken out that a small arm gives to every ratio.

    A mean that happens to be low makes its ratio larger than an equally high one makes it smaller, so ratios lie above the
    truth on average, by as much as those of lots drawn again between arms made alike lie above 1.
    """
    known = drawn_again[np.isfinite(drawn_again)]
    return float(ratio / ((1 + known.sum()) / (1 + known.size)) - 1)


def edge(rejected: Callable[[np.ndarray], np.ndarray]) -> float | None:
    """The first step from 0, which is not rejected, towards 1 at which rejection begins; None where it never does.

    Found by walking outwards, ever finer, because close to a mean of zero in one arm rejection can end again: what lots
    could do there depends on a handful of customers.
    """
    inside, width = 0.0, 1.0
    for _ in range(ROUNDS):
        steps = inside + width * np.arange(1, STEPS + 1) / STEPS
        found = rejected(steps)
        if not found.any():
            return None if width == 1 else float(inside + width)
        width /= STEPS
        inside = inside + width * int(found.argmax())
    return float(inside)
