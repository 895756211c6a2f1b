"""The five forms in which agencies report: columns, merged headings, and how they write values."""

from __future__ import annotations

from dataclasses import dataclass

QUARTER_BLOCKS = tuple(
    (f"q{q}_{what}_{kind}", (f"ไตรมาสที่ {q}", heading, {"plan": "แผน", "result": "ผล"}[kind]))
    for q in (1, 2, 3, 4)
    for what, heading in (("physical", "ผลการดำเนินงาน (ร้อยละ)"), ("disbursed", "เบิก-จ่าย (บาท)"))
    for kind in ("plan", "result")
)
PLACE_STYLES = {
    "B": "{moo}ต.{tambon} อ.{amphoe} จ.{province}",
    "C": "{moo}ต.{tambon} อ.{amphoe}",
    "D": "ตำบล{tambon}อำเภอ{amphoe}จังหวัด{province}",
    "E": "{moo}ต.{tambon} อ.{amphoe} จ.{province}",
}


@dataclass(frozen=True, slots=True)
class Layout:
    """One form.

    Parameters
    ----------
    columns : tuple of (field, headings)
        Fields from left to right, each with its headings from the top level down.
    dates : str
        ``long``, ``cell`` (a date cell), ``short`` (two-digit year), ``medium`` or ``slash``.
    million : bool
        Money stands in million baht, as the headings say.
    thai_digits : bool
        Numbers and dates are typed in Thai digits.
    as_text : bool
        Numbers are typed with their unit.
    by_province : bool
        One sheet a province, named after it.
    repeat_header : int
        Rows after which the header is repeated; 0: never.
    """

    columns: tuple[tuple[str, tuple[str, ...]], ...]
    dates: str
    million: bool = False
    thai_digits: bool = False
    as_text: bool = False
    by_province: bool = False
    repeat_header: int = 0

    @property
    def fields(self) -> list[str]:
        """Fields from left to right."""
        return [field for field, _ in self.columns]


def _one(*columns: tuple[str, str]) -> tuple[tuple[str, tuple[str, ...]], ...]:
    return tuple((field, (heading,)) for field, heading in columns)


FLAT = _one(
    ("no", "ที่"), ("code", "รหัสโครงการ"), ("title", "ชื่อโครงการ/กิจกรรม"), ("plan", "แผนงาน"),
    ("fund", "แหล่งงบประมาณ"), ("sector", "ด้าน"), ("goal", "วัตถุประสงค์"),
    ("target", "กลุ่มเป้าหมาย (ประเภท/คน)"), ("tambon", "ตำบล"), ("amphoe", "อำเภอ"),
    ("province", "จังหวัด"), ("budget", "งบประมาณที่ได้รับอนุมัติ (บาท)"), ("start", "วันเริ่มต้น"),
    ("end", "วันสิ้นสุด"), ("status", "สถานะ"), ("physical", "ผลการดำเนินงาน (ร้อยละ)"),
    ("disbursed", "เบิก-จ่าย (บาท)"), ("beneficiaries", "ผู้รับประโยชน์ (คน)"),
    ("notice", "ได้แจ้งประชาชนแล้ว (วันที่)"), ("problem", "ปัญหา/อุปสรรค"), ("note", "หมายเหตุ"),
)  # fmt: skip
FLAT_REORDERED = _one(
    ("no", "ลำดับที่"), ("title", "ชื่อโครงการ"), ("goal", "วัตถุประสงค์"),
    ("target", "กลุ่มเป้าหมาย (ประเภท/คน)"), ("tambon", "ตำบล"), ("amphoe", "อำเภอ"),
    ("province", "จังหวัด"), ("plan", "แหล่งที่มาของแผน"), ("fund", "แหล่งงบประมาณ"),
    ("sector", "ประเภท/ด้าน"), ("budget", "งบประมาณ (บาท)"), ("disbursed", "เบิก-จ่าย (บาท)"),
    ("physical", "ผลการดำเนินงาน (ร้อยละ)"), ("status", "สถานะ"), ("start", "วันเริ่มต้น"),
    ("end", "วันสิ้นสุด"), ("beneficiaries", "ผู้รับประโยชน์ (คน)"),
    ("notice", "ได้แจ้งประชาชนแล้ว (วันที่)"), ("problem", "ปัญหา/อุปสรรค"), ("note", "หมายเหตุ"),
)  # fmt: skip
TWO_LEVELS = (
    *_one(("no", "ที่"), ("title", "ชื่อโครงการ/กิจกรรม"), ("place", "พื้นที่ดำเนินการ"),
          ("target", "กลุ่มเป้าหมาย (ประเภท/คน)")),
    ("budget", ("การเบิกจ่ายงบประมาณ", "ได้รับอนุมัติ")),
    ("disbursed", ("การเบิกจ่ายงบประมาณ", "เบิก-จ่าย")),
    ("start", ("ระยะเวลา", "เริ่มต้น")),
    ("end", ("ระยะเวลา", "สิ้นสุด")),
    *_one(("status", "สถานะ"), ("physical", "ผลการดำเนินงาน (ร้อยละ)"),
          ("beneficiaries", "ผู้รับประโยชน์ (คน)"), ("problem", "ปัญหา/อุปสรรค/ข้อเสนอแนะ"),
          ("note", "หมายเหตุ")),
)  # fmt: skip
MILLIONS = _one(
    ("no", "ลำดับ"), ("title", "โครงการ/กิจกรรม"), ("place", "พื้นที่ดำเนินการ"),
    ("budget", "งบประมาณ (ล้านบาท)"), ("disbursed", "เบิกจ่าย (ล้านบาท)"),
    ("physical", "ผลการดำเนินงาน (ร้อยละ)"), ("start", "วันเริ่มต้น"), ("end", "วันสิ้นสุด"),
    ("status", "สถานะ"), ("problem", "ปัญหา/อุปสรรค"),
)  # fmt: skip
QUARTERS = (
    *_one(("no", "ที่"), ("code", "รหัสโครงการ"), ("title", "ชื่อโครงการ/กิจกรรม"),
          ("plan", "แผนงาน"), ("place", "พื้นที่ดำเนินการ"), ("budget", "งบประมาณที่ได้รับอนุมัติ (บาท)"),
          ("start", "วันเริ่มต้น"), ("end", "วันสิ้นสุด")),
    *QUARTER_BLOCKS,
    *_one(("status", "สถานะ"), ("note", "หมายเหตุ")),
)  # fmt: skip
COMPACT = _one(
    ("code", "เลขที่โครงการ"), ("title", "โครงการ"), ("agency", "หน่วยงานรับผิดชอบ"),
    ("place", "สถานที่"), ("budget", "งบประมาณ"), ("disbursed", "เบิกจ่าย"),
    ("physical", "ความก้าวหน้า (%)"), ("start", "วันเริ่มต้น"), ("end", "วันสิ้นสุด"),
    ("status", "สถานะ"), ("beneficiaries", "ผู้ได้รับประโยชน์ (คน)"), ("problem", "ปัญหา/อุปสรรค"),
)  # fmt: skip


def layout_of(key: str, agency: int) -> Layout:
    """Return the form of an agency; agencies of one form differ in columns and dates."""
    odd = agency % 4 == 2
    return {
        "A": Layout(FLAT_REORDERED if odd else FLAT, "cell" if odd else "long"),
        "B": Layout(TWO_LEVELS, "short", thai_digits=True, repeat_header=0 if odd else 40),
        "C": Layout(MILLIONS, "medium", million=True, by_province=True),
        "D": Layout(QUARTERS, "medium"),
        "E": Layout(COMPACT, "slash", as_text=True),
    }[key]
