import pandas as pd
import pytest

from analysis.report import figures
from analysis.report.campaign import few_ways, ways

WHO = {"customer": "household", "customers": "households", "currency": "USD"}


def test_the_title_counts_what_each_way_would_call_a_gain(methods):
    assert (
        ways.title(methods) == "Plainly compared, two of two campaigns look like a gain; against comparable ones, none"
    )
    one = methods.assign(
        low=methods["low"].mask((methods["campaign_id"] == "1") & (methods["method"] == "naive"), -1.0)
    )
    assert ways.title(one).startswith("Plainly compared, one of two campaigns looks like a gain;")
    ours = methods.assign(
        low=methods["low"].mask((methods["campaign_id"] == "2") & (methods["method"] != "naive"), 0.5)
    )
    assert ways.title(ours).endswith("against comparable ones, one by differences, one doubly robust")
    alone = methods[methods["campaign_id"] == "2"]
    assert ways.title(alone) == "Plainly compared, campaign 2 looks like a gain; it does not against comparable ones"
    assert ways.clear(methods.assign(high=-1.0), "naive") == (2, 2) and ways.clear(methods, "doubly robust") == (0, 0)


def test_the_lead_gives_the_three_numbers_of_the_biggest_and_whom_one_of_them_cuts(methods):
    first, whom = ways.leads(methods, **WHO)
    assert "In campaign 2, the biggest" in first and "naive +21.5 (+15.0 to +28.0)" in first
    assert "difference in differences +1.5 (−3.4 to +6.8); doubly robust +1.0 (−4.0 to +6.0)." in first
    assert whom == (
        "Each way is about the contacted whom it can compare. Of 100 contacted households, difference in differences is about 90 and "
        "leaves out 10 without comparable households; doubly robust is about 96 and leaves out 4 nearly sure to be contacted. The "
        "comparable ones that remain for the last are worth 120 of equal weight."
    )
    everyone = methods.assign(contacted_left_out=0)
    assert len(ways.leads(everyone, **WHO)) == 1  # nobody is left out: nothing to say
    unsaid = methods.assign(contacted_left_out=methods["contacted_left_out"].where(methods["method"] == "naive"))
    assert len(ways.leads(unsaid, **WHO)) == 1


def test_without_a_doubly_robust_estimate_the_lead_says_why(methods):
    robust = methods["method"] == "doubly robust"
    blank = methods.assign(
        effect_per_week=methods["effect_per_week"].mask(robust),
        comparable_effective=methods["comparable_effective"].mask(robust),
    )
    said = " ".join(ways.leads(blank, **WHO))
    assert "doubly robust +" not in said and "nan" not in said and "not known" not in said
    assert said.endswith(
        "; so many were nearly sure to be contacted that too few are left for a doubly robust estimate."
    )


def test_the_section_holds_every_row_in_one_order(methods):
    shown = ways.section(methods, **WHO)
    assert shown == ways.section(methods.sample(frac=1, random_state=3), **WHO)
    assert ways.in_order(methods)["campaign_id"].tolist() == ["2"] * 3 + ["1"] * 3
    figure = figures.draw_on(
        lambda ax: ways.draw(ways.in_order(methods), ax, currency="USD"), width=figures.WIDE, height=3
    )
    dots = {line.get_marker() for line in figure.axes[0].lines if line.get_marker() not in ("", "None", None)}
    assert {"o", "D", "s"} <= dots


@pytest.mark.parametrize("none", [None, "empty"])
def test_without_a_comparison_the_section_says_so(methods, none):
    assert "No campaign without a lot" in ways.section(None if none is None else methods.head(0), **WHO)


def test_counts_that_would_give_few_stay_blank(methods, results):
    shown = few_ways.methods(methods, results, smallest=5).set_index(["campaign_id", "method"])
    ours = "difference in differences"
    # campaign 1: 12 and 10 contacted give two left out; campaign 2: four were cut
    for name in "12":
        assert shown.loc[name, "contacted"].notna().to_dict() == {"naive": False, ours: True, "doubly robust": False}
        assert shown.loc[name, "contacted_left_out"].isna().all()
    assert shown.loc["2", "comparable"].tolist() == [300, 200, 290]  # ten apart is not few
    public = few_ways.methods(methods, results, smallest=0)
    assert public is methods
    blank = results.assign(effect_per_week=results["effect_per_week"].where(results["campaign_id"] != "1"))
    assert few_ways.methods(methods, blank, smallest=5)["campaign_id"].unique().tolist() == ["2"]
    assert "n = " in ways.section(shown.reset_index(), **WHO)


def test_the_table_has_the_campaigns_of_the_figure_and_says_which_still_run(methods):
    table = ways.listed(ways.in_order(methods), still=frozenset({"1"}))
    assert (
        table["campaign_id"].unique().tolist() == ["2", "1 · still runs"]
        and table["change"].iloc[0] == "+21.5 (+15.0 to +28.0)"
    )
    many = pd.concat(
        [methods[methods["campaign_id"] == "2"].assign(campaign_id=f"{n:02d}", contacted=n) for n in range(10, 19)]
    )
    assert ways.listed(ways.in_order(many))["campaign_id"].unique().tolist() == [str(n) for n in range(18, 12, -1)]
