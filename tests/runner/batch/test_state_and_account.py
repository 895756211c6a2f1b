"""What a report is made from is what the database holds, whatever lies beside it says."""

from __future__ import annotations

import json

import pandas as pd
import pytest

from evallib.cli.reports import _known_periods
from evallib.errors import EvallibError, NotFound
from evallib.runner.batch.batch import LOCK
from evallib.runner.batch.key import key_parts
from evallib.runner.intake.ingestion import LEDGER, known_ingest
from evallib.store import Store
from evallib.store.state import STATE_FILE
from tests.runner.batch.made_by_hand import job_of, put, survey
from tests.store.conftest import make_frame


def ingest_by_hand(settings, quarter: int, day: str, run_id: str) -> None:
    """Let the store be what an ingest of one file leaves that dies before its account."""
    inputs = make_frame("inputs", 1).assign(
        state="read", fiscal_year=2565, quarter=quarter, as_of=pd.Timestamp(day)
    )
    Store(settings.store).rebuild({"inputs": inputs}, run_id=run_id, as_of=day)


def test_periods_come_from_the_tables_where_the_account_is_of_another_ingest(settings) -> None:
    ingest_by_hand(settings, 2, "2022-03-24", "first")
    ledger = settings.store / LEDGER
    told = {"run_id": "first", "as_of": "2022-03-24", "files": 1, "rows_read": 0,
            "rows_accepted": 0, "findings": {}, "tables": {}, "refused": [],
            "periods": {"2565-Q2": "2022-03-25"}}  # fmt: skip
    ledger.write_text(json.dumps(told), encoding="utf-8")
    assert known_ingest(settings).periods == {"2565-Q2": "2022-03-25"}  # it is believed

    ingest_by_hand(settings, 3, "2022-06-24", "second")  # and killed before its account
    for content in (ledger.read_text(encoding="utf-8"), "{"):
        ledger.write_text(content, encoding="utf-8")
        assert known_ingest(settings).periods == {"2565-Q3": "2022-06-24"}
        assert [str(p) for p in _known_periods(settings)] == ["2565-Q3"]


def test_no_ingest_and_a_damaged_one_are_told(settings) -> None:
    assert known_ingest(settings) is None
    with pytest.raises(NotFound, match="evallib ingest"):
        _known_periods(settings)
    ingest_by_hand(settings, 3, "2022-06-24", "first")
    (settings.store / STATE_FILE).write_text("{", encoding="utf-8")
    with pytest.raises(EvallibError, match="evallib ingest"):
        _known_periods(settings)


def test_the_key_follows_the_rows_and_not_the_name_of_the_ingest(settings) -> None:
    job = job_of(settings)
    put(settings, survey(30))
    first = key_parts(job, settings, lock=LOCK)
    frames = {"beneficiary_survey": survey(30)}
    Store(settings.store).rebuild(frames, run_id="another", as_of="2022-06-24")
    assert key_parts(job, settings, lock=LOCK) == first
    put(settings, survey(31))
    later = key_parts(job, settings, lock=LOCK)
    assert sorted(name for name in later if later[name] != first[name]) == ["data"]
