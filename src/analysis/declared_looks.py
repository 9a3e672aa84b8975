"""The looks at a running campaign that a study declares: how many, when, and how much of the error each may spend."""

from __future__ import annotations

import math
from typing import Literal

from pydantic import model_validator

from analysis.study_file import Part

MOST = 12  # looks; more of them cost width at the end and tell hardly more


class Looks(Part):
    """When campaigns drawn by lot are looked at: by `shares` of their window or by `days` after the start, one of the two.

    The end of the window is always a look, named or not. Declare them before the campaign begins: looks that are added
    when results are seen make every interval wrong.
    """

    shares: tuple[float, ...] = ()  # of the window, above 0 and at most 1, rising
    days: tuple[int, ...] = ()  # behind a look, rising; those past the end of a campaign are left out there
    spending: Literal["obrien-fleming", "pocock"] = "obrien-fleming"  # strict early, or about as strict at each look

    @model_validator(mode="after")
    def _one_of_both_and_rising(self) -> Looks:
        if bool(self.shares) == bool(self.days):
            raise ValueError("looks need either shares, like [0.5, 1.0], or days, like [14, 28]")
        named = self.shares or self.days
        if list(named) != sorted(set(named)) or named[0] <= 0:
            raise ValueError(f"looks {list(named)} must rise and lie above 0")
        if self.shares and self.shares[-1] > 1:
            raise ValueError(f"a look at {self.shares[-1]:g} of the window is after its end; the last is 1.0")
        if len(named) > MOST:
            raise ValueError(f"{len(named)} looks are declared; the most are {MOST}")
        return self

    def after(self, days: int) -> tuple[int, ...]:
        """Return how many days lie behind each look at a campaign of so many `days`, the end among them.

        A share falls on the end of the day in which it is reached.
        """
        named = [math.ceil(share * days - 1e-9) for share in self.shares] or [day for day in self.days if day < days]
        return tuple(sorted({*named, days}))
