import pandas as pd
import pytest

from analysis.report import numbers
from analysis.report.fragments import Fragment
from analysis.report.walkthrough import answer, sentence, show

SCRIPT = "<script>alert(1)</script>"


def test_a_sentence_escapes_its_words_and_its_values():
    assert sentence("{n} of {who} & more", n=numbers.count(3), who=SCRIPT) == (
        "<p>3 of &lt;script&gt;alert(1)&lt;/script&gt; &amp; more</p>"
    )


def test_an_answer_is_closed_and_escaped():
    assert answer("{n} of {who}", n=3, who=SCRIPT) == (
        "<details><summary>Answer</summary><p>3 of &lt;script&gt;alert(1)&lt;/script&gt;</p></details>"
    )


def test_braces_in_data_are_no_places_to_fill():
    assert sentence("{name}", name="{0.__class__}") == "<p>{0.__class__}</p>"
    assert sentence("a {plain} brace") == "<p>a {plain} brace</p>"


def test_a_forgotten_value_is_an_error():
    with pytest.raises(KeyError, match="n"):
        sentence("{n} of {m}", m=1)


def test_the_first_rows_are_shown_with_their_named_index():
    counts = pd.Series([5, 7, 9], index=pd.Index(["a", "b", "c"], name="segment"), name="customers")
    html = show(counts, caption="Customers", max_rows=2)
    assert "Customers (the first 2 of 3 rows)" in html
    assert '<th scope="row">b</th><td class="num">7</td>' in html and ">9<" not in html


def test_a_figure_gets_its_caption():
    assert (
        show(Fragment("<svg></svg>"), caption="Sales") == "<figure><figcaption>Sales</figcaption><svg></svg></figure>"
    )
