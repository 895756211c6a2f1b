"""The lists of needs: one CSV in the old Thai code page for each amphoe and quarter."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING, Any

from evallib.demo.files.cells import write_day
from evallib.demo.files.identifiers import plant_identifiers
from evallib.demo.wording import SYNTHETIC, misspell_place, pick, stream, topics
from evallib.i18n import format_date

if TYPE_CHECKING:
    from pathlib import Path

    import numpy as np

    from evallib.demo.truth.ledger import Ledger
    from evallib.demo.truth.needs import Needs
    from evallib.demo.truth.world import World

ENCODING = "cp874"
IDENTIFIERS, PLACE_MISSPELT, NO_COUNT = 0.012, 0.02, 0.015  # shares of rows
DATE_STYLES = ("long", "medium", "short", "slash")


def needs_files(world: World) -> list[tuple[str, str, int]]:
    """Return (file, amphoe code, quarter) of every list, in the order in which they are written."""
    named = world.tambons.drop_duplicates("amphoe_code").sort_values("amphoe_code")
    codes, names = named["amphoe_code"].tolist(), named["amphoe_th"].tolist()
    return [
        (f"{q.fiscal_year}/Q{q.quarter}/ความต้องการ_อ.{name}.csv", code, t)
        for t, q in enumerate(world.quarters)
        for code, name in zip(codes, names, strict=True)
    ]


def write_needs_lists(folder: Path, world: World, stated: Needs, ledger: Ledger) -> int:
    """Write every list and note which need stands in which line; return the number of files."""
    amphoe = world.tambons["amphoe_code"].to_numpy()
    rows = stated.statements
    groups: dict[Any, list[dict[Any, Any]]] = {
        key: group.to_dict("records")
        for key, group in rows.groupby([rows["t"], amphoe[rows["unit"]]], sort=True)
    }
    written = 0
    for file, code, t in needs_files(world):
        lines = groups.get((t, code))
        if lines:
            _write_list(folder / file, file, lines, world=world, stated=stated, ledger=ledger)
            written += 1
    return written


def _write_list(
    path: Path, file: str, lines: list[dict[Any, Any]], *,
    world: World, stated: Needs, ledger: Ledger,
) -> None:  # fmt: skip
    rng = stream(world.seed, file)
    period = world.quarters[int(lines[0]["t"])]
    place = world.tambons.iloc[int(lines[0]["unit"])]
    ranked = int(place["amphoe_code"]) % 2 == 0
    style = DATE_STYLES[int(place["amphoe_code"]) % len(DATE_STYLES)]
    quarter = f"ไตรมาสที่ {period.quarter} ปีงบประมาณ พ.ศ. {period.fiscal_year}"
    until = format_date(period.end.replace(day=25))
    grid: list[list[Any]] = [
        [f"บัญชีความต้องการของประชาชน {quarter} {SYNTHETIC}"],
        [f"อำเภอ{place['amphoe_th']} จังหวัด{place['province_th']} ข้อมูล ณ วันที่ {until}"],
        ["ลำดับที่", "ตำบล", "หมู่ที่", "ความต้องการของประชาชน",
         "ลำดับความสำคัญ" if ranked else "คะแนน/จำนวนผู้เห็นชอบ",
         "ผู้ได้รับประโยชน์ (คน)", "วันที่ประชุม"],
    ]  # fmt: skip
    names = world.tambons["tambon_th"].tolist()
    rank: dict[int, int] = {}
    for number, line in enumerate(lines, start=1):
        unit = line["unit"]
        rank[unit] = rank.get(unit, 0) + 1
        cells = [
            number, names[unit], line["moo"], line["text"],
            rank[unit] if ranked else line["votes"], line["people"] or "",
            write_day(stated.meeting_day(world, unit, line["t"]), style),
        ]  # fmt: skip
        _spoil(cells, (file, len(grid) + 1), ledger, rng)
        grid.append(cells)
        _note(line, (file, len(grid)), world, stated, ledger)
    text = io.StringIO()
    csv.writer(text, lineterminator="\r\n").writerows(grid)
    path.write_bytes(text.getvalue().encode(ENCODING))


def _spoil(
    cells: list[Any], place: tuple[str, int], ledger: Ledger, rng: np.random.Generator
) -> None:
    """Plant a person's traces, a misspelt tambon or a missing number in a few lines."""
    file, row = place
    chance = rng.random()
    if chance < IDENTIFIERS:
        sentence, planted = plant_identifiers(rng)
        cells[3] = f"{cells[3]} {sentence}"
        ledger.identifiers(file, "", row, planted)
    elif chance < IDENTIFIERS + PLACE_MISSPELT:
        right = str(cells[1])
        cells[1] = misspell_place(right, rng)
        ledger.defect(file, "", row, "place_misspelt", f"{right} -> {cells[1]}")
    elif chance < IDENTIFIERS + PLACE_MISSPELT + NO_COUNT:
        cells[4] = pick(rng, ("", "-"))
        ledger.defect(file, "", row, "missing_value", "rank or votes")


def _note(
    line: dict[Any, Any], place: tuple[str, int], world: World, stated: Needs, ledger: Ledger
) -> None:
    """Record what a line says: no need, one, or two."""
    code = world.tambons["tambon_code"].to_numpy()[line["unit"]]
    period = str(world.quarters[int(line["t"])])
    said = [i for i in (line["need"], line["second"]) if i >= 0]
    if not said:
        ledger.notes["needs"].append((*place, "", code, "OTH", "", period))
    for i in said:
        topic = topics()[stated.needs["topic"].to_numpy()[i]]
        need_id = stated.needs["true_need_id"].to_numpy()[i]
        ledger.notes["needs"].append((*place, need_id, code, topic.sector, topic.key, period))
