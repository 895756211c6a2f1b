"""What people said comes out nowhere: every free cell of every file holds a mark that is sought."""

import json
import logging
import traceback
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path
from zipfile import ZipFile

import pandas as pd
import pytest
from click.testing import CliRunner

from evallib.clean import read_submission
from evallib.clean.forms.form import form_columns
from evallib.clean.kinds import needs, projects, survey
from evallib.cli import main
from evallib.periods import FiscalPeriod
from evallib.register import assemble
from evallib.report import read_evidence
from evallib.runner.batch.batch import run
from evallib.runner.batch.plan import plan_jobs
from evallib.store import Store
from evallib.tables import conform
from tests.runner.homes import COVER, settings_in, write_notebook

MARK = "เสียงกระซิบ"  # begins each cell that somebody may have spoken into
AGENCIES = ("อบต.ยะรัง", "อบต.เขาตูม")
PLACE = {"province": "ปัตตานี", "amphoe": "ยะรัง", "tambon": "เขาตูม"}
FREE = {  # cells that a well-filled form leaves to words of people; ours of councils are of needs
    "projects": {"problem_text", "note", "objective_th", "target_group"},
    "needs": {"need_text_th", "source_section", "meeting_date"},
    "survey": {"need_rank_1", "benefit", "age_band", "sex"},
    "indicators": set(),
}
FILLED = {"title_th": "ก่อสร้างถนนบ้านบน", "tambon_code": "941012", "budget_approved": "500000",
          "status": "อยู่ระหว่างดำเนินการ", "agency_project_code": "P-1", "rank": "1", "votes": "9",
          "village_no": "3"}  # fmt: skip


def cell(kind: str, name: str, row: int, *, wild: bool) -> str:
    """Return a cell; in wild files words stand in every cell but places, also where numbers do."""
    if name in PLACE:
        return PLACE[name]
    if name in FREE[kind] or (wild and name not in {"order_no", "tambon_code", "title_th"}):
        return f"{MARK}{AGENCIES[wild]}{name}{row} น้ำไม่ไหลมาสามเดือน"
    return {"order_no": str(row), "resp_key": f"k{row}"}.get(name, FILLED.get(name, "5"))


def write_all(raw: Path) -> None:
    """Write a file of each kind, once as meant and once with words in every cell."""
    folder = raw / "2565" / "Q3"
    folder.mkdir(parents=True)
    for kind in FREE:
        columns = [(c.name, c.heading) for c in form_columns(kind)]
        for wild in (False, True):
            rows = [",".join(h for _, h in columns) + ",ความเห็นของผู้เข้าร่วม"]
            rows += [
                ",".join(cell(kind, n, r, wild=wild) for n, _ in columns) + f",{MARK}extra{r}"
                for r in range(1, 13)
            ]
            agency = f"หน่วยงาน {AGENCIES[wild]} ปีงบประมาณ 2565 ไตรมาสที่ 3"
            text = "\n".join([agency, *rows])
            (folder / f"{kind}{'_wild' if wild else ''}.csv").write_text(text, encoding="utf-8-sig")


@pytest.fixture(scope="module")
def home(tmp_path_factory) -> Iterator[tuple]:
    """Ingest them by the command line, with everything that is logged caught."""
    settings = settings_in(tmp_path_factory.mktemp("words"))
    write_all(settings.raw)
    logged: list[str] = []
    handler = logging.Handler(logging.NOTSET)
    handler.emit = lambda record: logged.append(handler.format(record))
    logging.getLogger().addHandler(handler)
    done = CliRunner().invoke(main, ["ingest", "--raw", str(settings.raw), "--store",
                                     str(settings.store), "-j", "1", "--json"])  # fmt: skip
    logging.getLogger().removeHandler(handler)
    assert done.exit_code == 0, done.output
    return settings, done, logged


def test_the_words_came_in(home) -> None:
    """A search that finds nothing proves nothing unless there is something to be found."""
    settings, _, _ = home
    store = Store(settings.store)
    assert store.read("needs")["need_text_th"].str.contains(MARK).any()
    assert store.read("project_submissions")["problem_text"].str.contains(MARK).any()


def test_no_word_stands_in_output_log_account_or_findings(home) -> None:
    settings, done, logged = home
    assert MARK not in done.stdout + done.stderr + "".join(logged)
    assert MARK not in (settings.store / "_ingest.json").read_text(encoding="utf-8")
    found = Store(settings.store).read("findings")
    assert len(found) > 30
    told = found[found["value"].fillna("").str.contains(MARK) | found["where"].str.contains(MARK)]
    assert told[["code", "where", "value"]].to_dict("records") == []


def test_no_word_goes_to_another_agency(home) -> None:
    settings, _, _ = home
    books = sorted((settings.raw.parent / "corrections").rglob("*.xlsx"))
    whose = []
    for book in books:
        with ZipFile(book) as parts:
            text = "".join(parts.read(n).decode() for n in parts.namelist() if n.endswith(".xml"))
        whose.append({agency for agency in AGENCIES if f"{MARK}{agency}" in text})
    assert all(len(agencies) <= 1 for agencies in whose)
    assert {agency for agencies in whose for agency in agencies}  # its own words an agency sees


@pytest.mark.parametrize(("module", "kind"), [(needs, "needs"), (projects, "projects"),
                                              (survey, "survey")])  # fmt: skip
def test_a_fault_of_ours_in_a_reader_tells_no_word(home, monkeypatch, module, kind) -> None:
    settings, _, _ = home
    file = settings.raw / "2565" / "Q3" / f"{kind}.csv"

    def break_down(columns, frame, *rest):
        raise ValueError(f"could not read {frame.to_dict('records')}")

    monkeypatch.setattr(module, "judge_sheet", break_down)
    read = read_submission(file, raw=settings.raw)
    assert [(f.code, f.value) for f in read.findings] == [("refused.unforeseen", "ValueError")]
    assert MARK not in repr(read)


def test_what_holds_words_does_not_show_them_by_itself(home) -> None:
    settings, _, _ = home
    file = settings.raw / "2565" / "Q3" / "needs.csv"
    sent = read_submission(file, raw=settings.raw)
    assert sent.frames["needs"]["need_text_th"].str.contains(MARK).all()
    shown = [sent, assemble([sent]), read_evidence(Store(settings.store), "2565-Q3", province="94")]
    assert MARK not in "".join(repr(each) + str(each) for each in shown)


SHOWN = "\n".join([
    "import sys, logging",
    "from evallib.store import Store",
    'frame = Store(store).read("needs")',
    'print(frame["need_text_th"].tolist())',
    'print(frame["need_text_th"].tolist(), file=sys.stderr)',
    'logging.getLogger("office").error("%s", frame)',
    "display(frame.iloc[0].to_dict())",
    "frame",
])  # fmt: skip
FAILS = (
    'raise KeyError(frame["need_text_th"].iloc[0])',
    'float(frame["need_text_th"].iloc[0])',
    "from evallib.errors import SchemaError\n"
    'try:\n    float(frame["need_text_th"].iloc[0])\n'
    'except ValueError as error:\n    raise SchemaError("config.language", found="x") from error',
    'raise SystemExit(frame["need_text_th"].iloc[0])',
)


@pytest.mark.slow
@pytest.mark.parametrize("fails", ["", *FAILS])
def test_no_word_stands_beside_a_report_whatever_its_cells_show(home, tmp_path, fails) -> None:
    settings, _, _ = home
    mine = replace(settings, reports=tmp_path / "reports", notebooks=tmp_path / "notebooks")
    write_notebook(mine.notebooks / "quarterly_report.ipynb", COVER, SHOWN, *filter(None, [fails]))
    quarter = FiscalPeriod.parse("2565-Q3")
    jobs = plan_jobs(mine, {quarter: date(2022, 6, 24)}, notebooks=["quarterly_report"],
                     provinces=["94"])  # fmt: skip
    (result,) = run(jobs, mine)
    assert result.state == ("failed" if fails else "made")
    assert MARK not in result.problem
    names = set()
    for file in (tmp_path / "reports").rglob("*"):
        if file.is_file():
            names.add(file.name)
            assert MARK not in json.dumps(file.read_text(encoding="utf-8"), ensure_ascii=False)
            assert MARK not in file.read_bytes().decode("unicode_escape", "replace"), file.name
    wanted = {"failed.ipynb", "failed.json"} if fails else {"report.ipynb", "manifest.json"}
    assert wanted <= names


def test_an_error_of_ours_about_a_table_shows_no_cell() -> None:
    frame = pd.DataFrame({"need_id": ["N-1"], "need_text_th": ["น้ำ"], "tambon_code": ["941012"],
                          "people_affected": [MARK], "as_of": ["2022-06-24"]})  # fmt: skip
    with pytest.raises(ValueError) as error:
        conform(frame, "needs")
    assert MARK not in "".join(traceback.format_exception(error.value))
