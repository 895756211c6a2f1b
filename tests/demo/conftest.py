"""One small demo for all tests, and readers that share no code with what wrote its files."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest
from lxml import html
from python_calamine import CalamineWorkbook

from evallib.demo import DemoReport, write_demo

Rows = dict[tuple[str, str, int], list[object]]  # (file, sheet, row from 1) -> cells


@dataclass(frozen=True)
class Demo:
    report: DemoReport
    rows: Rows

    def truth(self, name: str) -> pd.DataFrame:
        file = self.report.truth / f"{name}.csv"
        table = pd.read_csv(file, dtype="str", keep_default_na=False)
        return table.astype({"row": int}) if "row" in table else table


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Demo:
    out = tmp_path_factory.mktemp("demo") / "raw"
    report = write_demo(out, fraction=0.1)
    cut_off = set()
    defects = pd.read_csv(report.truth / "defects.csv", dtype="str", keep_default_na=False)
    for kind in ("file_cut_off", "file_repeated"):
        cut_off |= set(defects.loc[defects["kind"] == kind, "file"])
    rows: Rows = {}
    for file in sorted(out.rglob("*")):
        name = file.relative_to(out).as_posix()
        if file.is_file() and file.suffix != ".txt" and name not in cut_off:
            rows |= {(name, sheet, row): cells for sheet, row, cells in read_rows(file)}
    return Demo(report, rows)


def read_rows(file: Path) -> Iterator[tuple[str, int, list[object]]]:
    if file.suffix == ".xlsx":
        book = CalamineWorkbook.from_path(file)
        for sheet in book.sheet_names:
            grid = book.get_sheet_by_name(sheet).to_python(skip_empty_area=False)
            yield from ((sheet, i, cells) for i, cells in enumerate(grid, start=1))
    elif file.suffix == ".xls":
        (table,) = html.document_fromstring(file.read_bytes().decode("utf-8")).iter("table")
        for i, row in enumerate(table.iter("tr"), start=1):
            yield "", i, [cell.text_content() for cell in row]
    else:
        content = file.read_bytes()
        marked = content.startswith(b"\xef\xbb\xbf")
        text = content.decode("utf-8-sig" if marked else "cp874")
        yield from (
            ("", i, list(cells)) for i, cells in enumerate(csv.reader(io.StringIO(text)), start=1)
        )
