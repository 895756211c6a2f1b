"""The closed lists of our forms and correction sheets, in the words that the parsers know."""

from __future__ import annotations

import csv
from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import TYPE_CHECKING

from evallib.agencies import read_agencies
from evallib.places import area
from evallib.tables.cleaned import INDICATOR_SOURCES, PLANS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evallib.config import Settings

STATUS_WORDS = {
    "planned": "ยังไม่ดำเนินการ", "approved": "ได้รับอนุมัติ", "ongoing": "อยู่ระหว่างดำเนินการ",
    "completed": "แล้วเสร็จ", "delayed": "ล่าช้ากว่าแผน", "suspended": "ชะลอโครงการ",
    "cancelled": "ยกเลิก",
}  # fmt: skip
_FUNDS = ("งบประมาณแผ่นดิน", "งบจังหวัด", "งบ อปท.", "เงินนอกงบประมาณ", "เงินกู้", "อื่นๆ")
_SECTIONS = (
    "3.2 แผนงาน/เศรษฐกิจ", "3.3 แผนพื้นที่/งบ อปท.", "3.4 สังคม/สาธารณสุข/สวล.",
    "3.5 การศึกษา/ศาสนา/วัฒนธรรม", "3.6 อำนวยการ", "4 เรื่องเพื่อพิจารณา", "5 อื่นๆ",
)  # fmt: skip
# Columns that forms of other makers have and ours name differently.
LIST_OF_COLUMN = {
    "agency_raw": "agency", "place_raw": "place", "budget_type": "budget_type",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Choices:
    """Closed lists by name, and the tambons of each amphoe as ranges of the longest one.

    Parameters
    ----------
    lists : mapping of str to sequence of str
        Name of the list -> its words. ``tambon`` is in the order of ``amphoe_of_tambon``, so the
        tambons of an amphoe stand together; likewise ``amphoe``.
    amphoe_of_tambon, province_of_amphoe : sequence of str
        Name of the amphoe (province) of each entry.
    """

    lists: Mapping[str, Sequence[str]]
    amphoe_of_tambon: Sequence[str]
    province_of_amphoe: Sequence[str]

    def __getitem__(self, name: str) -> Sequence[str]:
        return self.lists[name]


def read_choices(settings: Settings | None = None) -> Choices:
    """Return every closed list, with the places of the area.

    Parameters
    ----------
    settings : Settings, optional
        Names the provinces and amphoe of the area.

    Examples
    --------
    >>> choices = read_choices()
    >>> len(choices["tambon"]), choices["province"]
    (290, ['สงขลา', 'ปัตตานี', 'ยะลา', 'นราธิวาส'])
    """
    places = area(settings)
    amphoe = places.drop_duplicates("amphoe_code")
    full = "ต." + places["tambon_th"] + " อ." + places["amphoe_th"] + " จ." + places["province_th"]
    lists: dict[str, Sequence[str]] = {
        "province": places["province_th"].drop_duplicates().tolist(),
        "amphoe": amphoe["amphoe_th"].tolist(),
        "tambon": places["tambon_th"].tolist(),
        "place": full.tolist(),
        "agency": _agencies(),
        "status": list(STATUS_WORDS.values()),
        "plan": PLANS,
        "fund": _FUNDS,
        "budget_type": ("งบดำเนินงาน", "งบลงทุน", "งบอุดหนุน", "งบรายจ่ายอื่น", "งบบุคลากร"),
        "sector": _sectors(),
        "section": _SECTIONS,
        "age": ("15–24", "25–39", "40–59", "60+"),
        "sex": ("หญิง", "ชาย", "ไม่ระบุ"),
        "yes_no": ("ใช่", "ไม่ใช่"),
        "scale": ("1", "2", "3", "4", "5"),
        "source": INDICATOR_SOURCES,
        "quarter": ("1", "2", "3", "4"),
        "confirmed": ("ใช่",),
    }
    return Choices(lists, places["amphoe_th"].tolist(), amphoe["province_th"].tolist())


@cache
def _sectors() -> tuple[str, ...]:
    file = resources.files("evallib") / "reference" / "sectors.csv"
    rows = csv.DictReader(file.read_text(encoding="utf-8").splitlines())
    return tuple(row["sector_th"] for row in rows)


@cache
def _agencies() -> tuple[str, ...]:
    agencies = read_agencies()
    return tuple(sorted(agencies.loc[agencies["valid_to_fy"].isna(), "name_th"]))
