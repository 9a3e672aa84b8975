"""The settings in which worth is tried: net value, the weeks after, parts of the range, and redeemers who would have bought."""

from __future__ import annotations

from analysis.validation import ranges, worths

SETTINGS = (  # name, in words, trial, options; all are campaigns by lot
    ("worth 2000", "2,000 customers, 10 % held out, 50 % without an order, +30 % spend, a third redeem", worths.trial,
         {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "sigma": 1.0, "effect": 0.3, "redeem": 0.33}),
    ("worth 10000", "10,000 customers, 5 % held out, 90 % without an order, +30 % spend, most redeem", worths.trial,
         {"customers": 10_000, "holdout": 0.05, "silent": 0.9, "sigma": 1.5, "effect": 0.3, "redeem": 0.8}),
    ("worth 500", "500 customers, 50 % held out, 50 % without an order, +30 % spend, a third redeem", worths.trial,
         {"customers": 500, "holdout": 0.5, "silent": 0.5, "sigma": 1.0, "effect": 0.3, "redeem": 0.33}),
    ("worth nothing", "2,000 customers, 10 % held out, 50 % without an order, no effect, most redeem", worths.trial,
         {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "sigma": 1.5, "effect": 0.0, "redeem": 0.8}),
    ("after 2000", "2,000 customers, 10 % held out, 50 % without an order, a fifth of later orders come sooner",
         worths.afterwards,
         {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "sigma": 1.0, "extra": 0.1, "pulled": 0.2, "redeem": 0.33}),
    ("after 10000", "10,000 customers, 5 % held out, 90 % without an order, a third of later orders come sooner",
         worths.afterwards,
         {"customers": 10_000, "holdout": 0.05, "silent": 0.9, "sigma": 1.0, "extra": 0.0, "pulled": 0.33, "redeem": 0.8}),
    ("range 2000", "2,000 customers, 10 % held out, 50 % without an order, more of what is offered, less beside it",
         ranges.parts, {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "sigma": 1.0, "changes": (0.4, -0.2, 0.1)}),
    ("range 10000", "10,000 customers, 5 % held out, 90 % without an order, more of what is offered alone",
         ranges.parts, {"customers": 10_000, "holdout": 0.05, "silent": 0.9, "sigma": 1.0, "changes": (0.5, 0.0, 0.0)}),
    ("anyway 2000", "2,000 customers, 10 % held out, 50 % without an order, some buy more and redeem more", ranges.redeemers,
         {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "induced": 0.1, "redeem": (0.3, 0.8)}),
    ("anyway all", "10,000 customers, 5 % held out, 90 % without an order, every additional buyer redeems", ranges.redeemers,
         {"customers": 10_000, "holdout": 0.05, "silent": 0.9, "induced": 0.05, "redeem": (0.2, 1.0)}),
)  # fmt: skip
