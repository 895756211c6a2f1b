"""Running: reports appear whole or not at all, results enter only with a whole report."""

import json
import os
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import chdir
from dataclasses import replace
from datetime import date
from pathlib import Path

import pandas as pd
import pytest

from evallib.errors import EvallibError
from evallib.periods import FiscalPeriod
from evallib.runner.batch.batch import make_report, run, run_id_of
from evallib.runner.batch.key import read_manifest
from evallib.runner.batch.plan import plan_jobs
from evallib.store import Store
from tests.runner.homes import COVER, settings_in, write_notebook

AVAILABLE = {FiscalPeriod.parse("2565-Q3"): date(2022, 6, 24)}
EMIT = (
    "import pandas as pd\n"
    "from evallib.report import emit\n"
    'emit("alignment", pd.DataFrame({"scope": [province], "indicator": ["A2"],'
    ' "value": [0.25], "low": [0.2], "high": [0.3], "n": [12]}))\n'
)
pytestmark = pytest.mark.slow  # each starts kernels


def put_needs(settings) -> None:
    """Let the store hold other rows than before."""
    frame = pd.DataFrame({
        "need_id": ["N-1"], "need_text_th": ["น้ำประปา"], "tambon_code": ["940101"],
        "province_code": ["94"], "as_of": ["2022-06-24"],
    })  # fmt: skip
    Store(settings.store).rebuild({"needs": frame}, run_id="i2", as_of="2022-06-24")


def jobs_of(settings, **call):
    return plan_jobs(settings, AVAILABLE, notebooks=["quarterly_report"], **call)


@pytest.fixture(scope="session")
def made_home(make_once) -> Path:
    """Make two reports for all tests here, and write down what was told meanwhile."""

    def fill(home: Path) -> None:
        settings, told = settings_in(home), []
        write_notebook(settings.notebooks / "quarterly_report.ipynb", COVER, EMIT)
        with chdir(home):
            results = run(
                jobs_of(settings, provinces=["94", "95"]), settings,
                progress=lambda result, done, total: told.append((result.state, done, total)),
            )  # fmt: skip
        ended = [(result.state, result.run_id) for result in results]
        (home / "told.json").write_text(json.dumps({"told": told, "ended": ended}))

    return make_once("reports", fill)


@pytest.fixture
def made(made_home, settings, copy_of, monkeypatch):
    """Give a copy of them, and the notebook that they are made from."""
    copy_of(made_home, settings.store.parent)
    monkeypatch.chdir(settings.store.parent)
    return settings


def test_a_good_run_leaves_reports_results_and_an_index(made) -> None:
    settings = made
    said = json.loads((settings.store.parent / "told.json").read_text())
    assert [state for state, _ in said["ended"]] == ["made", "made"]
    assert sorted(said["told"]) == [["made", 1, 2], ["made", 2, 2]]
    folder = settings.reports / "2565-Q3" / "94"
    assert sorted(f.name for f in folder.iterdir()) == [
        "manifest.json", "report.html", "report.ipynb",
    ]  # fmt: skip
    assert "รายงาน 94" in (folder / "report.html").read_text(encoding="utf-8")
    assert (settings.reports / "index.html").is_file()
    runs = Store(settings.store).read("runs")
    assert runs["threshold"].tolist() == [10, 10]
    assert set(runs["threshold_set_by"]) == {"default"}
    stored = Store(settings.store).read("alignment")
    assert sorted(stored["scope"]) == ["94", "95"]
    assert set(stored["run_id"]) == {run_id for _, run_id in said["ended"]}
    assert stored["as_of"].eq(pd.Timestamp("2022-06-24")).all()
    assert len(Store(settings.store).read("runs")) == 2


def test_an_unchanged_job_is_skipped_and_a_changed_one_is_not(made) -> None:
    settings = made
    (job,) = jobs_of(settings, provinces=["94"])
    names = ("report.html", "report.ipynb")
    before = {name: (job.folder / name).read_bytes() for name in names}

    first = run([job], settings)[0]
    assert first.state == "unchanged"
    again = run([job], settings, force=True)[0]
    assert (again.state, again.run_id) == ("made", first.run_id)
    assert {name: (job.folder / name).read_bytes() for name in names} == before
    put_needs(settings)
    assert run([job], settings)[0].state == "made"
    assert run([job], settings)[0].state == "unchanged"
    assert run([job], replace(settings, cell_seconds=5, job_seconds=6))[0].state == "unchanged"
    assert run([job], replace(settings, threshold=20))[0].state == "made"


def test_one_bad_job_leaves_the_others_and_the_last_good_report_alone(made, notebook) -> None:
    settings = made
    jobs = jobs_of(settings, provinces=["94", "95"])
    good = (jobs[1].folder / "report.html").read_bytes()
    notebook(EMIT.replace("0.25", "0.75"), 'if province == "95":\n    raise ValueError("broken")')

    results = run(jobs, settings)
    assert [result.state for result in results] == ["made", "failed"]
    assert "ValueError" in results[1].problem
    assert "broken" not in results[1].problem  # the words of a foreign error may quote a cell
    assert "failed.ipynb" in results[1].problem
    assert (jobs[1].folder / "report.html").read_bytes() == good
    assert (jobs[1].folder / "failed.json").is_file()
    half_run = json.loads((jobs[1].folder / "failed.ipynb").read_text(encoding="utf-8"))
    errors = [o for c in half_run["cells"] for o in c.get("outputs", []) if "ename" in o]
    assert [(o["ename"], o["evalue"]) for o in errors] == [("ValueError", "")]
    stored = Store(settings.store).read("alignment").set_index("scope")["value"]
    assert stored.to_dict() == {"94": 0.75, "95": 0.25}  # of the job that failed, as it was


def test_a_mended_job_clears_its_failure(settings, notebook) -> None:
    notebook("raise ValueError('broken')")
    (job,) = jobs_of(settings, provinces=["94"])
    assert run([job], settings)[0].state == "failed"
    notebook()
    assert run([job], settings)[0].state == "made"
    assert not (job.folder / "failed.ipynb").exists()


def test_a_kernel_that_dies_is_a_failed_job_not_a_finished_one(settings, notebook) -> None:
    notebook("import os\nos._exit(7)")
    (job,) = jobs_of(settings, provinces=["94"])
    (result,) = run([job], settings)
    assert result.state == "failed"
    assert not (job.folder / "report.html").exists()
    assert read_manifest(job.folder) is None


def test_a_report_with_an_identifier_is_not_published(settings, notebook, tmp_path) -> None:
    notebook(
        'from evallib.report import Prose\nshow(Prose("เลขประจำตัว 1-1014-00000-01-" + str(2 * 2)))'
    )
    (job,) = jobs_of(settings, provinces=["94"])
    result = make_report(job, {"version": "0"}, tmp_path, settings)
    if result.state == "failed":
        assert "1-1014" not in result.problem  # the message must not repeat it
    # the number above is only an identifier when its check digit is right
    digits = [int(d) for d in "110140000001"]
    check = (11 - sum(d * w for d, w in zip(digits, range(13, 1, -1), strict=True)) % 11) % 10
    notebook(f'from evallib.report import Prose\nshow(Prose("เลขประจำตัว 1-1014-00000-01-{check}"))')
    result = make_report(job, {"version": "0"}, tmp_path, settings)
    assert result.state == "failed"
    assert "identifier" in result.problem
    assert not (job.folder / "report.html").exists()


def test_a_manifest_tells_what_a_report_is_made_from(made) -> None:
    settings = made
    (job,) = jobs_of(settings, provinces=["95"])
    (result,) = run([job], settings)
    assert result.state == "unchanged"
    manifest = json.loads((job.folder / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["run_id"] == result.run_id == run_id_of(manifest["key_parts"])
    assert manifest["scope_name"] == {"th": "ยะลา", "en": "Yala"}
    assert manifest["parameters"]["period"] == "2565-Q3"
    assert set(manifest["outputs"]) == {"report.html", "report.ipynb"}
    assert manifest["key_parts"]["data"] == Store(settings.store).fingerprint()


def test_an_interrupted_run_keeps_what_is_there_and_leaves_no_process(made, notebook) -> None:
    settings = made
    jobs = jobs_of(settings, provinces=["94"])
    good = (jobs[0].folder / "report.html").read_bytes()
    notebook("import time\ntime.sleep(120)")  # another notebook, so that there is a job
    code = (
        "import sys; from pathlib import Path; from datetime import date\n"
        "from evallib.config import Settings; from evallib.periods import FiscalPeriod\n"
        "from evallib.runner import plan_jobs, run\n"
        "if __name__ == '__main__':\n"
        "    home = Path(sys.argv[1])\n"
        "    s = Settings(store=home / 'processed', reports=home / 'reports',\n"
        "                 notebooks=home / 'notebooks')\n"
        "    known = {FiscalPeriod.parse('2565-Q3'): date(2022, 6, 24)}\n"
        "    jobs = plan_jobs(s, known, notebooks=['quarterly_report'], provinces=['94'])\n"
        "    run(jobs, s)\n"
    )
    script = settings.store.parent / "interrupted.py"
    script.write_text(code, encoding="utf-8")
    scratch = Path(tempfile.mkdtemp(prefix="t"))  # short: a socket's path has 107 letters
    process = subprocess.Popen(
        [sys.executable, script, settings.store.parent], stderr=subprocess.PIPE, text=True,
        env={**os.environ, "TMPDIR": str(scratch)},
    )  # fmt: skip
    waited = time.monotonic() + 60
    while not list(scratch.rglob("kernel*.json")) and time.monotonic() < waited:
        time.sleep(0.1)
    kernel = json.loads(next(scratch.rglob("kernel*.json")).read_text(encoding="utf-8"))
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)

    assert kernel["transport"] == "ipc"
    assert "stopped when 0 of 1 job was done" in told
    assert "Task exception" not in told
    assert process.returncode != 0
    assert (jobs[0].folder / "report.html").read_bytes() == good
    assert not [f for f in jobs[0].folder.iterdir() if f.name.startswith(".")]
    assert list(scratch.glob("evallib-*")) == []
    shutil.rmtree(scratch)


def test_results_that_could_not_be_committed_are_not_reported_and_come_again(
    settings, notebook, monkeypatch
) -> None:
    notebook(EMIT)
    (job,) = jobs_of(settings, provinces=["94"])

    def refuse(*_: object, **__: object) -> None:
        raise EvallibError("store.cannot_write", folder="f", table="runs", found="disk full")

    with monkeypatch.context() as broken:
        broken.setattr(Store, "commit", refuse)
        (result,) = run([job], settings)
    assert result.state == "failed"
    assert sorted(f.name for f in job.folder.iterdir()) == ["failed.json"]

    (again,) = run([job], settings)
    assert again.state == "made"
    assert Store(settings.store).read("alignment")["scope"].tolist() == ["94"]
    assert not (job.folder / "failed.json").exists()


def test_a_report_folder_that_cannot_be_written_is_a_failed_job(settings, notebook) -> None:
    notebook()
    (job,) = jobs_of(settings, provinces=["94"])
    job.folder.parent.mkdir(parents=True)
    job.folder.write_bytes(b"a file in place of the folder")
    (result,) = run([job], settings)
    assert result.state == "failed"
    assert "disk space" in result.problem
    assert job.folder.read_bytes() == b"a file in place of the folder"


@pytest.mark.parametrize("spoil", ["cut", "gone", "empty manifest", "no manifest"])
def test_a_report_that_is_not_whole_is_made_again(made, spoil) -> None:
    settings = made
    (job,) = jobs_of(settings, provinces=["94"])
    page, manifest = job.folder / "report.html", job.folder / "manifest.json"
    whole = page.read_bytes()
    if spoil == "cut":
        page.write_bytes(whole[:1000])
    elif spoil == "gone":
        page.unlink()
    elif spoil == "empty manifest":
        manifest.write_text("{}", encoding="utf-8")
    else:
        manifest.unlink()
    assert run([job], settings)[0].state == "made"
    assert page.read_bytes() == whole


def test_no_folder_of_this_machine_stands_in_a_report(made_home) -> None:
    folder = settings_in(made_home).reports / "2565-Q3" / "94"
    for name in ("report.html", "report.ipynb", "manifest.json"):
        assert str(made_home) not in (folder / name).read_text(encoding="utf-8")


def test_the_list_of_reports_is_mended_where_nothing_changed_and_told_if_not(made) -> None:
    settings = made
    jobs = jobs_of(settings, provinces=["94"])
    index = settings.reports / "index.html"
    whole = index.read_bytes()
    index.unlink()  # a run was killed before it wrote it
    assert run(jobs, settings)[0].state == "unchanged"
    assert index.read_bytes() == whole
    index.unlink()
    index.mkdir()
    with pytest.raises(EvallibError, match="disk space") as caught:
        run(jobs, settings)
    assert caught.value.code == "runner.system"
