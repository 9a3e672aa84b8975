"""Lists of pages link what was made and only name what was not."""

from analysis.report.links import PageLink, link_section


def test_a_page_that_was_made_is_linked_and_one_that_was_not_is_only_named():
    listed = str(
        link_section(
            "reports",
            "The reports",
            [PageLink("Loyalty", "loyalty.html", "Stay."), PageLink("Campaigns", "", "failed")],
        )
    )
    assert '<a href="loyalty.html">Loyalty</a>' in listed
    assert "<b>Campaigns</b>" in listed and listed.count("href") == 1


def test_a_message_from_a_notebook_shows_as_text():
    listed = str(
        link_section("failed", "What failed", [PageLink("Design", "", "KeyError: '<script>alert(1)</script>'")])
    )
    assert "<script>" not in listed and "&lt;script&gt;alert(1)" in listed
