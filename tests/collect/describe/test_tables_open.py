"""Which tables a file may fill, where its headers and the sharing of values say so."""

import pytest

from analysis.collect.describe.columns_seen import seen
from analysis.collect.describe.naming import named
from analysis.collect.describe.tables_open import tables


def open_for(**columns):
    looked = [seen(header, cells) for header, cells in columns.items()]
    names = {}
    for one in looked:
        names[one.header] = named(one.header, set(names.values()))
    return {stated.place[-1]: stated for stated in tables(looked, names)}


@pytest.mark.parametrize("header", ["household_id", "Household", "account_id", "Haushalt", "家庭编号"])
def test_a_household_is_asked_for_where_header_and_shared_values_fit(header):
    found = open_for(customer_id=["K1", "K2", "K3", "K4"], **{header: ["H1", "H1", "H2", ""]})
    assert found["household_id"].value == "?" and found["household_id"].why[0].startswith("may be ")


@pytest.mark.parametrize(
    ("header", "cells"),
    [("household_id", ["H1", "H2", "H3", "H4"]), ("town", ["H1", "H1", "H2", ""]), ("household_id", ["H1"] * 4)],
)
def test_ids_of_their_own_other_headers_and_one_value_for_all_are_no_household(header, cells):
    assert "household_id" not in open_for(customer_id=["K1", "K2", "K3", "K4"], **{header: cells})
