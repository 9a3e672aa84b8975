"""The settings in which plans are tried: of spend, of rates, orders and their value, and of whole households."""

from __future__ import annotations

from analysis.validation import planned, plans

SETTINGS = (  # name, in words, trial, options
    ("plan", "2,000 customers, 50 % without an order, held out as 40 % more spend needs", plans.trial,
         {"customers": 2_000, "silent": 0.5, "sigma": 1.0, "effect": 0.4}),
    ("plan tenth", "5,000 customers, 90 % without an order, 10 % held out", plans.trial,
         {"customers": 5_000, "silent": 0.9, "sigma": 1.5, "effect": 0.4, "share": 0.1}),
    ("plan zeros", "20,000 customers, 98 % without an order, 20 % held out", plans.trial,
         {"customers": 20_000, "silent": 0.98, "sigma": 1.5, "effect": 0.4, "share": 0.2}),
    ("plan households", "1,000 households, 50 % of people without an order, 30 % of households held out", planned.of_households,
         {"households": 1_000, "silent": 0.5, "sigma": 1.0, "share": 0.3}),
    ("measures 2000", "2,000 customers, 10 % held out, 50 % without an order, some order often", planned.measures,
         {"customers": 2_000, "holdout": 0.1, "silent": 0.5, "sigma": 1.0}),
    ("measures 10000", "10,000 customers, 10 % held out, 90 % without an order, some order often", planned.measures,
         {"customers": 10_000, "holdout": 0.1, "silent": 0.9, "sigma": 1.0}),
)  # fmt: skip
