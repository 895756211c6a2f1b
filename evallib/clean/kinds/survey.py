"""Anonymous surveys of beneficiaries: one row a respondent, answers as small whole numbers."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from evallib.clean.files.grid import cell_text
from evallib.clean.kinds.places import find_row_places
from evallib.clean.rules.judge import judge_sheet
from evallib.clean.sheets.columns import Columns
from evallib.findings import Finding
from evallib.thai.text import is_missing, normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from collections.abc import Mapping

    from evallib.clean.sheets.sheet import Sheet
    from evallib.clean.sheets.title_rows import Context

_YES_NO = {
    "ใช่": 1, "ทราบ": 1, "มี": 1, "เคย": 1, "ได้": 1, "1": 1, "yes": 1,
    "ไม่ใช่": 0, "ไม่ทราบ": 0, "ไม่มี": 0, "ไม่เคย": 0, "ไม่ได้": 0, "0": 0, "no": 0,
}  # fmt: skip
_SCALE = {str(n): n for n in range(1, 6)}
_SEXES = {"หญิง": "หญิง", "ญ": "หญิง", "ชาย": "ชาย", "ช": "ชาย", "ไม่ระบุ": "ไม่ระบุ"}
_AGES = {"15-24": "15–24", "25-39": "25–39", "40-59": "40–59", "60+": "60+", "60ขึ้นไป": "60+"}
SECTOR_NAMES = {
    "เกษตร ปศุสัตว์ ประมง": "AGR", "อาชีพ รายได้ เศรษฐกิจฐานราก": "LIV",
    "น้ำกินน้ำใช้และชลประทาน": "WAT", "ถนน สะพาน คมนาคม": "ROD", "ไฟฟ้า แสงสว่าง ดิจิทัล": "ENE",
    "ที่อยู่อาศัยและที่ดิน": "HOU", "สาธารณสุข": "HEA", "สวัสดิการ กลุ่มเปราะบาง": "SOC",
    "การศึกษาและทักษะ": "EDU", "ศาสนาและวัฒนธรรม": "REL", "เยาวชน กีฬา นันทนาการ": "YOU",
    "ยาเสพติดและฟื้นฟู": "DRU", "ความปลอดภัย": "SEC", "สิ่งแวดล้อมและภัยพิบัติ": "ENV",
    "ความยุติธรรมและบริการรัฐ": "JUS", "ท่องเที่ยวและพื้นที่สาธารณะ": "TOU", "อื่นๆ": "OTH",
}  # fmt: skip
_ANSWERS: Mapping[str, Mapping[str, object]] = {
    "age_band": _AGES, "sex": _SEXES, "aware": _YES_NO, "used": _YES_NO, "benefit": _SCALE,
    "satisfaction": _SCALE, "trust_process": _SCALE, "need_rank_1": SECTOR_NAMES,
    "harm_any": _YES_NO, "official_present": _YES_NO,
}  # fmt: skip


def read_survey(sheet: Sheet, context: Context) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the answers of a survey in the columns of ``beneficiary_survey``.

    Returns
    -------
    frame : pandas.DataFrame, shape (m, k)
        One row for each form with a key and a tambon; an answer that is not among those offered
        is missing.
    findings : list of Finding
        ``survey.unknown_answer`` for each such answer (the answer itself is not repeated), and
        ``intake.no_key`` or ``intake.no_tambon`` for each row left out.
    """
    columns = Columns(sheet)
    places = find_row_places(columns, context)
    values: dict[str, object] = {"resp_key": columns.text("resp_key")}
    values |= {name: _read_answers(columns, name, known) for name, known in _ANSWERS.items()}
    values |= {name: places[name] for name in ("tambon_code", "amphoe_code", "province_code")}
    values |= {"fiscal_year": context.period.fiscal_year, "quarter": context.period.quarter}
    needed = {"intake.no_key": "resp_key", "intake.no_tambon": "tambon_code"}
    frame, _ = columns.keep(values, context.as_of, needed=needed)
    return judge_sheet(columns, frame, "beneficiary_survey")


def _read_answers(columns: Columns, name: str, answers: Mapping[str, object]) -> pd.Series:
    """Return the answers of one question as values of the contract."""
    known = {_key(answer): value for answer, value in answers.items()}
    meanings = {
        cell: (value := known.get(_key(cell_text(cell))), value is None and not is_missing(cell))
        for cell in dict.fromkeys(columns.raw(name).tolist())
    }
    read = [meanings[cell] for cell in columns.raw(name).tolist()]
    values = [value for value, _ in read]
    unknown = [row for row, (_, bad) in zip(columns.index, read, strict=True) if bad]
    columns.report(
        (Finding("survey.unknown_answer", "warning", str(row)) for row in unknown),
        column=columns.heading(name).column,
    )
    numeric = all(isinstance(value, int) for value in answers.values())
    return pd.Series(values, columns.index, dtype="Int64" if numeric else "object")


def _key(answer: str) -> str:
    """Return an answer without spaces, brackets, dashes of any kind and the word for years."""
    text = thai_digits_to_arabic(normalise_thai(answer)).lower().replace("–", "-").replace("—", "-")
    text = text.split("(", maxsplit=1)[0] if not text.startswith("(") else text
    return "".join(text.replace("ปี", "").split()).removeprefix("ด้าน")
