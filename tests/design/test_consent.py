"""Nobody is contacted without a stated consent or against the suppression list."""

import pandas as pd
import pytest

from analysis.design import consent

YES = ("yes", "granted")


def table(**columns):
    return pd.DataFrame(columns)


CUSTOMERS = table(customer_id=["a", "b", "c", "d", "e"], consent=["yes", " Granted ", "no", "oui", None])
PEOPLE = table(
    customer_id=["a", "b", "c", "d", "e", "f"], known_as=["1", "2", "3", "4", "5", "6"],
    email=["Ann@Mail.example", "bob@mail.example", None, None, None, None],
)  # fmt: skip


def why(*ids, customers=CUSTOMERS, listed=()):
    members = table(customer_id=list(ids))
    found = consent.barred(members, customers, yes=YES, people=PEOPLE, listed=listed)
    return dict(zip(ids, found.fillna("").tolist(), strict=True))


def test_only_a_known_yes_is_consent():
    # d says yes in a language that the study does not know; f is not in the customers table
    assert why(*"abcdef") == {"a": "", "b": ""} | dict.fromkeys("cdef", "no consent")


def test_the_list_bars_by_id_and_by_address_and_goes_before_consent():
    assert why(*"abc", listed=["1", "BOB@mail.example ", "3", "nobody@mail.example"]) == dict.fromkeys(
        "abc", "on the suppression list"
    )


def test_without_the_column_consent_bars_nobody_and_the_list_still_does():
    assert why(*"ab", customers=CUSTOMERS[["customer_id"]], listed=["2"]) == {"a": "", "b": "on the suppression list"}


def test_an_empty_address_is_not_on_a_list_with_an_empty_line():
    assert why("a", listed=["", " "]) == {"a": ""}


def test_the_rows_may_come_in_any_order_and_keep_their_index():
    members = table(customer_id=["c", "a"]).set_axis([7, 3])
    found = consent.barred(members, CUSTOMERS, yes=YES, people=PEOPLE)
    assert found.index.tolist() == [7, 3] and found.fillna("").tolist() == ["no consent", ""]


def test_every_word_is_listed_with_how_it_is_read():
    words = consent.words(CUSTOMERS, yes=YES)
    assert dict(zip(words["word"], words["read_as"], strict=True)) == {
        "yes": "yes", "granted": "yes", "no": "no", "oui": "no: word not known", "(empty)": "no: not stated",
    }  # fmt: skip
    assert words["customers"].sum() == len(CUSTOMERS)
    assert consent.words(CUSTOMERS[["customer_id"]], yes=YES) is None


def test_what_is_yes_to_the_words_is_not_barred():
    words = consent.words(CUSTOMERS, yes=YES)
    yes = words.loc[words["read_as"] == "yes", "customers"].sum()
    assert yes == sum(reason == "" for reason in why(*CUSTOMERS["customer_id"]).values())


@pytest.mark.parametrize("text", ['1\n# note\n\n"bob@mail.example",asked in May\n', "\ufeff1\r\nbob@mail.example\r\n"])
def test_a_list_is_the_first_field_of_each_line(tmp_path, text):
    (tmp_path / "never.csv").write_bytes(text.encode("utf-8"))
    assert consent.suppressed(tmp_path / "never.csv") == ["1", "bob@mail.example"]


def test_no_list_bars_nobody():
    assert consent.suppressed(None) == []
