"""What the loyalty report says: each module turns tables of the room segment into one part of the page, words included."""

from analysis.report.loyalty import (
    ages,
    closing,
    few,
    measures,
    moves,
    net,
    newcomers,
    opening,
    phrases,
    portraits,
    returns,
    segments,
    tenths,
    window,
)

__all__ = [
    "ages", "closing", "few", "measures", "moves", "net", "newcomers", "opening", "phrases", "portraits", "returns", "segments", "tenths",
    "window",
]  # fmt: skip
