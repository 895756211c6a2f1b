"""The parts of a workbook written by hand, for what no library would write."""

import zipfile
from pathlib import Path

from evallib.clean.sheets.hidden import column_letters

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
HEAD = ["ที่", "ชื่อโครงการ/กิจกรรม", "ตำบล", "งบประมาณ (บาท)"]


def inline(reference: str, text: str) -> str:
    """Return a cell of text."""
    return f'<c r="{reference}" t="inlineStr"><is><t>{text}</t></is></c>'


def rows(*lines: list[object]) -> str:
    """Return rows of a sheet from the top: texts, and numbers as they are."""
    written = []
    for r, line in enumerate(lines, 1):
        cells = [
            inline(f"{column_letters(c)}{r}", cell)
            if isinstance(cell, str)
            else f'<c r="{column_letters(c)}{r}"><v>{cell}</v></c>'
            for c, cell in enumerate(line)
        ]
        written.append(f'<row r="{r}">{"".join(cells)}</row>')
    return "".join(written)


TABLE = rows(HEAD, [1, "ซ่อมถนน", "ตาชี", 100_000], [2, "ประปาหมู่บ้าน", "เขาตูม", 50_000])


def sheet(data: str = TABLE, *, before: str = "", after: str = "") -> str:
    """Return the XML of a sheet; ``before`` and ``after`` stand around its data."""
    return f'<worksheet xmlns="{_MAIN}">{before}<sheetData>{data}</sheetData>{after}</worksheet>'


def xlsx_parts(*sheets: str) -> dict[str, str]:
    """Return path -> content of the least that passes for an xlsx."""
    numbers = range(1, len(sheets) + 1)
    listed = "".join(f'<sheet name="แผ่น {n}" sheetId="{n}" r:id="rId{n}"/>' for n in numbers)
    links = "".join(
        f'<Relationship Id="rId{n}" Type="{_OFFICE}/worksheet" Target="worksheets/sheet{n}.xml"/>'
        for n in numbers
    )
    return {
        "[Content_Types].xml": f'<Types xmlns="{_PACKAGE}/content-types">'
        '<Default Extension="rels" ContentType="application/xml"/></Types>',
        "_rels/.rels": f'<Relationships xmlns="{_PACKAGE}/relationships"><Relationship Id="rId1" '
        f'Type="{_OFFICE}/officeDocument" Target="xl/workbook.xml"/></Relationships>',
        "xl/workbook.xml": f'<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}">'
        f"<sheets>{listed}</sheets></workbook>",
        "xl/_rels/workbook.xml.rels": f'<Relationships xmlns="{_PACKAGE}/relationships">{links}'
        "</Relationships>",
        **{f"xl/worksheets/sheet{n}.xml": text for n, text in zip(numbers, sheets, strict=True)},
    }


def write_zip(path: Path, parts: dict[str, str | bytes]) -> Path:
    """Write an archive of these parts."""
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name, content)
    return path


def write_xlsx(path: Path, *sheets: str, **more: str | bytes) -> Path:
    """Write a workbook of these sheets; ``more`` adds or replaces parts by path."""
    return write_zip(path, {**xlsx_parts(*(sheets or (sheet(),))), **more})


def as_cp874(text: str, *, lose: str = "") -> str:
    """Read UTF-8 as cp874, as a program that was told nothing does; it keeps or loses controls."""
    known = {0x80, 0x85, *range(0x91, 0x98), *range(0xA0, 0xDB), *range(0xDF, 0xFC)}
    return "".join(
        bytes([byte]).decode("cp874") if byte < 0x80 or byte in known else lose or chr(byte)
        for byte in text.encode()
    )
