import pytest

from analysis.report import figures
from analysis.report.campaign import around as before_after
from analysis.report.campaign import few

WHO = {"customer": "household", "customers": "households", "currency": "USD"}


def test_weeks_whose_band_leaves_zero_out_are_counted_before_and_after(around):
    assert before_after.outside(around) == (2, 4, 1, 4)
    slow = [(row.week < 0, row.band_low > 0 or row.band_high < 0) for row in around.itertuples()]
    assert before_after.outside(around) == (
        sum(b and c for b, c in slow), sum(b for b, _ in slow), sum(c and not b for b, c in slow), sum(not b for b, _ in slow),
    )  # fmt: skip


def test_the_lead_names_where_weeks_come_together_and_warns_of_a_gap_before(around):
    lead = before_after.lead(around)
    assert "leaves zero out in two of 4 weeks" in lead and "from then on, in one of 4" in lead
    assert "Campaign 2 has two before and one after." in lead and "differs before is not the campaign's" in lead
    quiet = before_after.lead(around[around["campaign_id"] == "1"])
    assert "none of 2" in quiet and "Campaign" not in quiet and "differs" not in quiet


@pytest.mark.parametrize(
    ("verdict", "words"),
    [
        ("cannot tell", "Week by week, no clear step shows at the start of the biggest campaigns"),
        ("consistent with a gain", "Campaign 2 has a step at the start that stands the comparison"),
        ("not causal", "Week by week, no clear step shows at the start of the biggest campaigns"),
    ],
)
def test_a_step_is_named_only_where_the_estimate_stands(around, results, verdict, words):
    changed = results.assign(verdict=results["verdict"].where(results["campaign_id"] != "2", verdict))
    assert before_after.title(around, changed) == words


@pytest.mark.parametrize(
    ("verdict", "why"),
    [("not causal", "the groups already changed differently before, in the check on the weeks before"),
     ("cannot tell", "not every check holds, or it does not stand among all campaigns"), ("cannot tell yet", "the campaign still runs")],
)  # fmt: skip
def test_a_step_that_shows_is_not_denied_and_what_is_against_it_is_said(around, results, verdict, why):
    stepped = around.assign(**{name: around[name].mask((around["campaign_id"] == "2") & (around["week"] < 0), other)
                               for name, other in (("band_low", -1.0), ("band_high", 1.0))})  # fmt: skip
    changed = results.assign(verdict=results["verdict"].where(results["campaign_id"] != "2", verdict))
    sloped = stepped.assign(
        band_low=stepped["band_low"].mask((stepped["campaign_id"] == "2") & (stepped["week"] == -1), 0.5)
    )
    assert "no clear step" in before_after.title(sloped, changed)  # half of the weeks before
    assert before_after.title(stepped, changed) == f"Campaign 2 shows a step at its start that is no proof: {why}"


def test_one_campaign_is_named_and_no_results_claim_no_step(around):
    alone = around[around["campaign_id"] == "2"]
    assert before_after.title(alone, None) == "Week by week, no clear step shows when campaign 2 starts"


def test_a_panel_for_each_campaign_on_one_scale(around):
    figure = figures.draw_on(lambda ax: before_after.draw(around, ax), width=figures.WIDE, height=3)
    assert [ax.get_title(loc="left") for ax in figure.axes] == ["2 · Type A", "1 · Type B"]
    assert len({ax.get_ylim() for ax in figure.axes}) == 1


def test_without_weeks_the_section_says_so(around, results):
    for none in (None, around.head(0)):
        assert "eight weeks" in before_after.section(none, results, **WHO)
    shown = before_after.section(around, results, **WHO)
    sizes = "n contacted and comparable = 90 and 200 (campaign 2, 10 contacted left out) and 90 and 200 (campaign 1)"
    assert sizes in shown or sizes in " ".join(shown.split())


def test_how_many_were_left_out_is_not_said_where_it_could_give_a_few(around, results):
    kept = few.around(around.assign(contacted=900, comparable=900), smallest=5)
    assert kept["contacted_left_out"].isna().all() and len(kept) == len(around)
    assert "left out" not in before_after.section(kept, results, smallest=5, **WHO)


def test_the_section_does_not_depend_on_the_order_of_rows(around, results):
    one = before_after.section(around, results, **WHO)
    assert before_after.section(around.sample(frac=1, random_state=1), results, **WHO) == one


def test_the_table_has_a_row_per_campaign_with_its_largest_difference(around):
    first, second = before_after.listed(around, still=frozenset({"1"})).itertuples(index=False)
    assert first == ("2", 90, 200, "2 of 2", "1 of 2", "+5.0 (+2.0 to +8.0) in week −2")
    assert (second.campaign, second.before, second.after) == ("1 · still runs", "0 of 2", "0 of 2")
