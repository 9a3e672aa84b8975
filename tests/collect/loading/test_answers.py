"""What a study says of an export is laid over what is known of it, and nothing is loaded while a question is open."""

import pytest

from analysis.collect.loading.answers import laid_over, refuse_questions, refuse_unanswered, settings

KNOWN = {
    "currency": "GBP",
    "columns": {"date": {"header": "Date", "format": "%Y"}, "note": {"header": "Note"}},
    "words": ["a", "b"],
}


def test_settings_have_their_place_as_a_path():
    assert list(settings({"a": 1, "b": {"c": {"d": 2}, "e": [3]}})) == [("a", 1), ("b.c.d", 2), ("b.e", [3])]


def test_what_is_stated_takes_the_place_of_what_is_known_and_leaves_its_neighbours():
    stated = {"currency": "EUR", "columns": {"date": {"format": "%d"}, "extra": {"header": "X"}}, "words": ["c"]}
    assert laid_over(KNOWN, stated) == {
        "currency": "EUR",
        "columns": {"date": {"header": "Date", "format": "%d"}, "note": {"header": "Note"}, "extra": {"header": "X"}},
        "words": ["c"],
    }
    assert KNOWN["columns"]["date"]["format"] == "%Y"  # what is known stays as it was


def test_what_is_stated_as_nothing_is_taken_away():
    assert laid_over(KNOWN, {"columns": {"note": None}, "words": None, "never there": None}) == {
        "currency": "GBP",
        "columns": {"date": {"header": "Date", "format": "%Y"}},
    }


def test_a_question_mark_is_refused_with_its_place():
    refuse_questions({"null_words": ["?"], "separator": ","})  # a word for nothing may be a question mark
    with pytest.raises(ValueError) as error:
        refuse_questions({"separator": ",", "columns": {"date": {"format": "?"}}})
    assert str(error.value) == "columns.date.format: ? has to be replaced by an answer; nothing is loaded on a guess"


def test_of_many_question_marks_the_first_are_named_and_the_rest_counted():
    with pytest.raises(ValueError) as error:
        refuse_questions({"a": "?", "b": {"c": "?", "d": "?", "e": "?"}, "f": "?"})
    assert str(error.value) == "a, b.c, b.d and 2 more: ? has to be replaced by an answer; nothing is loaded on a guess"


def test_what_a_known_export_asks_must_be_stated():
    ask = {"columns.date.format": "days are written by the account's country"}
    refuse_unanswered({"columns": {"date": {"format": "%d/%m/%Y"}}}, ask)
    with pytest.raises(ValueError) as error:
        refuse_unanswered({"columns": {"date": {"header": "Day"}}}, ask)
    assert str(error.value) == (
        "columns.date.format is not stated: days are written by the account's country; nothing is loaded on a guess"
    )
