from IPython.core.formatters import DisplayFormatter

from analysis.report.fragments import Fragment, cleaned, join, tag, text

SCRIPT = "<script>alert(1)</script>"


def test_data_is_escaped_and_fragments_pass():
    assert tag("p", SCRIPT, Fragment("<b>ours</b>")) == "<p>&lt;script&gt;alert(1)&lt;/script&gt;<b>ours</b></p>"


def test_an_attribute_cannot_be_left_by_a_quote():
    assert tag("p", attributes={"title": '"><script>'}) == '<p title="&#34;&gt;&lt;script&gt;"></p>'


def test_attributes_of_none_and_false_are_left_out_and_true_stands_alone():
    assert tag("div", attributes={"id": None, "hidden": True, "open": False}) == "<div hidden></div>"


def test_joining_escapes_what_stands_between():
    assert join(["a", Fragment("<br>")], " & ") == "a &amp; <br>"


def test_a_fragment_in_an_f_string_loses_its_standing():
    assert text(f"{Fragment('<b>')}") == "&lt;b&gt;"


def test_control_characters_turned_text_and_half_pairs_show_as_a_mark():
    assert cleaned("a\x00b\u202ec\ud800d\te\n") == "a�b�c�d\te\n"


def test_a_notebook_keeps_the_fragment_as_ours_with_short_words_beside_it():
    data, metadata = DisplayFormatter().format(tag("p", "three orders").named("sentence", "three orders"))
    assert data == {"text/html": "<p>three orders</p>", "text/plain": "three orders"}
    assert metadata == {"text/html": {"analysis": True, "part": "sentence"}}
