"""The data dictionary, printed from the contracts so that the two cannot drift apart."""

from __future__ import annotations

from evallib.tables import contracts as tables

KINDS = {
    "str": "ข้อความ / text",
    "int": "จำนวนเต็ม / integer",
    "float": "จำนวน / number",
    "baht": "บาท ทศนิยม 2 ตำแหน่ง / baht, decimal(18,2)",
    "date": "วันที่ (ค.ศ.) / date (CE)",
    "bool": "จริง-เท็จ / true or false",
}
HEAD = """# พจนานุกรมข้อมูล / Data dictionary

ตารางของฐานข้อมูลการประเมินผล สร้างจาก `evallib.tables` ห้ามแก้ด้วยมือ: `evallib.tables.dictionary` เป็นผู้เขียน
The tables of the evaluation database, printed from `evallib.tables`. Do not edit by hand:
`evallib.tables.dictionary` writes this page.

- เงินทุกช่องเป็นบาท ไม่ใช่ล้านบาท; วันที่เก็บเป็นคริสต์ศักราช แสดงเป็นพุทธศักราช; ปีงบประมาณเป็นพุทธศักราช
- Money is in baht, never in million baht; dates are stored in the Common Era and shown in the
  Buddhist Era; fiscal years are in the Buddhist Era.
- ตาราง "สร้างใหม่" ถูกแทนที่ทั้งชุดทุกครั้งที่นำเข้าข้อมูล; ตาราง "สะสม" เพิ่มขึ้นทุกครั้งที่ประมวลผล
- A *rebuilt* table is replaced by each ingest; a *grown* table is added to by each run.
"""


def data_dictionary() -> str:
    """Return the data dictionary in Thai and English as Markdown.

    Returns
    -------
    str
        One section a table, in the order of the contracts, one line a column.

    Examples
    --------
    >>> data_dictionary().splitlines()[0]
    '# พจนานุกรมข้อมูล / Data dictionary'
    """
    return "\n".join([HEAD, *map(_section, tables.tables().values())])


def _section(table: tables.Table) -> str:
    growth = "สะสม / grown" if table.grown else "สร้างใหม่ / rebuilt"
    key = ", ".join(f"`{name}`" for name in table.key) or "–"
    return "\n".join([
        f"## `{table.name}`: {table.th} / {table.en}",
        "",
        f"{growth}; คีย์ / key: {key}",
        "",
        "| คอลัมน์ / column | ความหมาย / meaning | ชนิด / kind | หน่วย / unit "
        "| ว่างได้ / may be empty | ค่าที่รับ / allowed |",
        "|---|---|---|---|---|---|",
        *map(_line, table.columns),
        "",
    ])  # fmt: skip


def _line(column: tables.Column) -> str:
    cells = (
        f"`{column.name}`",
        f"{column.th} / {column.en}",
        KINDS[column.kind],
        column.unit,
        "ได้ / yes" if column.nullable else "ไม่ได้ / no",
        _allowed(column),
    )
    return "| " + " | ".join(cell.replace("|", r"\|") for cell in cells) + " |"


def _allowed(column: tables.Column) -> str:
    if column.allowed:
        return ", ".join(column.allowed)
    low = "" if column.low is None else f"≥ {column.low:g}"
    high = "" if column.high is None else f"≤ {column.high:g}"
    return ", ".join(part for part in (low, high) if part)
