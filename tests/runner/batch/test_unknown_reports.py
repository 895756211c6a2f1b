"""A register of releases that is lost or another office's: told, and nothing is published."""

import os
import shutil

import pytest

from evallib.errors import DisclosureError
from evallib.runner.batch.batch import run
from evallib.runner.batch.plan import plan_jobs
from evallib.store import Store
from tests.runner.batch.made_by_hand import AVAILABLE, FILES, put, survey
from tests.runner.homes import COVER, settings_in, write_notebook

CELL = """
import pandas as pd
from evallib.privacy.forms import set_id, settle_forms
from evallib.report import emit
from evallib.store import Store
held, kept = (Store(store).read(name) for name in ("beneficiary_survey", "released_forms"))
forms = settle_forms(held, kept, threshold=10).forms
emit("releases", pd.DataFrame({"scope": ["94"], "period": ["2565-Q3"], "province_code": ["94"],
     "fiscal_year": [2565], "quarter": [3], "set_id": [set_id(forms)]}))
"""


@pytest.fixture
def office(tmp_path):
    """Return settings of an office that has published one report on forty forms."""
    settings = settings_in(tmp_path)
    write_notebook(settings.notebooks / "quarterly_report.ipynb", COVER, CELL)
    put(settings, survey(40))
    assert states(settings) == ["made"]
    return settings


def states(settings) -> list[str]:
    before = os.getcwd()  # noqa: PTH109
    os.chdir(settings.store.parent)
    try:
        jobs = plan_jobs(settings, AVAILABLE, notebooks=["quarterly_report"], provinces=["94"])
        return [result.state for result in run(jobs, settings, workers=1)]
    finally:
        os.chdir(before)


def pages(settings) -> list[bytes]:
    return [(settings.reports / "2565-Q3" / "94" / name).read_bytes() for name in FILES]


def test_a_database_made_anew_of_the_same_files_gets_its_results_and_register_back(office) -> None:
    assert states(office) == ["unchanged"]
    held = {name: Store(office.store).read(name) for name in ("released_forms", "runs")}
    before = pages(office)
    shutil.rmtree(office.store)
    put(office, survey(40))
    assert states(office) == ["made"]
    assert pages(office) == before
    for name, rows in held.items():
        assert len(Store(office.store).read(name)) == len(rows) > 0


def test_where_a_form_changed_and_the_register_is_gone_nothing_is_published(office) -> None:
    before = pages(office)
    shutil.rmtree(office.store)
    forms = survey(40)
    forms.loc[7, "aware"] = 0
    put(office, forms)
    with pytest.raises(DisclosureError) as refused:
        states(office)
    assert refused.value.code == "runner.register_missing"
    assert "2565-Q3/94" in str(refused.value)
    assert pages(office) == before
    assert Store(office.store).read("releases").empty

    office.reports.rename(office.reports.parent / "handed back")
    assert states(office) == ["made"]


def test_reports_of_another_office_beside_this_database_are_refused(office, tmp_path) -> None:
    other = settings_in(tmp_path / "other")
    write_notebook(other.notebooks / "quarterly_report.ipynb", COVER, CELL)
    put(other, survey(50, aware=0))
    shutil.copytree(office.reports, other.reports)
    with pytest.raises(DisclosureError) as refused:
        states(other)
    assert refused.value.code == "runner.register_missing"


def test_with_the_register_a_changed_form_waits_and_the_run_goes_on(office) -> None:
    forms = survey(40)
    forms.loc[7, "aware"] = 0
    put(office, forms)
    assert states(office) == ["made"]
    assert Store(office.store).read("releases")["set_id"].nunique() == 1
