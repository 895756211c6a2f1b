"""Chapters on small evidence: hand-computed numbers, and data in which things are missing."""

from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from evallib import report
from evallib.config import read_settings
from evallib.errors import NotFound, SchemaError
from evallib.findings import Finding
from evallib.periods import FiscalPeriod
from evallib.report.document import Callout, Figure, FindingList, Heading, ItemList, Table
from evallib.report.evidence import edition_of, read_evidence
from evallib.report.sections.alignment import (
    against_chance,
    other_indicators,
    sector_ranks,
    sector_shares,
)
from evallib.report.sections.brief import problem_projects, unmet_needs
from evallib.report.sections.headline_numbers import projects_with_progress
from evallib.report.sections.impact import NoSignal
from evallib.report.sections.integration import gaps, ledger_by_sector
from evallib.report.sections.needs import councils_by_amphoe, needs_by_sector
from evallib.report.sections.progress import late_projects
from evallib.report.sections.projects import budget_ledger, ledger_by_agency, projects_by_agency
from evallib.report.sections.quality import (
    findings_of,
    limitations_of,
    quality_score_blocks,
    quality_scores_by_agency,
)
from evallib.report.sections.results import survey_numbers, wilson, with_intervals
from evallib.store import Store
from evallib.tables import conform, tables

PLACE = {"province_code": "95", "amphoe_code": "9501", "tambon_code": "950101"}
QUARTER = {"fiscal_year": 2565, "quarter": 3}
KNOWN = pd.Timestamp("2022-06-24")
UNKNOWN = "unknown agency"  # DOR is not in the register


def table(name: str, rows: list[dict[str, object]]) -> pd.DataFrame:
    accepted, findings = conform(pd.DataFrame(rows), name)
    assert findings == []
    return accepted


def project(uid: str, **values: object) -> dict[str, object]:
    row = {"project_uid": uid, "title_th": f"โครงการ {uid}", "fiscal_year": 2565, "as_of": KNOWN,
           "location_precision": 3, "sector_code": "WAT", "agency_id": "RID",
           "budget_approved": 100.0, "status": "ongoing", **PLACE}  # fmt: skip
    return row | values


def submitted(kind: str = "projects", **values: object) -> dict[str, object]:
    row = {"file": f"2565/Q3/{kind}.xlsx", "sha256": "0", "bytes": 1, "kind": kind,
           "as_of": KNOWN, "rows_read": 4, "rows_accepted": 3, "state": "read",
           **QUARTER}  # fmt: skip
    return row | values


def sent(uid: str, quarter: int, day: str, **values: object) -> dict[str, object]:
    row = project(uid, **values)
    del row["sector_code"]
    place = {"submission_id": f"S-{uid}-{quarter}", "file": f"Q{quarter}", "row": 1,
             "quarter": quarter, "as_of": pd.Timestamp(day)}  # fmt: skip
    return place | row | {"as_of": pd.Timestamp(day)}


def scored(agency: str, quarter: int = 3, **values: object) -> dict[str, object]:
    counts = ("n_files", "n_rows", "n_missing", "n_late", "n_inconsistent", "n_incorrect")
    shares = ("completeness", "timeliness", "consistency", "correctness", "overall")
    row = dict.fromkeys(counts, 1) | dict.fromkeys(shares, 1.0) | {"agency_id": agency}
    return row | QUARTER | {"quarter": quarter, "as_of": KNOWN} | values


FRAMES = {
    "project_submissions": table("project_submissions", [
        sent("P-1", 2, "2022-03-31", budget_approved=80.0),
        sent("P-1", 3, "2022-06-24"),
        sent("P-1", 4, "2022-09-30", budget_approved=999.0, status="completed"),
        sent("P-1", 3, "2022-06-24", submission_id="S-P-1-PAO", agency_id="PAO-95"),
        sent("P-2", 3, "2022-06-24", budget_approved=300.0, status="delayed",
             end_date=pd.Timestamp("2022-05-31")),
        sent("P-3", 3, "2022-06-24", budget_approved=None, agency_id="DOR", tambon_code=None,
             location_precision=4),
        sent("P-4", 3, "2022-06-24", province_code="94", amphoe_code="9401",
             tambon_code="940101"),
        sent("P-5", 3, "2021-06-24", fiscal_year=2564),
        sent("P-6", 4, "2022-09-30"),
    ]),
    "inputs": table("inputs", [submitted(agency_id="RID")]),
    "projects": table("projects", [
        project("P-1", budget_approved=999.0, status="completed"),
        project("P-6", as_of=pd.Timestamp("2022-09-30")),
        project("P-2", budget_approved=300.0, status="delayed", sector_code="ROD",
                end_date=pd.Timestamp("2022-05-31")),
        project("P-3", budget_approved=None, agency_id="DOR", tambon_code=None,
                location_precision=4),
        project("P-4", province_code="94", amphoe_code="9401", tambon_code="940101"),
        project("P-5", fiscal_year=2564),
    ]),
    "project_duplicates": table("project_duplicates", [
        {"project_uid": "P-1", "duplicate_uid": "P-9", "fiscal_year": 2565, "probability": 0.95,
         "budget_approved": 100.0, "state": "OPEN", "as_of": KNOWN},
        {"project_uid": "P-2", "duplicate_uid": "P-8", "fiscal_year": 2565, "probability": 0.95,
         "budget_approved": 300.0, "state": "REJECTED", "as_of": KNOWN},
    ]),
    "project_progress": table("project_progress", [
        {"project_uid": "P-1", "fiscal_year": 2565, "quarter": 2, "physical_pct": 10.0,
         "disbursed_cum": 5.0, "status": "ongoing", "as_of": KNOWN},
        {"project_uid": "P-1", "fiscal_year": 2565, "quarter": 3, "physical_pct": 60.0,
         "disbursed_cum": 90.0, "status": "ongoing", "as_of": KNOWN},
        {"project_uid": "P-2", "fiscal_year": 2565, "quarter": 3, "physical_pct": 20.0,
         "disbursed_cum": 30.0, "status": "delayed", "as_of": KNOWN},
        {"project_uid": "P-1", "fiscal_year": 2565, "quarter": 4, "physical_pct": 99.0,
         "disbursed_cum": 99.0, "status": "ongoing", "as_of": pd.Timestamp("2022-09-25")},
    ]),
    "needs": table("needs", [
        {"need_id": need, "need_text_th": "น้ำประปา", "sector_code": sector, "as_of": KNOWN,
         **PLACE}
        for need, sector in (("N-1", "WAT"), ("N-2", "WAT"), ("N-3", "ROD"), ("N-4", "OTH"))
    ]),
    "need_votes": table("need_votes", [
        {"need_id": need, "votes": votes, "file": "f", "as_of": KNOWN, **QUARTER}
        for need, votes in (("N-1", 50), ("N-2", 25), ("N-3", 25), ("N-4", 0))
    ]),
    "need_project_links": table("need_project_links", [
        {"need_id": "N-1", "project_uid": "P-1", "score": 0.8, "reviewer_state": "auto",
         "as_of": KNOWN},
        {"need_id": "N-3", "project_uid": "P-2", "score": 0.9, "reviewer_state": "rejected",
         "as_of": KNOWN},
    ]),
    "council_meetings": table("council_meetings", [
        {"meeting_id": "M-1", "n_public": 30, "n_women": 12, "file": "f", "as_of": KNOWN,
         **PLACE, **QUARTER},
    ]),
    "quality_scores": table("quality_scores", [
        scored("RID", completeness=0.9, timeliness=None, correctness=0.7, overall=0.85),
        scored("DOR", 2, completeness=0.5, overall=0.875),
        scored("DOR", completeness=1.0, overall=1.0),
        scored("CDD"),  # it has no project in Yala
    ]),
    "findings": table("findings", [
        {"code": "date.unreadable", "severity": "error", "where": "f | s | 1 | start",
         "value": "นายสมมติ", "as_of": KNOWN, **QUARTER},
        {"code": "header.total_differs", "severity": "warning", "where": "f | s | 9 | budget",
         "value": "1,000.00 ≠ 900.00", "as_of": KNOWN, **QUARTER},
        {"code": "date.short_year", "severity": "info", "where": "f | s", "value": "2",
         "as_of": KNOWN, **QUARTER},
    ]),
}  # fmt: skip


@pytest.fixture
def store(tmp_path: Path) -> Store:
    database = Store(tmp_path / "processed")
    database.rebuild(FRAMES, run_id="r", as_of="2022-09-30")
    return database


@pytest.fixture
def yala(store: Store) -> report.Evidence:
    return read_evidence(store, "2565-Q3", province="95", language="en")


def test_evidence_is_cut_to_scope_period_and_date_of_knowledge(yala) -> None:
    assert yala.as_of == date(2022, 6, 24)
    assert yala.projects["project_uid"].tolist() == ["P-1", "P-2", "P-3"]
    assert yala.every_project["project_uid"].tolist() == ["P-1", "P-2", "P-3", "P-5"]
    assert yala.progress.set_index("project_uid")["physical_pct"].to_dict() == {
        "P-1": 60.0, "P-2": 20.0,
    }  # fmt: skip
    assert yala.programme["project_uid"].nunique() == 5
    assert len(yala.tambons) == 58


def test_a_report_says_what_was_known_then_and_not_what_became_of_it(store) -> None:
    """The meeting lies inside the quarter: its report must not change when Q4 arrives."""
    then = read_evidence(store, "2565-Q3", province="95", as_of="2022-06-24")
    assert then.projects.set_index("project_uid")["budget_approved"].dropna().to_dict() == {
        "P-1": 100.0, "P-2": 300.0,
    }  # fmt: skip
    assert then.projects["status"].tolist() == ["ongoing", "delayed", "ongoing"]
    earlier = read_evidence(store, "2565", province="95", as_of="2022-09-30")
    assert earlier.projects.set_index("project_uid")["budget_approved"]["P-1"] == 999.0
    assert "P-6" in set(earlier.projects["project_uid"])


def test_the_period_before_is_as_it_was_reported_and_not_as_known_since(store) -> None:
    inputs = table("inputs", [
        submitted(), submitted(file="2565/Q2/p.xlsx", quarter=2, as_of=pd.Timestamp("2022-03-31")),
    ])  # fmt: skip
    store.rebuild(FRAMES | {"inputs": inputs}, run_id="two", as_of="2022-09-30")
    now = read_evidence(store, "2565-Q3", province="95")
    before = now.before()
    assert before is not None
    assert before.as_of == date(2022, 4, 25)
    assert before.projects["project_uid"].tolist() == ["P-1"]
    assert before.projects["budget_approved"].tolist() == [80.0]
    assert read_evidence(store, "2565-Q2", province="95", as_of="2022-03-31").before() is None


def test_ballots_stay_whole_so_that_persistent_needs_keep_their_weight(store) -> None:
    ballots = table("need_votes", [
        {"need_id": need, "votes": votes, "fiscal_year": 2565, "quarter": quarter, "file": "f",
         "as_of": KNOWN}
        for quarter, need, votes in ((2, "N-1", 90), (2, "N-2", 10), (3, "N-1", 50), (3, "N-3", 50))
    ])  # fmt: skip
    store.rebuild(FRAMES | {"need_votes": ballots}, run_id="b", as_of="2022-09-30")
    evidence = read_evidence(store, "2565-Q3", province="95")
    weights = needs_by_sector(evidence)["weight"].tolist()
    # quarter 2: N-1 .90, N-2 .10; quarter 3: N-1 .50, N-3 .50; mean: WAT .75, ROD .25
    assert sorted(weights) == pytest.approx([0.25, 0.75])


def test_what_became_known_later_is_not_in_an_earlier_report(store) -> None:
    with pytest.raises(NotFound, match="2565-Q3"):
        read_evidence(store, "2565-Q3", province="95", as_of="2022-06-23")


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        ({"province": "99"}, NotFound, "99"),
        ({"language": "fr"}, SchemaError, "th or en"),
        ({"as_of": "24 June"}, SchemaError, "a date such as 2022-06-24"),
    ],
)
def test_wrong_parameters_are_refused(store, call, error, message) -> None:
    with pytest.raises(error, match=message):
        read_evidence(store, "2565-Q3", **call)


def test_a_period_without_data_and_a_folder_without_store_are_named(store, tmp_path) -> None:
    with pytest.raises(NotFound, match="2560-Q1"):
        read_evidence(store, "2560-Q1")
    with pytest.raises(NotFound, match="nowhere"):
        read_evidence("nowhere/at/all", "2565-Q3")


def test_a_store_is_found_from_the_folder_of_the_notebooks(store, monkeypatch) -> None:
    notebooks = store.path.parent / "notebooks"
    notebooks.mkdir()
    monkeypatch.chdir(notebooks)
    assert len(read_evidence("processed", "2565-Q3", province=95).projects) == 3


def test_an_edition_is_final_from_the_day_submissions_are_due() -> None:
    quarter = FiscalPeriod.parse("2565-Q3")
    assert edition_of(quarter, date(2022, 7, 24)) == "preliminary"
    assert edition_of(quarter, date(2022, 7, 25)) == "final"


def test_each_baht_is_counted_once(yala) -> None:
    assert budget_ledger(yala) == {"reported": 500.0, "duplicates": 100.0, "unique": 400.0}
    ledger = ledger_by_agency(yala).set_index("agency_id")
    steps = ["reported", "repeated", "duplicated", "contained", "unique_baht"]
    assert ledger.loc["RID", steps].tolist() == [480.0, 80.0, 0.0, 0.0, 400.0]
    assert ledger.loc["PAO-95", steps].tolist() == [100.0, 0.0, 100.0, 0.0, 0.0]
    assert ledger.loc["DOR", "agency"] == UNKNOWN
    by_agency = projects_by_agency(yala)
    assert by_agency["budget"].tolist() == [400.0, 0.0, 400.0]
    assert by_agency["n_projects"].tolist() == [2, 1, 3]
    assert by_agency.loc[0, "disbursed_share"] == pytest.approx(120 / 400)
    assert by_agency.loc[0, "physical_share"] == pytest.approx((0.6 * 100 + 0.2 * 300) / 400)
    assert pd.isna(by_agency.loc[1, "disbursed_share"])


def test_the_gap_is_money_less_work_in_points(yala) -> None:
    work = projects_with_progress(yala).set_index("project_uid")
    assert work["gap"].dropna().to_dict() == pytest.approx({"P-1": 30.0, "P-2": -10.0})


def test_problems_are_delayed_or_paid_far_ahead_largest_first(yala) -> None:
    assert problem_projects(yala)["project"].tolist() == ["โครงการ P-2", "โครงการ P-1"]
    late = late_projects(yala, projects_with_progress(yala))
    assert late["project"].tolist() == ["โครงการ P-2"]


def test_an_unmet_need_has_no_accepted_link_and_is_told_by_sector_only(yala) -> None:
    unmet = unmet_needs(yala)
    assert unmet["needs"].tolist() == [1, 2]
    assert unmet["share"].tolist() == [1.0, 0.5]
    assert "น้ำประปา" not in unmet.to_string()


def test_needs_weigh_by_votes_and_councils_count_tambons(yala) -> None:
    by_sector = needs_by_sector(yala).set_index("sector")
    assert by_sector["weight"].sum() == pytest.approx(1)
    assert by_sector["weight"].max() == pytest.approx(0.75)
    councils = councils_by_amphoe(yala)
    assert councils.iloc[-1][["tambons", "met", "needs"]].tolist() == [58, 1, 4]


def test_what_somebody_wrote_in_a_cell_is_not_repeated(yala) -> None:
    shown = {finding.code: finding.value for finding in findings_of(yala)}
    assert shown == {"date.unreadable": "…", "header.total_differs": "1,000.00 ≠ 900.00"}


def test_limitations_follow_from_the_data(yala) -> None:
    sentences = " ".join(limitations_of(yala, report.impact_signal(yala)))
    for words in ("preliminary", "1 project is not located", "25 % of needs fit no sector",
                  "No impact could be estimated", "1 project has no budget"):  # fmt: skip
        assert words in sentences, words
    assert "synthetic" not in sentences


def test_a_misspelt_programme_is_told_with_those_that_there_are(store) -> None:
    outcomes = table("indicators", [
        {"indicator_id": "income", "value": 1.0, "file": "f", "as_of": KNOWN, **PLACE, **QUARTER}
    ])  # fmt: skip
    projects = FRAMES["projects"].assign(plan_source="แผนงานตำบล")
    store.rebuild(FRAMES | {"indicators": outcomes, "projects": projects}, run_id="o",
                  as_of="2022-09-30")  # fmt: skip
    e = read_evidence(store, "2565-Q3", settings=read_settings(treatment="แผนงานตำบน"))
    told = report.impact_signal(replace(e, programme=projects))
    assert isinstance(told, NoSignal)
    assert told.reason.code == "impact.unknown_programme"
    assert "แผนงานตำบน (~ แผนงานตำบล)" in told.reason.message("th")
    known = replace(e, settings=read_settings(treatment="แผนงานตำบล"))
    for programme in (projects, projects.head(0)):  # begun without periods before, not begun yet
        told = report.impact_signal(replace(known, programme=programme))
        assert isinstance(told, NoSignal)
        assert told.reason.code == "impact.no_periods_before"


def test_periods_and_days_are_read_as_people_write_them(store) -> None:
    plain = read_evidence(store, "2565-Q3", as_of="2022-06-30")
    for period, day in (("Q3/65", "30/6/2565"), ("ไตรมาส 3/2565", date(2022, 6, 30)),
                        (FiscalPeriod(2565, 3), "๓๐ มิ.ย. ๒๕๖๕")):  # fmt: skip
        again = read_evidence(store, period, as_of=day)
        assert (again.period, again.as_of) == (plain.period, plain.as_of)
    with pytest.raises(SchemaError, match="24/6/2565"):
        read_evidence(store, "2565-Q3", as_of="06/24/2565")


def test_synthetic_data_are_said_to_be_so(store) -> None:
    marked = FRAMES | {"inputs": table("inputs", [submitted(synthetic=True)])}
    store.rebuild(marked, run_id="s", as_of="2022-09-30")
    evidence = read_evidence(store, "2565-Q3", province="95")
    warnings = [b for b in report.cover_section(evidence) if isinstance(b, Callout)]
    assert len(warnings) == 1
    assert any("สังเคราะห์" in sentence for sentence in limitations_of(evidence, NoSignal(None)))


@pytest.mark.parametrize(
    ("kept", "language"),
    [((), "th"), (("projects",), "en"), (("needs", "need_votes"), "th"), (tuple(FRAMES), "en")],
)
def test_every_chapter_stands_whatever_is_missing(store, kept, language) -> None:
    frames = {name: FRAMES[name] for name in (*kept, "inputs")}
    store.rebuild(frames, run_id="part", as_of="2022-09-30")
    for period in ("2565-Q3", "2565"):
        e = read_evidence(store, period, province="95", language=language)
        alignment, signal = report.alignment_of(e), report.impact_signal(e)
        blocks = [
            *report.cover_section(e),
            *report.brief_section(e, alignment, report.headline(e, alignment)),
            *report.projects_section(e),
            *report.needs_section(e),
            *report.alignment_section(e, alignment),
            *report.progress_section(e),
            *report.integration_section(e),
            *report.results_section(e),
            *report.impact_section(e, signal),
            *report.quality_section(e),
            *report.limitations_section(e, signal),
            *report.provenance_section(e),
        ]
        chapters = [b.number for b in blocks if isinstance(b, Heading) and b.level == 1]
        assert chapters == [str(number) for number in range(1, 12)]
        assert {block.language for block in blocks} == {language}
        page = report.render_html(blocks, language=language, title="t", meta={})
        assert page.count("<figure") == sum(isinstance(block, Figure) for block in blocks) >= 6
        assert report.effects_frame(e, signal).empty
    assert {type(block) for block in blocks} >= {Table, FindingList, ItemList}
    assert set(tables()) >= set(frames)


def test_a_chapter_that_is_run_again_keeps_its_number(yala) -> None:
    def number(blocks: list[report.Block]) -> str:
        return blocks[0].number

    assert [number(report.needs_section(yala)), number(report.progress_section(yala))] == ["1", "2"]
    assert number(report.needs_section(yala)) == "1"
    assert number(report.integration_section(yala, number=7)) == "7"  # as older notebooks do
    assert number(report.needs_section(replace(yala, language="th"))) == "1"
    assert number(report.results_section(yala)) == "8"


def surveyed(store, people):
    """Return the evidence of a quarter in which these people answered."""
    rows = [
        {"resp_key": f"R{i}", "as_of": KNOWN, "satisfaction": 3, "trust_process": 4,
         "age_band": "15–24", "aware": 1, **PLACE, **QUARTER, **person}
        for i, person in enumerate(people)
    ]  # fmt: skip
    store.rebuild(FRAMES | {"beneficiary_survey": table("beneficiary_survey", rows)},
                  run_id="q", as_of="2022-09-30")  # fmt: skip
    return read_evidence(store, "2565-Q3", province="95", language="en")


def test_shares_of_a_survey_pass_the_gate_and_carry_wilson_intervals(store) -> None:
    ages = ["15–24"] * 40 + ["25–39"] * 60 + ["60+"] * 3
    evidence = surveyed(
        store, [{"age_band": a, "aware": int(i % 4 > 0)} for i, a in enumerate(ages)]
    )
    shown = survey_numbers(evidence).table("age_band", measures=["aware"])
    assert shown.frame["n"].tolist()[2:] in (["≤ 10", "≤ 10"], ["≤ 10", "10"], ["10", "≤ 10"],
                                             ["10", "10"])  # fmt: skip
    assert shown.frame["aware"].tolist()[2:] == ["–", "–"]
    drawn = with_intervals(shown.numbers, "aware")
    assert drawn["group"].tolist() == ["15–24", "25–39"]
    assert (drawn["n"] % 10 == 0).all()
    assert ((drawn["ci_low"] < 0.75) & (drawn["ci_high"] > 0.75)).all()
    # Wilson (1927) for 45 of 60, from the formula by hand
    low, high = wilson(pd.Series([0.75]), pd.Series([60]))
    assert (low[0], high[0]) == pytest.approx((0.627679, 0.842228), abs=1e-5)


def test_all_survey_tables_stand_on_the_same_people(store) -> None:
    """Else the difference of two bases tells how few left a question open."""
    people = [
        {"age_band": "15–24" if i % 2 else "25–39", "aware": int(i % 3 > 0),
         "satisfaction": None if i == 7 else 1 + i % 5, "trust_process": None if i == 8 else 2}
        for i in range(80)
    ]  # fmt: skip
    shown = [b for b in report.results_section(surveyed(store, people)) if isinstance(b, Table)]
    totals = {block.frame["n"].tolist()[-1] for block in shown}
    assert len(shown) == 2
    assert totals < {"70", "80"}


def test_a_form_from_an_amphoe_outside_of_the_scope_stops_no_report(store) -> None:
    inside = surveyed(store, [{"aware": i % 2} for i in range(80)])
    stray = inside.survey.assign(amphoe_code="9599", form="e" * 64).head(1)
    outside = replace(inside, survey=pd.concat([inside.survey, stray]))
    tables = [[b.frame for b in report.results_section(e) if isinstance(b, Table)]
              for e in (inside, outside)]  # fmt: skip
    for one, other in zip(*tables, strict=True):
        pd.testing.assert_frame_equal(one, other)
    found = [report.alignment_of(e, draws=0) for e in (inside, outside)]
    assert len(found[0]) == len(found[1])


def test_forms_that_came_late_wait_and_the_report_says_so(store) -> None:
    people = [{"aware": i % 2, "as_of": "2022-06-20"} for i in range(40)]
    before = surveyed(store, people)
    late = surveyed(store, [*people, {"aware": 1, "as_of": KNOWN}])
    assert (before.waiting, late.waiting, len(late.survey)) == (0, 1, 40)
    first, second = (report.results_section(e) for e in (before, late))
    assert "not counted yet" not in first[1].text
    assert "(no more than 10) are not counted yet" in second[1].text
    pages = [report.render_html(blocks[2:], language="en", title="t", meta={})
             for blocks in (first, second)]  # fmt: skip
    assert pages[0] == pages[1]


def test_the_page_of_a_finding_list_has_no_letters_from_cells(yala) -> None:
    blocks = report.quality_section(yala)
    page = report.render_html(blocks, language="en", title="t", meta={})
    assert "สมมติ" not in page
    assert Finding("date.unreadable", "error").message("en").split(":")[0] in page


def test_scores_of_quality_are_those_of_agencies_in_scope_the_lowest_first(yala, store) -> None:
    table = quality_scores_by_agency(yala)
    assert table["agency"].tolist() == ["Royal Irrigation Department", UNKNOWN]
    assert table["overall"].tolist() == [0.85, 1.0]
    assert table["timeliness"].isna().tolist() == [True, False]
    year = quality_scores_by_agency(read_evidence(store, "2565", language="en"))
    roads = year[year["agency"] == UNKNOWN].iloc[0]
    assert (roads["overall"], roads["completeness"], roads["reports"]) == (0.9375, 0.75, 2)


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_chapter_on_quality_shows_scores_in_both_languages(store, language) -> None:
    e = read_evidence(store, "2565-Q3", province="95", language=language)
    blocks = quality_score_blocks(e)
    figure = next(b for b in blocks if isinstance(b, Figure))
    page = report.render_html(report.quality_section(e), language=language, title="t", meta={})
    for said in ("85.0", "–", e.word("quality.timeliness")):
        assert said in page
    assert figure.alt.endswith("100")
    assert " 85, " in figure.alt


def test_without_scores_the_chapter_on_quality_says_nothing_of_them(tmp_path) -> None:
    database = Store(tmp_path / "processed")
    frames = {name: frame for name, frame in FRAMES.items() if name != "quality_scores"}
    database.rebuild(frames, run_id="r", as_of="2022-09-30")
    assert quality_score_blocks(read_evidence(database, "2565-Q3", province="95")) == []


def test_integration_shows_overlaps_gaps_and_a_ledger_that_sums(store) -> None:
    e = read_evidence(store, "2565-Q3", province="95", language="en")
    by_sector = ledger_by_sector(e)
    by_agency = ledger_by_agency(e)
    for name in ("reported", "repeated", "duplicated", "contained", "unique_baht"):
        assert by_sector[name].iloc[-1] == pytest.approx(by_agency[name].sum(), abs=0.005)
        assert by_sector[name].iloc[:-1].sum() == pytest.approx(by_sector[name].iloc[-1])
    assert by_sector["sector"].iloc[-1] == "total"
    found = gaps(e)
    assert (found["without_agency"] <= found["first_needs"]).all()
    assert found["first_needs"].sum() <= 3 * len(e.tambons)
    blocks = report.integration_section(e)
    assert [type(block).__name__ for block in blocks] == [
        "Heading", "Prose", "Table", "Table", "Table",
    ]  # fmt: skip
    assert "cannot tell how complete" in blocks[1].text


def test_alignment_of_a_province_has_every_indicator_with_a_value_or_a_reason(store) -> None:
    e = read_evidence(store, "2565-Q3", province="95", language="en")
    found = report.alignment_of(e, draws=50)
    names = {name.partition(".")[0] for name in found["indicator"]}
    assert names == {f"A{i}" for i in range(1, 21)}
    assert (found["value"].notna() | found["note"].ne("")).all()
    here = found[found["scope"] == "95"].set_index("indicator", drop=False)
    shown = other_indicators(e, here).set_index("indicator")["value"]
    assert shown.str.len().gt(0).all()
    assert shown["A13"].endswith("%")
    assert against_chance(e, here).startswith(("Too few", "Budgets are"))


def test_ranks_of_sectors_rest_on_enough_people_and_leave_officials_out(store) -> None:
    named = ["WAT"] * 43 + ["ROD"] * 24 + ["AGR"] * 2 + ["HEA"] * 60
    e = surveyed(store, [{"need_rank_1": code, "official_present": int(code == "HEA")}
                         for code in named])  # fmt: skip
    ranks = sector_ranks(e).set_index("sector")["survey"].dropna()
    assert "Health" not in ranks.index
    assert ranks.filter(like="Water").tolist() == [1.0]
    assert ranks.filter(like="Road").tolist() == [2.0]
    shares = sector_shares(e)
    assert shares[["need", "budget"]].sum().tolist() == pytest.approx([1.0, 1.0])
