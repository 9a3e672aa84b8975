import pytest

from analysis.report import figures
from analysis.report.campaign import worth
from analysis.report.campaign.phrases import Verdicts

WHO = {"customer": "household", "customers": "households", "currency": "USD"}


@pytest.mark.parametrize(
    ("found", "words"),
    [
        (Verdicts(0, 0, 0, 0, 0, 0), "No campaign has begun in these data"),
        (Verdicts(4, 0, 0, 0, 0, 0), "No campaign can be compared, so what they changed is not known"),
        (Verdicts(4, 1, 0, 1, 0, 0), "The one campaign that can be compared shows no clear change of spend"),
        (Verdicts(4, 3, 0, 2, 1, 0), "Not one of the three campaigns compared shows a clear change of spend"),
        (Verdicts(27, 20, 1, 19, 0, 0), "Of 20 campaigns compared, one is consistent with more spend"),
        (Verdicts(11, 7, 0, 6, 0, 0, 1), "Of seven campaigns compared, one caused more spend"),
        (Verdicts(11, 7, 0, 6, 0, 0, 0, 1), "Of seven campaigns compared, one caused less spend"),
        (Verdicts(11, 7, 2, 3, 0, 0, 1, 1), "Of seven campaigns compared, one caused more spend, one caused less spend "
         "and two are consistent with more spend"),
    ],
)  # fmt: skip
def test_the_title_says_what_the_verdicts_say_and_caused_only_of_lots(found, words):
    assert worth.title(found) == words


def test_the_lead_names_the_biggest_campaign_its_interval_and_the_number_of_comparisons(results):
    first, chance = worth.leads(results, **WHO)
    assert "In campaign 2, the biggest" in first and "between 3.4 USD less and 6.8 USD more" in first
    assert (
        "(n = 90)" in first
        and "No change lies inside this range." in first
        and "One of 3 campaigns cannot be compared" in first
    )
    assert chance.startswith("Of two comparisons about one in twenty")


def test_an_interval_without_zero_is_not_called_unclear(results):
    clear = results.assign(low=results["low"].abs())
    assert "No change" not in worth.leads(clear, **WHO)[0]
    runs = clear.assign(closed=False, verdict="cannot tell yet")
    assert worth.leads(runs, **WHO)[0].startswith("In campaign 2 (which still runs), the biggest")
    assert "It still runs, so that decides nothing yet." in worth.leads(runs, **WHO)[0]
    assert "decides nothing yet" not in worth.leads(clear, **WHO)[0]
    assert worth.verdicts(runs)[:4] == (3, 2, 0, 0)  # two compared, neither a gain nor a loss


def test_one_comparison_is_called_one(results):
    assert worth.leads(results[results["campaign_id"] != "1"].assign(tested=1), **WHO)[-1].startswith(
        "One comparison in twenty"
    )


def test_the_table_lists_every_campaign_with_its_reason_and_those_without_estimate_last(results):
    assert worth.listed(results.iloc[::-1])["campaign_id"].tolist() == ["2", "1", "3"]
    shown = worth.section(results, period="2017", **WHO)
    assert all(f"why {campaign}" in shown for campaign in "123")


def test_campaigns_without_a_check_step_back_and_say_so(results):
    table = results[results["effect_per_week"].notna()]
    labels = [worth._label(row) for row in table.itertuples()]
    assert labels == ["1 · Type A · n = 10 · no check", "2 · Type A · n = 90"]
    figure = figures.draw_on(lambda ax: worth.draw(table, ax, currency="USD"), width=figures.WIDE, height=3)
    dots = [line for line in figure.axes[0].lines if line.get_marker() == "o"]
    assert dots[0].get_color() != dots[1].get_color()


def test_only_words_that_occur_are_explained():
    assert "No check" not in worth.how_to_read(Verdicts(3, 3, 0, 3, 0, 0))
    assert "Check failed" in worth.how_to_read(Verdicts(3, 3, 0, 2, 1, 0))
    assert "Check failed" not in worth.how_to_read(Verdicts(3, 3, 1, 2, 0, 0))
    everything = worth.how_to_read(Verdicts(9, 9, 1, 1, 1, 1))
    assert all(word in everything for word in ("No check", "Check failed", "Gain"))


def test_without_an_estimate_the_section_says_what_it_needs(results):
    shown = worth.section(results[results["verdict"] == "no estimate"], period="2017", **WHO)
    assert "One campaign began" in shown and "<svg" not in shown
    assert "No campaign" in worth.section(None, period="2017", **WHO)


def test_with_lots_the_lead_names_the_held_out_and_counts_what_sent_nothing(by_lot):
    first, chance = worth.leads(by_lot, **WHO)
    assert "at least 0.5 USD more than that of households held out by lot (n = 100 treated, 10 held out)." in first
    assert "Three of 6 campaigns cannot be compared" in first  # 3 began too early, 5 is torn, 6 went to everyone
    assert chance.startswith("Of three comparisons (one of campaigns that sent nothing)")
    assert worth.title(worth.verdicts(by_lot)) == "Of two campaigns compared, one caused more spend"


def test_a_campaign_that_sent_nothing_is_in_the_table_and_not_in_the_figure(by_lot):
    shown = worth.section(by_lot, period="2017", **WHO)
    assert "nothing found" in shown and "4 · A/A" not in shown
    assert "2 · Type A · n = 100 · lot · caused a gain · no limit" in [worth._label(row) for row in
        worth.estimated(by_lot).assign(endless=True).itertuples()]  # fmt: skip
    assert "no limit" in shown and "inf" not in shown.split("<table")[1].split("</table")[0]


def test_only_estimates_that_are_printed_are_remarked_on(results, by_lot):
    assert worth.estimates(results) == worth.OF_COMPARISONS
    assert worth.estimates(by_lot[by_lot["method"] == "lot"]) == worth.OF_LOTS
    assert worth.estimates(by_lot) == (*worth.OF_LOTS, *worth.OF_COMPARISONS)
