import pytest

from analysis.report import words

NAN = float("nan")


@pytest.mark.parametrize(
    ("now", "before", "interval", "expected"),
    [
        (0.12, 0.10, (0.11, 0.13), "up"),
        (0.12, 0.14, (0.11, 0.13), "down"),
        (0.12, 0.13, (0.11, 0.13), "no clear change"),  # the end of the interval belongs to it
        (0.12, 0.11, (0.11, 0.13), "no clear change"),
        (0.12, NAN, (0.11, 0.13), "cannot tell"),
        (0.12, 0.10, (NAN, 0.13), "cannot tell"),
    ],
)
def test_a_change_is_said_only_when_the_interval_leaves_the_number_before_out(now, before, interval, expected):
    assert words.change(now, before, interval) == expected


def test_one_customer_is_one_and_none_are_many():
    assert [words.plural(n, "customer") for n in (0, 1, 2469)] == ["0 customers", "1 customer", "2,469 customers"]
    assert words.plural(2, "child", "children") == "2 children"
    assert words.plural(NAN, "customer") == "not known customers"


def test_lists_end_with_and():
    assert [words.join_and(list("abc")[:n]) for n in range(4)] == ["", "a", "a and b", "a, b and c"]


def test_small_numbers_are_words():
    assert [words.in_words(n) for n in (0, 3, 12, 13, 1300)] == ["no", "three", "twelve", "13", "1,300"]


def test_the_first_letter_rises_and_the_rest_stays():
    assert words.sentence_case("rFM of USD") == "RFM of USD"


def test_a_long_name_is_cut_to_width_with_an_ellipsis():
    assert words.shorten("Loyal households", 7) == "Loyal…"
    assert words.shorten("Loyal", 5) == "Loyal"
