"""Content that is never ingested: attendance, household forms, unrest and security, blank forms."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Literal

import numpy as np

from evallib.clean.files.grid import cell_text
from evallib.clean.persons.columns_of_persons import withhold_persons
from evallib.clean.sheets.headings import (
    LEVELS,
    heading_key,
    match_headings,
)
from evallib.clean.sheets.sheet import SECTION, Sheet
from evallib.errors import RefusedFile
from evallib.findings import Finding, Where
from evallib.thai.text import normalise_thai, thai_digits_to_arabic

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd
    from numpy.typing import NDArray

Reason = Literal["attendance", "household", "security"]

_ATTENDANCE = re.compile(
    r"(?:บัญชี|ทะเบียน)?รายชื่อ(?!โครงการ|หน่วยงาน|หมู่บ้าน|ตำบล|กิจกรรม|สถานศึกษา|โรงเรียน|แผนงาน)"
    r"|ผู้(?:เข้าร่วม|เข้า|มา|ไม่มา|ลา|ขาด)(?:การ)?ประชุม|ใบ(?:ลงทะเบียน|ลงชื่อ|เซ็นชื่อ|ลงเวลา)|บัญชีลงเวลา|ลายมือชื่อ|ลายเซ็น|attendance"
)
_HOUSEHOLD = re.compile(
    r"(?:แบบ(?:สำรวจ|สอบถาม|บันทึก|ฟอร์ม)?|ข้อมูล|ทะเบียน)(?:ข้อมูล)?(?:ราย)?(?:ครัวเรือน|ครอบครัว|ผู้ป่วย|คนพิการ|ผู้พิการ)|แฟ้มครอบครัว"
)
_SECURITY = re.compile(
    r"(?:ภารกิจ(?:ด้าน|งาน)?|งานด้าน|กลุ่มภารกิจ(?:ด้าน)?|วาระ|^|[\d๐-๙.)\s]|ด้าน|สถานการณ์|เรื่อง)(?:การรักษา)?ความมั่นคง(?!ทาง|ของมนุษย์|ในชีวิต|ด้านอาหาร|ใน)"
    r"|ความไม่สงบ|เหตุการณ์(?:ความ(?:ไม่สงบ|รุนแรง|มั่นคง)|ประจำ(?:วัน|เดือน)|สำคัญ)|รายงานเหตุ|ยาเสพติด|เวรยาม|(?:บัญชี|ตาราง|จัด)(?:การ)?(?:อยู่)?เวร"
    r"|ผู้ต้องสงสัย|ผู้ต้องหา|วิสามัญ|หมายจับ|บุคคลเฝ้าระวัง|การข่าว"
)
_AGENDA = re.compile(r"^(?:ระเบียบ)?(?:วาระ)?(?:ที่)?\s*3\.1(?![\d])")
_NUMBER = re.compile(r"^(?:ระเบียบ)?(?:วาระ)?(?:ที่)?\s*(\d+(?:\.\d+)*)")
# Words that only tell of a person or an act under suspicion, and words that may stand in a need.
_ACT = re.compile(
    "ผู้ต้องสงสัย|ผู้ต้องหา|ผู้ก่อเหตุ|ก่อเหตุ|คนร้าย|วิสามัญ|หมายจับ|จับกุม|ปิดล้อม|ตรวจค้น|ลอบ(?:ยิง|วาง|ทำร้าย)|ซุ่มยิง|ยิงปะทะ|เหตุปะทะ|แนวร่วม|ผู้ค้ายา|ค้ายา"
    "|บุคคลเฝ้าระวัง|เหตุ(?:ระเบิด|ยิง|ร้าย)|วางระเบิด|รายชื่อผู้(?:เสพ|ค้า|ต้อง)|การข่าว|ผกร\\."
)
_WATCH = re.compile(
    "ความไม่สงบ|เวรยาม|(?:เข้า|อยู่|จัด|ตาราง|ผลัด)เวร|ลาดตระเวน|ตั้ง(?:ด่าน|จุดตรวจ)|เหตุการณ์ความรุนแรง|ชุดคุ้มครอง(?:ตำบล|หมู่บ้าน)ออก"
)
_WELCOME = re.compile(
    "เยียวยา|ผู้ได้รับผลกระทบ|ฟื้นฟู|บำบัด|กล้อง|CCTV|ไฟ(?:ส่อง|ทาง|ฟ้า|กิ่ง|จุดเสี่ยง)|แสงสว่าง|ป้อม|ศาลา|รั้ว|ป้องกัน|รณรงค์|ค่าย|อบรม|กีฬา|วิทยุสื่อสาร|เสื้อเกราะ|ที่พัก|อุปกรณ์",
    re.IGNORECASE,
)
_POST = re.compile(
    r"(?:\d+[.)]?\s*)?(?:รอง)?(?:ประธาน(?:กรรมการ|สภา\S*)?|กรรมการ(?:และเลขานุการ|และผู้ช่วยเลขานุการ)?|เลขานุการ\S*|ปลัดอำเภอ\S*|ผู้ใหญ่บ้าน(?:หมู่ที่ ?\d+)?"  # noqa: E501
    r"|กำนัน(?:ตำบล\S*)?|บัณฑิตอาสา\S*|หัวหน้า(?:กลุ่มภารกิจ|ภารกิจ|ชุด)\S*|ผู้แทน\S*|ที่ปรึกษา|เหรัญญิก|โต๊ะอิหม่าม|อิหม่าม|ผู้จดบันทึก\S*|ผู้ตรวจ\S*)"
)
_PRINTED = re.compile(
    r"[(\[]?(?:ระบุ|โปรดระบุ)?\s*(?:ชื่อ)?(?:ตำบล|อำเภอ|จังหวัด|หมู่ที่|หมู่บ้าน|โครงการ|กิจกรรม|โครงการ/กิจกรรม|งาน/โครงการ|ระบุ|ความต้องการ|รายการ)[)\]]?\s*[.…_:]*"
)
_NAMES = {
    heading_key(h)
    for h in ("ชื่อ-สกุล", "ชื่อ-นามสกุล", "ชื่อและนามสกุล", "ชื่อ", "ชื่อสกุล", "รายชื่อ", "ชื่อ นามสกุล")
}
_SIGNED = {
    heading_key(h) for h in ("ลายมือชื่อ", "ลายเซ็น", "ลงชื่อ", "ลงลายมือชื่อ", "ลงนาม", "ลายมือชื่อผู้เข้าประชุม")
}
_POSTS = {heading_key(h) for h in ("ตำแหน่ง", "สังกัด", "ตำแหน่ง/สังกัด", "ตำแหน่งในสภา")}
_CARDS = re.compile("บัตรประชาชน|ประจำตัวประชาชน|เลขประชาชน|เลขบัตร|13หลัก")
_BODIES = re.compile("โรค|ความพิการ|เจ็บป่วย|ป่วย|สมาชิกในครัวเรือน|ความสัมพันธ์|วันเกิด|หัวหน้าครัวเรือน|ยาที่ใช้")
_SUSPECTS = re.compile("ผู้ต้องสงสัย|ผู้ต้องหา|ผู้ก่อเหตุ|วันเกิดเหตุ|สถานที่เกิดเหตุ|ผู้เสพ|ผู้ค้า|ผลัดเวร|เวรยาม")
_PEOPLE = ("council_report", "needs", "unknown")  # kinds that come from meetings, not agencies


def forbidden_sheet(sheet: Sheet) -> Reason | None:
    """Tell why a sheet as a whole is not ingested, from its headings, name and title rows.

    Parameters
    ----------
    sheet : Sheet

    Returns
    -------
    {"attendance", "household", "security"} or None
    """
    keys = [heading_key(part) for c in sheet.frame.columns for part in str(c).split(LEVELS)]
    named, signed = not _NAMES.isdisjoint(keys), not _SIGNED.isdisjoint(keys)
    words = [_folded(text) for text in (sheet.name, *sheet.titles)]
    if any(map(_CARDS.search, keys)) and any(map(_BODIES.search, keys)):
        return "household"
    kind = sheet.kind
    if named and (signed or (kind == "unknown" and not _POSTS.isdisjoint(keys))):
        return "attendance"
    if kind not in _PEOPLE:
        return None
    names = tuple(str(c) for c in sheet.frame.columns if c != SECTION)
    personal = any(h.canonical == "personal" for h in match_headings(names, "needs"))
    if personal and any(map(_HOUSEHOLD.search, words)):
        return "household"
    if any(map(_SUSPECTS.search, keys)) or any(map(_about_security, words)):
        return "security"
    listed = kind == "unknown" and any(map(_ATTENDANCE.search, words))
    return "attendance" if listed else None


def drop_forbidden(sheet: Sheet) -> tuple[Sheet, list[Finding]]:
    """Leave out the rows of a good sheet that must not be ingested, each kind with its count.

    In reports of councils and lists of needs: rows under a section on security, blocks of
    attendance, and rows that tell of an act under suspicion. What people need for their safety
    (cameras, lights, guard posts), relief and treatment stay in lists of needs. Rows in which a
    form has printed its own words, or a post, where text belongs are left out as blank.

    Returns
    -------
    sheet : Sheet
    findings : list of Finding
        ``forbidden.security`` and ``forbidden.attendance`` (warning), ``forbidden.blank_rows``
        (info); ``value`` is the number of rows.
    """
    if sheet.kind not in _PEOPLE or sheet.frame.empty:
        return sheet, []
    frame = sheet.frame
    texts = _first_texts(sheet)
    listed = _attendance_blocks(frame)
    secret = _security_rows(sheet, texts) & ~listed
    blank = np.array([_is_printed(text) for text in texts]) & ~listed & ~secret
    where = Where(sheet.source, sheet.name)
    counts = (
        Finding("forbidden.attendance", "warning", where, str(int(listed.sum()))),
        Finding("forbidden.security", "warning", where, str(int(secret.sum()))),
        Finding("forbidden.blank_rows", "info", where, str(int(blank.sum()))),
    )
    gone = listed | secret | blank
    if not gone.any():
        return sheet, []
    return replace(sheet, frame=frame[~gone]), [f for f in counts if f.value != "0"]


def _folded(text: object) -> str:
    return thai_digits_to_arabic(normalise_thai(str(text))).strip()


def _about_security(words: str) -> bool:
    """Tell whether a name of a sheet or a title row announces security; a project may bear it."""
    return bool(_SECURITY.search(words)) and not re.search(
        "โครงการ|งบประมาณ|แผนงาน|ความต้องการ", words
    )


def _first_texts(sheet: Sheet) -> list[str]:
    """Return the text of each row that says what it is about."""
    column = sheet.column_of("need_text_th" if sheet.kind == "needs" else "title_th")
    if column is None:
        return [""] * len(sheet.frame)
    return [_folded(cell_text(cell)) for cell in sheet.frame[column].tolist()]


def _attendance_blocks(frame: pd.DataFrame) -> NDArray[np.bool_]:
    """Tell which rows stand under a heading of attendance, or below its own header row."""
    listed = np.zeros(len(frame), dtype="bool")
    sections = frame[SECTION].tolist() if SECTION in frame else [""] * len(frame)
    cells = frame.drop(columns=SECTION, errors="ignore").to_numpy(dtype="object")
    inside, before = False, None
    for i, section in enumerate(sections):
        if section != before:
            inside, before = bool(_ATTENDANCE.search(_folded(section))), section
        inside = inside or _is_attendance_header(cells[i])
        listed[i] = inside
    return listed


def _is_attendance_header(cells: Iterable[object]) -> bool:
    keys = {heading_key(cell) for cell in cells if isinstance(cell, str) and len(cell) < 30}
    return not keys.isdisjoint(_NAMES) and not keys.isdisjoint(_POSTS | _SIGNED)


def _security_rows(sheet: Sheet, texts: list[str]) -> NDArray[np.bool_]:
    """Tell which rows stand under a section on security or tell of an act under suspicion."""
    frame, source = sheet.frame, sheet.column_of("source_section")
    sections = frame[SECTION].tolist() if SECTION in frame else [""] * len(frame)
    own = frame[source].tolist() if source else [""] * len(frame)
    judged: dict[str, bool] = {}
    under = _SectionRule()
    secret = np.zeros(len(frame), dtype="bool")
    for i, (section, given, text) in enumerate(zip(sections, own, texts, strict=True)):
        closed = under(str(section)) or (isinstance(given, str) and _closes(_folded(given)))
        if text not in judged:
            judged[text] = _tells_of_acts(text)
        welcome = sheet.kind == "needs" and _WELCOME.search(text) is not None
        secret[i] = judged[text] or (closed and not welcome)
    return secret


class _SectionRule:
    """Follow the sections of a sheet: those numbered below a closed one are closed too."""

    def __init__(self) -> None:
        self._known: dict[str, bool] = {}
        self._closed = ""

    def __call__(self, section: str) -> bool:
        if section not in self._known:
            words = _folded(section)
            number = match[1] if (match := _NUMBER.match(words)) else ""
            below = bool(self._closed) and number.startswith(self._closed + ".")
            closes = _closes(words)
            if closes and number:
                self._closed = number
            self._known[section] = closes or below
        return self._known[section]


def _closes(words: str) -> bool:
    return bool(_AGENDA.match(words) or _SECURITY.search(words))


def _tells_of_acts(text: str) -> bool:
    if _ACT.search(text):
        return True
    return bool(_WATCH.search(text)) and not _WELCOME.search(text)


def _is_printed(text: str) -> bool:
    """Tell whether a form's own words, or a post, stand where a text belongs."""
    return bool(text) and bool(_PRINTED.fullmatch(text) or _POST.fullmatch(text))


def admit_sheets(sheets: Iterable[Sheet]) -> tuple[list[Sheet], list[Finding]]:
    """Return what may be ingested of the sheets of a file.

    Parameters
    ----------
    sheets : iterable of Sheet
        As `read_sheets` returns them.

    Returns
    -------
    sheets : list of Sheet
        Those that are not forbidden as a whole, without forbidden rows, persons' columns emptied.
    findings : list of Finding
        ``forbidden.attendance``, ``.household`` and ``.security`` with the number of rows left
        out, ``forbidden.blank_rows``, ``identifier.column_dropped``, ``identifier.removed``.

    Raises
    ------
    RefusedFile
        ``intake.forbidden``: the file holds a forbidden sheet and no table of a known kind.
    """
    admitted: list[Sheet] = []
    findings: list[Finding] = []
    barred: Counter[str] = Counter()
    known = False
    for sheet in sheets:
        reason = forbidden_sheet(sheet)
        if reason is not None:
            barred[reason] += len(sheet.frame)
            where = Where(sheet.source, sheet.name)
            count = str(len(sheet.frame))
            findings.append(Finding(f"forbidden.{reason}", "warning", where, count))
            continue
        known = known or sheet.kind != "unknown"
        kept, dropped = drop_forbidden(sheet)
        kept, withheld = withhold_persons(kept)
        admitted.append(kept)
        findings += [*dropped, *withheld]
    if barred and not known:
        found = ", ".join(f"{reason} {count}" for reason, count in sorted(barred.items()))
        raise RefusedFile("intake.forbidden", found=found)
    return admitted, findings
