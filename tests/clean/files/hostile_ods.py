"""Sheets of OpenDocument made to harm the one who opens them, or broken."""

from tests.clean.files.hostile_workbooks import packed
from tests.clean.parts import HEAD


def ods(table: str, **more: str | bytes) -> bytes:
    space = "urn:oasis:names:tc:opendocument:xmlns:"
    content = (
        f'<office:document-content xmlns:office="{space}office:1.0" xmlns:table="{space}table:1.0" '
        f'xmlns:text="{space}text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="ก">{table}</table:table></office:spreadsheet></office:body>'
        "</office:document-content>"
    )
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    return packed(
        {"mimetype": kind, "content.xml": content, "META-INF/manifest.xml": "<m/>", **more}
    )


def ods_cell(text: str, **attributes: object) -> str:
    more = "".join(f' table:{k.replace("_", "-")}="{v}"' for k, v in attributes.items())
    kind = 'office:value-type="string"'
    return f"<table:table-cell {kind}{more}><text:p>{text}</text:p></table:table-cell>"


def ods_rows(*lines: list[str]) -> str:
    return "".join(
        f"<table:table-row>{''.join(map(ods_cell, line))}</table:table-row>" for line in lines
    )


ODS_TABLE = ods_rows(HEAD, ["1", "ซ่อมถนน", "ตาชี", "100000"], ["2", "ประปาหมู่บ้าน", "เขาตูม", "50000"])

SHEETS = {
    "an ods named as another workbook": (ods(ODS_TABLE), ""),
    "an ods under a password": (
        ods(ODS_TABLE, **{"META-INF/manifest.xml": "<m><manifest:encryption-data/></m>"}),
        "refused.password",
    ),
    "an ods cut in half": (ods(ODS_TABLE)[:400], "refused.damaged"),
    "an ods of a billion rows": (
        ods(
            ODS_TABLE + f'<table:table-row table:number-rows-repeated="1073741824">{ods_cell("x")}'
            "</table:table-row>"
        ),
        "refused.",
    ),
    "an ods of a billion columns": (
        ods(
            ODS_TABLE + f"<table:table-row>{ods_cell('x', number_columns_repeated=1_073_741_824)}"
            "</table:table-row>"
        ),
        "refused.",
    ),
    "an ods with a negative count": (
        ods(
            ODS_TABLE + f"<table:table-row>{ods_cell('x', number_columns_repeated=-5)}"
            "</table:table-row>"
        ),
        "refused.",
    ),
}
