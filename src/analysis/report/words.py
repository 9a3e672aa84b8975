"""Words that depend on numbers, so that a sentence stays true when the data changes."""

from collections.abc import Sequence
from typing import Any

from analysis.report.numbers import count, is_known


def change(now: Any, before: Any, interval: tuple[Any, Any]) -> str:
    """Return "up", "down" or "no clear change": whether the interval of `now` leaves `before` out.

    The number before is taken as it stands. To compare two samples, pass their difference as `now`, 0 as `before` and
    the interval of the difference. "cannot tell" when any of the numbers is not known.
    """
    low, high = interval
    if not all(is_known(number) for number in (now, before, low, high)):
        return "cannot tell"
    if low > before:
        return "up"
    return "down" if high < before else "no clear change"


def plural(number: Any, one: str, many: str | None = None) -> str:
    """Return `1 customer`, `2,469 customers`; pass `many` where adding an s is wrong."""
    return f"{count(number)} {one if is_known(number) and number == 1 else many or one + 's'}"


def join_and(words: Sequence[object]) -> str:
    """Return `a`, `a and b`, `a, b and c`; nothing for no words."""
    written = [str(word) for word in words]
    return " and ".join([", ".join(written[:-1]), written[-1]] if len(written) > 1 else written)


def in_words(number: int) -> str:
    """Return `three` for 3 up to twelve, digits beyond."""
    names = ["no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve"]
    return names[number] if 0 <= number < len(names) else count(number)


def sentence_case(words: str) -> str:
    """Return the words with a capital first letter and the rest as it is."""
    return words[:1].upper() + words[1:]


def shorten(words: str, width: int) -> str:
    """Return the words cut to `width` characters, an ellipsis for what is gone; the full name belongs in a table."""
    return words if len(words) <= width else words[: width - 1].rstrip() + "…"
