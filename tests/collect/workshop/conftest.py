"""One company of each kind, made once for all tests of the workshop."""

import pytest

from analysis.collect.workshop import company as companies
from analysis.collect.workshop import making


@pytest.fixture(scope="session")
def made():
    """Two thousand customers with seeded faults."""
    return making.company(size="S", seed=7, scenario="ecommerce", dirt=True)


@pytest.fixture(scope="session")
def part():
    """Eight thousand customers without faults, with the sums of their campaigns."""
    shelf = companies.catalogue(seed=7, scenario="ecommerce")
    return companies.part(0, 8_000, seed=7, scenario="ecommerce", shelf=shelf)
