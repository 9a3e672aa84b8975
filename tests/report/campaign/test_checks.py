from analysis.inference import comparison_checks
from analysis.report.campaign import checks as page_checks
from analysis.report.campaign import few_ways


def test_the_title_counts_where_all_hold_and_where_one_fails(checks):
    assert (
        page_checks.title(checks) == "All checks hold in none of two campaigns without a lot; at least one fails in one"
    )
    first = checks[checks["campaign_id"] == "1"].assign(state="holds")
    assert page_checks.title(first) == "All checks hold in one of one campaign without a lot; none fails"


def test_the_lead_names_what_fails_where(checks):
    _, failed = page_checks.leads(checks)
    assert failed == "What fails: products not offered in campaign 2."
    assert len(page_checks.leads(checks.assign(state="holds"))) == 1


def test_every_check_and_every_state_of_the_wording_is_known_here():
    assert tuple(page_checks.MEANING) == comparison_checks.CHECKS
    assert (page_checks.HOLDS, page_checks.FAILS, page_checks.COARSE, page_checks.UNKNOWN) == (
        comparison_checks.HOLDS, comparison_checks.FAILS, comparison_checks.COARSE, comparison_checks.UNKNOWN,
    )  # fmt: skip


def test_the_section_counts_the_campaigns_in_each_state_and_says_when_a_check_holds(checks):
    table = page_checks.counted(checks)
    assert table.columns.tolist() == ["check", "holds", "fails", "too coarse", "not known", "meaning"]
    assert table.set_index("check").loc["weeks before"].tolist()[:4] == [1, 0, 0, 1]
    literal = {name: (own["state"] == "holds").sum() for name, own in checks.groupby("check")}
    assert table.set_index("check")["holds"].to_dict() == literal
    assert table["meaning"].tolist() == [page_checks.MEANING[name] for name in table["check"]]
    assert "fails" not in page_checks.counted(checks.assign(state="holds"))  # a state that does not occur has no column


def test_the_section_is_the_same_in_any_order_of_rows(checks):
    shown = page_checks.section(checks)
    assert shown == page_checks.section(checks.sample(frac=1, random_state=1))
    assert "Too coarse" in shown and "campaign_checks.csv" in shown
    assert "No campaign without a lot" in page_checks.section(None)


def test_sentences_that_speak_of_few_are_not_shown(checks, methods, results):
    counted = checks.assign(said=checks["said"].where(checks["check"] != "balance", "3 of 40"))
    shown = few_ways.methods(methods, results, smallest=5)
    found = few_ways.checks(counted, results, shown, smallest=5)
    hidden = found[found["said"] == few_ways.UNSAID]
    assert set(hidden["check"]) == {"balance", "overlap"} and len(hidden) == 4  # overlap, because the counts stay blank
    assert few_ways.checks(counted, results, shown, smallest=0) is counted
