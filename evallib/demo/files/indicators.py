"""The indicators: one workbook a province and quarter, wide, one row a tambon."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.demo.files.sheets import Sheet, write_workbook
from evallib.demo.truth.outcomes import indicator_frame
from evallib.demo.wording import SYNTHETIC, pick, stream
from evallib.i18n import format_date

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from evallib.demo.files.cells import Cell
    from evallib.demo.truth.ledger import Ledger
    from evallib.demo.truth.world import World

FIELDS = {
    "income": "รายได้เฉลี่ยครัวเรือน (บาท/เดือน)",
    "population": "ประชากร (คน)",
    "households": "ครัวเรือน (ครัวเรือน)",
    "out_of_school": "เด็กไม่ได้เรียน (คน)",
}
MISSING_INCOME, TEXT_IN_NUMBER, MISSING = 0.002, 0.01, 0.01  # shares of rows
SHEET = "ตัวชี้วัด"


def write_indicators(folder: Path, world: World, ledger: Ledger) -> int:
    """Write every workbook of indicators; return the number of files."""
    values = indicator_frame(world)
    wide = {name: values[name].to_numpy().reshape(len(world.tambons), -1) for name in FIELDS}
    for t, period in enumerate(world.quarters):
        for province, places in world.tambons.groupby("province_th", sort=True):
            file = f"{period.fiscal_year}/Q{period.quarter}/ตัวชี้วัดรายตำบล {province}.xlsx"
            rng = stream(world.seed, file)
            sheet = Sheet(SHEET)
            sheet.add([f"ตัวชี้วัดรายตำบล จังหวัด{province} {SYNTHETIC}"])
            sheet.add([f"ปีงบประมาณ พ.ศ. {period.fiscal_year} ไตรมาสที่ {period.quarter}"])
            until = period.end.replace(day=int(rng.integers(20, 29)))
            sheet.add([f"ข้อมูล ณ วันที่ {format_date(until)}"])
            sheet.add_header(
                [("รหัสตำบล",), ("ตำบล",), ("อำเภอ",), *((h,) for h in FIELDS.values())]
            )
            for unit, place in zip(places.index, places.to_dict("records"), strict=True):
                cells = {name: int(wide[name][unit, t]) for name in FIELDS}
                row: list[Cell] = [place["tambon_code"], place["tambon_th"], place["amphoe_th"]]
                written, kind, note = _spoil(cells, rng)
                number = sheet.add([*row, *written])
                if kind:
                    ledger.defect(file, SHEET, number, kind, note)
            write_workbook(folder / file, [sheet])
    return len(world.quarters) * world.tambons["province_th"].nunique()


def _spoil(cells: dict[str, int], rng: np.random.Generator) -> tuple[list[Cell], str, str]:
    """Return the cells, now and then with a gap or with text where a number should stand."""
    written: dict[str, Cell] = dict(cells)
    chance = rng.random()
    if chance < MISSING_INCOME:
        written["income"] = pick(rng, (None, "-", "ไม่มีข้อมูล"))
        return list(written.values()), "missing_value", "income"
    if chance < MISSING_INCOME + MISSING:
        name = pick(rng, ("households", "out_of_school"))
        written[name] = pick(rng, (None, "-", "n/a"))
        return list(written.values()), "missing_value", name
    if chance < MISSING_INCOME + MISSING + TEXT_IN_NUMBER:
        name = pick(rng, ("income", "population"))
        shapes = {"income": f"{cells[name]:,} บาท", "population": f"{cells[name]:,} คน"}
        written[name] = shapes[name]
        return list(written.values()), "text_in_number", f"{name}: {written[name]}"
    return list(written.values()), "", ""
