"""Delimited files, pages and XML exports made to harm the one who opens them, or broken."""

import codecs

from tests.clean.parts import HEAD, as_cp874

LINE = ",".join(HEAD)
CSV = f"{LINE}\n1,ซ่อมถนน,ตาชี,100000\n2,ประปาหมู่บ้าน,เขาตูม,50000\n"
SPACE = "urn:schemas-microsoft-com:office:spreadsheet"


def page(*rows: str, before: str = "", after: str = "") -> bytes:
    head = "".join(f"<th>{heading}</th>" for heading in HEAD)
    table = f"<table><tr>{head}</tr>{''.join(rows)}</table>"
    return f"<html><body>{before}{table}{after}</body></html>".encode()


def tr(*cells: object, attribute: str = "") -> str:
    return f"<tr>{''.join(f'<td {attribute}>{cell}</td>' for cell in cells)}</tr>"


GOOD = tr(1, "ซ่อมถนน", "ตาชี", 100_000) + tr(2, "ประปาหมู่บ้าน", "เขาตูม", 50_000)


def export(table: str, *, prolog: str = "") -> bytes:
    head = "".join(f'<Cell><Data ss:Type="String">{heading}</Data></Cell>' for heading in HEAD)
    return (
        f'<?xml version="1.0"?>{prolog}<Workbook xmlns="{SPACE}" xmlns:ss="{SPACE}">'
        f'<Worksheet ss:Name="ก"><Table><Row>{head}</Row>{table}</Table></Worksheet></Workbook>'
    ).encode()


def cell(text: object, attributes: str = "") -> str:
    return f'<Cell {attributes}><Data ss:Type="String">{text}</Data></Cell>'


def index(at: int) -> str:
    return f'ss:Index="{at}"'


EXPORT = export(f"<Row>{cell(1)}{cell('ซ่อมถนน')}{cell('ตาชี')}{cell(100_000)}</Row>")
LAUGHS = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10}">' for i in range(1, 12))
BOMB = f'<!DOCTYPE w [<!ENTITY l0 "ha">{LAUGHS}]>'
THIEF = '<!DOCTYPE w [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
MILLION = 1_000_000

TEXTS = {
    # Delimited
    "nothing": (b"", "refused.empty"),
    "one byte": (b"1", "refused.no_header"),
    "one zero byte": (b"\0", "refused.not_a_table"),
    "spaces and line ends": (b" \r\n" * 5_000, "refused.no_header"),
    "a mark and nothing else": (codecs.BOM_UTF8, "refused.no_header"),
    "half a mark": (b"\xef\xbb", "refused."),
    "a mark of UTF-16 and half a letter": (codecs.BOM_UTF16_LE + b"\x01", "refused.damaged"),
    "a separator stated and nothing else": (b"sep=;\r\n", "refused.no_header"),
    "a line of a million columns": (b"a," * MILLION, "refused.too_wide"),
    "3,000 columns": (CSV.encode() + b"1," * 3_000 + b"\n", "refused.too_wide"),
    "one line of 2 MB": (CSV.encode() + b"x" * 2 * MILLION, "refused.too_wide"),
    "250,000 lines": (f"{CSV}{'3,ฝาย' * 1}\n".encode() + b"3,x\n" * 250_000, "refused.too_wide"),
    "a quote that never ends": (f'{CSV}3,"ฝาย,ตาชี,1\n'.encode() + b"4,x\n" * 9, "refused.damaged"),
    "a quote that ends too early": (f'{CSV}3,"ฝาย"ใหญ่,ตาชี,1\n'.encode(), "refused.damaged"),
    "zero bytes between texts": (CSV.replace("ตาชี", "ตา\0ชี").encode(), "refused.not_a_table"),
    "zero bytes far behind": (
        (CSV + "3,ก,ข,1\n" * 999 + "4,\0,ข,1\n").encode(),
        "refused.not_a_table",
    ),
    "Japanese": ("東京,大阪\n".encode("shift-jis") * 50, "refused.encoding"),
    "noise": (bytes((i * 7919 >> 3) % 223 + 33 for i in range(9_000)), "refused."),
    "UTF-16 cut in a letter": (CSV.encode("utf-16")[:-1], "refused.damaged"),
    "UTF-8 cut in a letter": (CSV.encode()[:-11] + b"\xe0\xb8", "read.characters_lost"),
    "UTF-8 read as cp874": (as_cp874(CSV).encode(), "read.mojibake_repaired"),
    "TIS-620 read as Latin-1": (
        CSV.encode("cp874").decode("latin-1").encode(),
        "read.mojibake_repaired",
    ),
    "letters that were lost": (CSV.replace("ถ", "เธ\ufffd" * 20).encode(), "text.mojibake_lost"),
    "lines of two encodings": (
        CSV.encode() + "3,ฝาย,ตาชี,7000\n".encode("cp874"),
        "read.encoding_mixed",
    ),
    "formulas for whoever opens it": (
        f"{CSV}=cmd|' /C calc'!A0,=HYPERLINK(1),@SUM(A1),+1+1\n".encode(),
        "amount.review",
    ),
    "a line of headings from right to left": (
        CSV.replace("งบ", "\u202eงบ").encode(),
        "read.directions",
    ),
    "headings of zero width": (CSV.replace("งบ", "ง\u200bบ\ufeff").encode(), ""),
    "prose": ("สวัสดี\nวันนี้ฝนตก\n".encode() * 40, "refused.no_header"),
    "a script of the shell": (b"#!/bin/sh\nrm -rf /\n", "refused."),
    # Pages
    "a page without a table": (b"<html><body>hello</body></html>", "refused.not_a_table"),
    "a page that runs a program": (
        page(GOOD, before="<script>while(1){}</script>", after="<iframe src='file:///etc'>"),
        "",
    ),
    "a page with a huge colspan": (
        page(GOOD, tr("x", attribute='colspan="999999999"')),
        "header.footers",
    ),
    "a page with a huge rowspan": (
        page(GOOD, tr("x", attribute='rowspan="999999999"')),
        "header.footers",
    ),
    "a page with negative spans": (
        page(GOOD, tr("x", attribute='colspan="-1" rowspan="0"')),
        "header.footers",
    ),
    "a page of spans upon spans": (
        page(*(tr("x", attribute='colspan="500" rowspan="500"') for _ in range(500))),
        "refused.",
    ),
    "a page of a million columns": (page(f"<tr>{'<td>1' * MILLION}</tr>"), "refused."),
    "a page of 250,000 rows": (page("<tr><td>1" * 250_000), "refused."),
    "a page of tables within tables": (b"<table><tr><td>" * 20_000 + b"x", "refused."),
    "a page of 2,000 tables": (page(GOOD) * 2_000, "refused.too_wide"),
    "a page of elements within elements": (page(GOOD, before="<div>" * 100_000), "refused.damaged"),
    "a page with a cell of elements within elements": (
        page(GOOD, tr("<div>" * 999), GOOD),
        "refused.damaged",
    ),
    "a page with a cell of 11 MB": (page(GOOD, tr("x" * 11 * MILLION), GOOD), "refused.damaged"),
    "a page with a comment that never ends": (page(GOOD, "<!-- ", GOOD), "read.rows_unread"),
    "a page with a script that never ends": (page(GOOD, "<script>", GOOD), "read.rows_unread"),
    "a page cut in a tag": (page(GOOD)[:-40], "read.page_cut"),
    "a page that lies about its encoding": (
        page(GOOD).decode().replace("<body>", '<meta charset="utf-7">').encode("cp874"),
        "",
    ),
    "a page with references to no letter": (
        page(GOOD, tr("&#0;&#xD800;&#x110000;", "ฝาย")),
        "intake.budget_missing",
    ),
    "a page with entities that multiply": (
        BOMB.encode() + page(GOOD, tr("&l11;")),
        "header.footers",
    ),
    # SpreadsheetML
    "an export with entities that multiply": (
        export(f"<Row>{cell('&l11;')}</Row>", prolog=BOMB),
        "refused.damaged",
    ),
    "an export that asks for a file": (
        export(f"<Row>{cell('&x;')}</Row>", prolog=THIEF),
        "refused.damaged",
    ),
    "an export with a far index": (
        export(f"<Row>{cell('x', index(999999999))}</Row>"),
        "refused.too_wide",
    ),
    "an export with a negative index": (
        export(f"<Row>{cell('1')}{cell('ซ่อมถนน', index(-7))}</Row>"),
        "intake.budget_missing",
    ),
    "an export with a far row": (export('<Row ss:Index="1048576"/>'), "refused.too_wide"),
    "an export of wide rows": (export(f"<Row>{cell('x', index(1999))}</Row>" * 20_000), "refused."),
    "an export cut short": (EXPORT[:-90], "refused.damaged"),
    "an export of elements within elements": (
        export("<Row><Cell>" + "<Data>" * 9_999),
        "refused.damaged",
    ),
}
