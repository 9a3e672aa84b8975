"""Contact details that can be used, and ids that belong to one person."""

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from analysis.design.handoff.people import consents, details, e164, one_line, persons


@pytest.mark.parametrize(
    ("phone", "number"),
    [
        ("+49 (0)171 234-5678", "+491712345678"),
        ("0049 171 2345678", "+491712345678"),
        ("'+86 138 0013 8000", "+8613800138000"),  # shops export phones with a leading apostrophe
        ("＋８６13800138000", "+8613800138000"),
        ("+1 (415) 555.0132", "+14155550132"),
        ("+442083661177", "+442083661177"),  # the example of a British number in ITU-T E.123
        ("0171 2345678", None),  # of which country?
        ("13800138000", None),
        ("+0171 2345678", None),  # no country begins with 0
        ("+123456", None),
        ("+1234567890123456", None),  # sixteen digits
        ("+49 171 CALL", None),
        ("+49171=1+1", None),
        ("", None),
        (None, None),
    ],
)
def test_a_phone_is_international_or_unknown(phone, number):
    assert e164(phone) == number


@given(st.text("+0123456789 ()-./x", max_size=20))
def test_an_international_phone_keeps_the_digits_that_it_had(phone):
    number = e164(phone)
    digits = "".join(sign for sign in phone.replace("(0)", "") if sign.isdigit())
    assert number is None or number[1:] in (digits, digits[2:])
    assert number is None or e164(number) == number


@pytest.mark.parametrize(
    ("written", "kept"),
    [
        (" Anna@Shop.example ", "Anna@Shop.example"),
        ("o'brien@shop.example", "o'brien@shop.example"),
        ("jörg@shop.example", "jörg@shop.example"),
        ("+tag@shop.example", None),  # a formula; with an apostrophe it would be another address
        ("=1@shop.example", None),
        ("'anna@shop.example", None),
        ("anna@shop", None),
        ("anna@shop.example, bert@shop.example", None),
        ("none", None),
    ],
)
def test_an_email_is_one_that_can_be_written_to_or_unknown(written, kept):
    known = details(pd.DataFrame({"customer_id": ["1"], "email": [written]}))["email"]
    assert known.fillna("").tolist() == [kept or ""]


def test_details_are_on_one_line_and_only_what_the_data_has():
    known = details(pd.DataFrame({"customer_id": ["2", "1"], "first_name": ["Li\r\nLi ", " "], "shoe_size": [38, 41]}))
    assert known.fillna("").to_numpy().tolist() == [["1", ""], ["2", "Li Li"]]
    assert list(known) == ["customer_id", "first_name"]


def test_a_customer_in_two_rows_is_refused_without_naming_them():
    with pytest.raises(ValueError, match="^1 customers stand in two rows of the identities; one row each$"):
        details(pd.DataFrame({"customer_id": ["7", "7"]}))


@pytest.mark.parametrize(("cell", "shown"), [("a\tb\u2028c\0d", "a b c d"), ("  ", None), (None, None), (7, "7")])
def test_a_cell_is_one_line(cell, shown):
    assert one_line(cell) == shown


def test_an_email_or_a_phone_in_common_makes_one_person_also_over_a_third_id():
    known = details(pd.DataFrame({
        "customer_id": ["a", "b", "c", "d", "e", "f"],
        "email": ["anna@shop.example", "ANNA@shop.example ", None, "dora@shop.example", None, None],
        "phone": [None, "+49 171 2345678", "0049171 2345678", None, "0000000", "000 0000"],  # the last two: nobody's
    }))  # fmt: skip
    label = persons(known).tolist()
    assert label[0] == label[1] == label[2]
    assert len(set(label)) == 4


@given(st.lists(st.tuples(st.sampled_from([None, "a@x.yz", "B@x.yz", "b@x.yz", "c@x.yz"]),
                          st.sampled_from([None, "+491234567", "0049 1234567", "030 1234567", "12345"])), max_size=7))  # fmt: skip
@settings(max_examples=60, deadline=None)
def test_persons_are_those_that_a_walk_from_id_to_id_finds(rows):
    known = details(
        pd.DataFrame(rows, columns=["email", "phone"]).assign(customer_id=[str(n) for n in range(len(rows))])
    )
    same = {None: None, "b@x.yz": "B@x.yz", "0049 1234567": "+491234567", "12345": None}
    keys = [{same.get(cell, cell) for cell in row} - {None} for row in rows]
    seen = list(range(len(rows)))
    for _ in rows:  # the slow way: everyone takes the smallest number among those they share something with
        seen = [min(seen[j] for j in range(len(rows)) if j == i or keys[i] & keys[j]) for i in range(len(rows))]
    label = persons(known).tolist()
    assert [[a == b for a in label] for b in label] == [[a == b for a in seen] for b in seen]


def test_consent_is_given_refused_or_never_asked():
    asked = pd.DataFrame({"customer_id": list("abcde"), "consent": [" YES ", "no", None, "", "maybe"]})
    told = consents(asked)
    assert told["given"].tolist() == [True, False, False, False, False]
    assert told["refused"].tolist() == [False, True, False, False, True]
    assert consents(asked, agreed=["maybe"])["given"].tolist() == [False, False, False, False, True]
    assert consents(pd.DataFrame({"customer_id": ["a"], "consent": [True]}))["given"].tolist() == [True]
    assert consents(asked[["customer_id"]])[["given", "refused"]].to_numpy().tolist() == [[True, False]] * 5
