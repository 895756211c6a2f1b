"""Workbooks as somebody fills them in: cells of an xlsx changed, the rest left as it is."""

import re
import zipfile
from collections.abc import Mapping, Sequence
from io import BytesIO

from lxml import etree

from evallib.clean.sheets.hidden import column_letters

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
Cell = str | float | None


def fill(content: bytes, sheet: str, cells: Mapping[tuple[int, int], Cell]) -> bytes:
    """Return the workbook with some cells of a sheet replaced; rows and columns count from 0."""

    def change(root: etree._Element) -> None:
        rows = root.find(f"{MAIN}sheetData")
        by_row: dict[int, dict[int, Cell]] = {}
        for (r, c), value in cells.items():
            by_row.setdefault(r, {})[c] = value
        for r, values in sorted(by_row.items()):
            _set_row(rows, r, values)

    return _with_sheet(content, sheet, change)


def move_columns(content: bytes, sheet: str, order: Sequence[int]) -> bytes:
    """Return the workbook with the columns of a sheet in another order: ``order[new] = old``."""
    new = {old: place for place, old in enumerate(order)}

    def change(root: etree._Element) -> None:
        for row in root.iter(f"{MAIN}row"):
            held = list(row)
            for cell in held:
                _, c = _place(cell.get("r"))
                cell.set("r", f"{column_letters(new.get(c, c))}{row.get('r')}")
            row[:] = sorted(held, key=lambda cell: _place(cell.get("r"))[1])
        for tag in ("dataValidations", "conditionalFormatting", "mergeCells"):
            for element in root.findall(f"{MAIN}{tag}"):
                root.remove(element)

    return _with_sheet(content, sheet, change)


def drop_rows(content: bytes, sheet: str, gone: Sequence[int]) -> bytes:
    """Return the workbook with some rows emptied."""

    def change(root: etree._Element) -> None:
        for row in list(root.iter(f"{MAIN}row")):
            if int(row.get("r")) - 1 in gone:
                row.getparent().remove(row)

    return _with_sheet(content, sheet, change)


def _with_sheet(content: bytes, sheet: str, change) -> bytes:
    out = BytesIO()
    with zipfile.ZipFile(BytesIO(content)) as old, zipfile.ZipFile(out, "w", 8) as new:
        book = etree.fromstring(old.read("xl/workbook.xml"))
        links = etree.fromstring(old.read("xl/_rels/workbook.xml.rels"))
        wanted = next(s for s in book.iter(f"{MAIN}sheet") if s.get("name") == sheet)
        target = next(k.get("Target") for k in links if k.get("Id") == wanted.get(RELATION))
        for info in old.infolist():
            data = old.read(info.filename)
            if info.filename == f"xl/{target}":
                root = etree.fromstring(data)
                change(root)
                data = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
            new.writestr(zipfile.ZipInfo(info.filename), data, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _set_row(rows: etree._Element, r: int, values: Mapping[int, Cell]) -> None:
    row = next((x for x in rows if int(x.get("r")) == r + 1), None)
    if row is None:
        row = etree.Element(f"{MAIN}row", r=str(r + 1))
        after = [x for x in rows if int(x.get("r")) > r + 1]
        rows.insert(list(rows).index(after[0]) if after else len(rows), row)
    for c, value in sorted(values.items()):
        reference = f"{column_letters(c)}{r + 1}"
        cell = next((x for x in row if x.get("r") == reference), None)
        if cell is None:
            cell = etree.Element(f"{MAIN}c", r=reference)
            later = [x for x in row if _place(x.get("r"))[1] > c]
            row.insert(list(row).index(later[0]) if later else len(row), cell)
        _set_cell(cell, value)


def _set_cell(cell: etree._Element, value: Cell) -> None:
    cell[:] = []
    cell.attrib.pop("t", None)
    if isinstance(value, str):
        cell.set("t", "inlineStr")
        etree.SubElement(etree.SubElement(cell, f"{MAIN}is"), f"{MAIN}t").text = value
    elif value is not None:
        etree.SubElement(cell, f"{MAIN}v").text = repr(value)


def _place(reference: str) -> tuple[int, int]:
    letters, digits = re.fullmatch(r"([A-Z]+)(\d+)", reference).groups()
    column = 0
    for letter in letters:
        column = column * 26 + ord(letter) - 64
    return int(digits) - 1, column - 1
