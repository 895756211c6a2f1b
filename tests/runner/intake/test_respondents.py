"""Who holds the database cannot test a guess about a respondent, and the secret moves no figure."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from itertools import product

import pandas as pd
import pytest
from click.testing import CliRunner

from evallib import report
from evallib.clean import read_submission
from evallib.clean.corrections.answers import Answer
from evallib.clean.replay import replay_corrections
from evallib.cli import main
from evallib.errors import DisclosureError
from evallib.privacy.respondent_key import MADE_UP_KEY
from evallib.report.sections.alignment import alignment_of
from evallib.runner.intake.ingestion import LEDGER, ingest, read_ledger
from evallib.store import Store
from evallib.tables.ids import hashed

HEADINGS = ("รหัสแบบสอบถาม", "ตำบล", "อำเภอ", "จังหวัด", "ช่วงอายุ", "เพศ", "ทราบว่ามีโครงการ",
            "ความพึงพอใจ (1-5)", "ความต้องการลำดับ 1", "มีเจ้าหน้าที่อยู่ด้วย")  # fmt: skip
NUMBERS = [f"บ้านบน-{i:03d}" for i in range(1, 61)]  # numbers of forms as anybody may guess them


def write_survey(settings, *, title: str = "แบบสำรวจ", n: int = 60, name: str = "survey") -> None:
    rows = [
        (NUMBERS[i], "เขาตูม", "ยะรัง", "ปัตตานี", ("25-39", "40-59")[i % 2], ("หญิง", "ชาย")[i % 3 > 0],
         ("ใช่", "ไม่ใช่")[i % 4 > 1], str(1 + i % 5), "ถนน สะพาน คมนาคม", "ไม่ใช่")
        for i in range(n)
    ]  # fmt: skip
    folder = settings.raw / "2565" / "Q3"
    folder.mkdir(parents=True, exist_ok=True)
    text = "\n".join([title, ",".join(HEADINGS), *map(",".join, rows)])
    (folder / f"{name}.csv").write_text(text, encoding="utf-8-sig")


def texts_of(store: Store) -> Iterator[str]:
    """Yield every text that stands anywhere in a database: in tables, and in files as they are."""
    for name in store.tables()["name"]:
        frame = store.read(name)
        for column in frame.select_dtypes(["object", "str"]):
            yield from (str(value) for value in frame[column].dropna())
    for file in store.path.rglob("*"):
        if file.is_file():
            yield file.read_bytes().decode("latin-1")


def guesses(number: str) -> Iterator[str]:
    """Yield the digests that somebody without the secret can make of a form number."""
    parts = ("95", "94", "2565", "3", number)
    written = {number, "|".join(["94", "2565", "3", number]), "|".join(parts)}
    written |= {sep.join(["94", "2565", "3", number]) for sep in (" ", "-", "")}
    for text, name in product(written, ("md5", "sha1", "sha256", "blake2b")):
        yield hashlib.new(name, text.encode()).hexdigest()


def test_from_a_database_nobody_can_test_a_guess_about_a_form_number(settings) -> None:
    write_survey(settings)
    ingest(settings, workers=1)
    store = Store(settings.store)
    assert len(store.read("beneficiary_survey")) == 60
    held = "\n".join(texts_of(store))
    for number in NUMBERS:
        assert number not in held
        assert number.encode().decode("latin-1") not in held
        for guess in guesses(number):
            assert guess[:12] not in held


def test_the_guess_is_right_where_there_is_no_secret(settings) -> None:
    """The attack itself: made-up forms stand under a key that all know, and are found by it."""
    write_survey(settings, title="แบบสำรวจ (ข้อมูลสังเคราะห์)")
    ingest(settings, workers=1)
    keys = set(Store(settings.store).read("beneficiary_survey")["resp_key"])
    assert set(hashed("R-", 12, [f"94|2565|3|{n}" for n in NUMBERS], key=MADE_UP_KEY)) == keys


def test_a_corrected_form_number_stands_in_no_table(settings) -> None:
    write_survey(settings, n=20)
    file = settings.raw / "2565" / "Q3" / "survey.csv"
    text = file.read_text(encoding="utf-8-sig").replace(f"{NUMBERS[4]},", ",", 1)
    file.write_text(text, encoding="utf-8-sig")
    sent = read_submission(file, raw=settings.raw)
    assert "intake.no_key" in {f.code for f in sent.findings}
    row = next(f.place.row for f in sent.findings if f.code == "intake.no_key")
    answer = Answer(sha256=sent.sha256, file=sent.file, sheet="", heading=HEADINGS[0], row=row,
                    column=0, name="resp_key", old="", new=NUMBERS[4], shown=NUMBERS[4],
                    who="office", when=date(2022, 7, 1), source="c.xlsx", source_row=5)  # fmt: skip
    book = replace(
        sent, file="c.xlsx", sha256="c", kind="corrections", frames={}, answers=(answer,)
    )
    submissions, log, _ = replay_corrections(
        [file, file], [sent, book],
        lambda path, answers: read_submission(path, raw=settings.raw, answers=answers),
    )  # fmt: skip
    assert len(submissions[0].frames["beneficiary_survey"]) == 20  # it came in
    assert log["state"].tolist() == ["applied"]
    assert NUMBERS[4] not in log.to_csv()
    assert log["new"].tolist() == ["[ปกปิด]"]


@pytest.fixture
def other_office(monkeypatch, tmp_path_factory):
    """Return what moves to a machine without a secret."""
    return lambda: monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path_factory.mktemp("other")))


def page_of(settings) -> tuple[str, pd.DataFrame]:
    e = report.read_evidence(Store(settings.store), "2565-Q3", province="94", language="en")
    blocks = [*report.results_section(e), *report.alignment_section(e, alignment_of(e))]
    return report.render_html(blocks, language="en", title="t", meta={}), report.releases_of(e)


def test_another_secret_gives_other_keys_and_the_same_page(settings, other_office) -> None:
    write_survey(settings)
    first = ingest(settings, workers=1)
    keys = set(Store(settings.store).read("beneficiary_survey")["resp_key"])
    page, released = page_of(settings)
    assert "30" in page

    other_office()
    with pytest.raises(DisclosureError) as lost:
        ingest(settings, workers=1)
    assert lost.value.code == "privacy.key_lost"
    assert set(Store(settings.store).read("beneficiary_survey")["resp_key"]) == keys
    second = ingest(settings, new_key=True, workers=1)
    assert (second.key_made, second.run_id) == (True, first.run_id)
    assert second.respondents != first.respondents
    assert not keys & set(Store(settings.store).read("beneficiary_survey")["resp_key"])
    again, anew = page_of(settings)
    assert again == page
    assert set(anew["set_id"]) != set(released["set_id"])  # names of sets tell no answers
    assert ingest(settings, workers=1).unchanged


def test_a_database_that_lost_its_account_gets_no_new_secret(settings, other_office) -> None:
    write_survey(settings)
    ingest(settings, workers=1)
    (settings.store / LEDGER).unlink()
    other_office()
    with pytest.raises(DisclosureError) as lost:
        ingest(settings, workers=1)
    assert lost.value.code == "privacy.key_lost"


def test_made_up_people_need_no_secret_and_one_real_survey_asks_for_it(
    settings, other_office
) -> None:
    other_office()
    write_survey(settings, title="แบบสำรวจ (ข้อมูลสังเคราะห์)", n=20)
    first = ingest(settings, workers=1)
    assert (first.key_made, first.respondents) == (False, "")
    open_keys = set(Store(settings.store).read("beneficiary_survey")["resp_key"])
    write_survey(settings, n=30, name="real")
    second = ingest(settings, workers=1)
    assert second.key_made
    assert second.respondents == read_ledger(settings.store).respondents != ""
    keys = set(Store(settings.store).read("beneficiary_survey")["resp_key"])
    assert (len(keys), len(keys & open_keys)) == (30, 0)


def test_the_command_says_where_the_secret_is_and_refuses_in_three_parts(
    settings, other_office
) -> None:
    other_office()
    write_survey(settings, n=20)
    call = ["ingest", "--raw", str(settings.raw), "--store", str(settings.store), "-j", "1"]
    made = CliRunner().invoke(main, call)
    assert made.exit_code == 0, made.output
    assert "respondents.key; keep a copy" in made.stderr
    assert "respondents.key" not in CliRunner().invoke(main, call).stderr
    other_office()
    lost = CliRunner().invoke(main, [*call, "--force"])
    assert (lost.exit_code, "evallib ingest --new-key" in lost.stderr) == (2, True)
    asked = CliRunner().invoke(main, [*call, "--new-key", "--json"])
    assert asked.exit_code == 0
    assert json.loads(asked.stdout)["key_made"] is True
