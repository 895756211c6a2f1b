"""Planning: which jobs a call means, and wrong calls refused before any kernel starts."""

from dataclasses import replace
from datetime import date

import pytest

from evallib.errors import NotFound, SchemaError
from evallib.periods import FiscalPeriod
from evallib.runner.batch.plan import check_parameters, declared_parameters, plan_jobs

AVAILABLE = {
    FiscalPeriod.parse("2564-Q4"): date(2021, 9, 30),
    FiscalPeriod.parse("2565-Q1"): date(2021, 12, 31),
    FiscalPeriod.parse("2565-Q2"): date(2022, 3, 31),
}
ANNUAL = 'period = "2565"\nas_of = ""\nlanguage = "th"\nstore = ""\n'


@pytest.fixture
def both(notebook):
    notebook()
    notebook(name="annual_report", parameters=ANNUAL)


def names(jobs) -> list[str]:
    return [job.name for job in jobs]


def test_nothing_said_means_the_newest_quarter_of_all_and_the_newest_year(settings, both) -> None:
    jobs = plan_jobs(settings, AVAILABLE)
    assert names(jobs) == [
        "2565-Q2/94", "2565-Q2/95", "2565-Q2/96", "2565-Q2/90", "2565/area",
    ]  # fmt: skip
    assert jobs[0].folder == settings.reports / "2565-Q2" / "94"
    assert dict(jobs[0].parameters)["as_of"] == "2022-03-31"


def test_all_periods_are_those_that_the_data_hold(settings, both) -> None:
    jobs = plan_jobs(settings, AVAILABLE, provinces=["95"], periods=["all"])
    assert names(jobs) == [
        "2564-Q4/95", "2565-Q1/95", "2565-Q2/95", "2564/area", "2565/area",
    ]  # fmt: skip


def test_a_past_period_is_reported_as_known_then(settings, both) -> None:
    (job,) = plan_jobs(settings, AVAILABLE, provinces=["94"], periods=["2565-Q1"])
    assert dict(job.parameters)["as_of"] == "2022-01-25"  # when all of it was due


def test_names_of_provinces_are_understood_in_both_languages(settings, both) -> None:
    for written in ("95", "ยะลา", "จังหวัดยะลา", "Yala"):
        jobs = plan_jobs(settings, AVAILABLE, provinces=[written], periods=["2565-Q1"])
        assert names(jobs) == ["2565-Q1/95"], written


@pytest.mark.parametrize(
    ("call", "error", "message"),
    [
        ({"provinces": ["99"]}, NotFound, "99"),
        ({"provinces": ["เชียงใหม่"]}, NotFound, "เชียงใหม่"),
        ({"periods": ["2566-Q1"]}, NotFound, "2564-Q4 - 2565-Q2"),
        ({"periods": ["2565-Q9"]}, SchemaError, "2565-Q3"),
        ({"notebooks": ["monthly_report"]}, NotFound, "quarterly_report"),
        ({"extra": {"lanuage": "en"}}, SchemaError, "nearest: language"),
        ({"extra": {"province": "95"}}, SchemaError, "--province"),
        ({"as_of": "2021-01-01"}, NotFound, "2021-01-01"),
        ({"as_of": "06/24/2565"}, SchemaError, "24/6/2565"),
        ({"notebooks": ["quartely_report"]}, NotFound, r"quartely_report\.ipynb \(~ quarterly"),
        ({"periods": ["2566-Q1"]}, NotFound, r"2566-Q1 \(~ 2565-Q1\)"),
        ({"provinces": "Narathiwas"}, NotFound, r"\(~ 96 นราธิวาส"),
        ({"notebooks": ["annual_report"], "periods": ["2565-Q1"]}, SchemaError, "year"),
    ],
)
def test_a_wrong_call_is_refused_with_what_to_do(settings, both, call, error, message) -> None:
    with pytest.raises(error, match=message):
        plan_jobs(settings, AVAILABLE, **call)


@pytest.mark.parametrize("period", ["2565-Q1", "Q1/65", "ไตรมาสที่ 1 ปีงบประมาณ 2565"])
@pytest.mark.parametrize("day", ["2022-01-10", "10/1/2565", "10 ม.ค. 65", date(2022, 1, 10)])
def test_periods_and_days_are_read_as_people_write_them(settings, both, period, day) -> None:
    call = {"notebooks": ["quarterly_report"], "provinces": ["94"], "periods": ["2565-Q1"]}
    wanted = plan_jobs(settings, AVAILABLE, **call, as_of="2022-01-10")
    assert plan_jobs(settings, AVAILABLE, **call | {"periods": [period]}, as_of=day) == wanted


def test_one_name_is_one_name_and_not_its_letters(settings, both) -> None:
    one = plan_jobs(settings, AVAILABLE, notebooks="quarterly_report", provinces="ยะลา",
                    periods="2565-Q1")  # fmt: skip
    assert names(one) == ["2565-Q1/95"]
    assert names(plan_jobs(settings, AVAILABLE, periods=FiscalPeriod(2565))) == ["2565/area"]


def test_an_empty_database_says_to_ingest_first(settings, both) -> None:
    with pytest.raises(NotFound, match="evallib ingest"):
        plan_jobs(settings, {})


def test_a_parameter_that_nobody_hands_over_is_missing(notebook) -> None:
    path = notebook(parameters='province = "94"\nwave = 1\n')
    with pytest.raises(SchemaError, match="missing: wave"):
        check_parameters(path, ["province"])


def test_only_the_parameters_cell_declares(notebook) -> None:
    path = notebook("other = 1", parameters='province = "94"  # a comment\nn = 2\n')
    assert declared_parameters(path) == {"province", "n"}


@pytest.mark.parametrize("content", ["", "{", "[]", '{"cells": 3}', '{"cells": []}'])
def test_what_is_no_notebook_is_refused(tmp_path, content) -> None:
    file = tmp_path / "broken.ipynb"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(SchemaError, match=r"broken\.ipynb"):
        check_parameters(file, [])


@pytest.mark.parametrize("scope", ["../../x", "..", ".", "", "/tmp", "94/95", "94/"])
def test_no_folder_of_a_report_leaves_that_of_reports(settings, both, scope) -> None:
    with pytest.raises(SchemaError) as refused:
        plan_jobs(replace(settings, provinces=(scope,)), AVAILABLE)
    assert refused.value.code == "runner.folder_outside"


def test_a_link_does_not_lead_a_report_out_of_its_folder(settings, both, tmp_path) -> None:
    settings.reports.mkdir()
    (settings.reports / "2565-Q2").symlink_to(tmp_path / "elsewhere")
    with pytest.raises(SchemaError) as refused:
        plan_jobs(settings, AVAILABLE)
    assert refused.value.code == "runner.folder_outside"
    assert len(plan_jobs(settings, AVAILABLE, periods=["2565-Q1"])) == len(settings.provinces)
