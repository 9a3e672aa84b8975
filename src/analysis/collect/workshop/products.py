"""What is sold: products with a price level, a share of the demand and a true quality that opinions follow."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis.collect.workshop.people import numbered

DEPARTMENTS = {
    "ecommerce": ("Home", "Kitchen", "Garden", "Sport", "Toys", "Books"),
    "travel": ("City trips", "Beach", "Mountains", "Rail", "Cruises", "Hotels"),
    "finance": ("Current account", "Savings", "Funds", "Loans", "Cards", "Insurance"),
}
CATEGORIES = ("Basic", "Classic", "Seasonal", "Premium")
PER_CATEGORY = 5


def products(scenario: str, *, rng: np.random.Generator) -> pd.DataFrame:
    """One row per product: product_id, name, category, department, brand; level (price), demand (share), quality (0 to 1)."""
    shelves = [(department, category) for department in DEPARTMENTS[scenario] for category in CATEGORIES]
    rows = [(*shelf, number) for shelf in shelves for number in range(1, PER_CATEGORY + 1)]
    n = len(rows)
    demand = rng.permutation(1 / np.arange(1, n + 1) ** 0.8)  # Zipf: few products make most of the sales
    category = np.array([CATEGORIES.index(row[1]) for row in rows])
    return pd.DataFrame({
        "product_id": numbered("P", np.arange(1, n + 1), width=4),
        "name": [f"{department} {category.lower()} {number}" for department, category, number in rows],
        "category": [row[1] for row in rows],
        "department": [row[0] for row in rows],
        "brand": np.where(rng.random(n) < 0.35, "Private", "National"),
        "level": np.exp(rng.normal(0, 0.4, n) + 0.3 * category),
        "demand": demand / demand.sum(),
        "quality": np.clip(rng.beta(6, 2.5, n) + 0.05 * (category == 3), 0, 1),
    })  # fmt: skip


def covered(products: pd.DataFrame, campaign: int) -> np.ndarray:
    """Rows of the products that the incentives of a campaign apply to: one department, another for each campaign."""
    departments = products["department"].drop_duplicates().to_numpy()
    return np.flatnonzero(products["department"] == departments[campaign % len(departments)])
