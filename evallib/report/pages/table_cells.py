"""How the cells of a table are written: numbers, money, percent and dates of each language."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Any

from evallib.i18n import format_date, format_number, text
from evallib.report.plain import exact_text, is_missing

if TYPE_CHECKING:
    from collections.abc import Callable

    from evallib.report.document import Table

NOTHING = "–"
# A heading that already names its unit does not get it a second time.
UNIT_SIGNS = {
    "baht": ("บาท", "baht", "THB"),
    "million_baht": ("บาท", "baht", "THB"),
    "percent": ("ร้อยละ", "%", "percent", "per cent"),
}


def table_view(table: Table) -> dict[str, Any]:
    """Return headings, rows of (text, hidden) and alignment, ready to be shown.

    A missing value is a dash; in a table about people a missing number is marked as hidden,
    because a reader must not mistake it for none.
    """
    names = [str(name) for name in table.frame.columns]
    written = [table.formats.get(name, "text") for name in names]
    columns = [
        [_cell(value, form, table) for value in table.frame.iloc[:, i].tolist()]
        for i, form in enumerate(written)
    ]
    rows = [list(row) for row in zip(*columns, strict=True)] if columns else []
    return {
        "heads": [
            {"text": _heading(label, form, table.language), "form": _shape(form)}
            for label, form in zip(table.columns, written, strict=True)
        ],
        "rows": rows,
        "shapes": [_shape(form) for form in written],
        "row_heads": bool(written) and written[0] == "text",
        "has_hidden": any(cell["hidden"] for row in rows for cell in row),
    }


def _shape(form: str) -> str:
    return form if form in {"text", "date"} else "number"


def _heading(label: str, form: str, language: str) -> str:
    signs = UNIT_SIGNS.get(form, ())
    if not signs or any(sign.lower() in label.lower() for sign in signs):
        return label
    return f"{label} ({text(f'frame.unit.{form}', language)})"


def _cell(value: Any, form: str, table: Table) -> dict[str, Any]:
    if is_missing(value):
        hidden = table.people and _shape(form) == "number"
        return {"text": text("frame.hidden", table.language) if hidden else NOTHING,
                "hidden": hidden}  # fmt: skip
    return {"text": exact_text(_WRITERS[form](value, table.language)), "hidden": False}


def _write_date(value: Any, language: str) -> str:
    return format_date(value, language) if isinstance(value, date) else exact_text(value)


def _write_p(value: float, language: str) -> str:
    """Write a p value: three decimals, and never a bare zero."""
    return "< 0.001" if value < 0.001 else format_number(value, language, decimals=3)


_WRITERS: dict[str, Callable[[Any, str], str]] = {
    "text": lambda value, _: exact_text(value),
    "written": lambda value, _: exact_text(value),
    "int": format_number,
    "number1": lambda value, language: format_number(value, language, decimals=1),
    "baht": format_number,
    "million_baht": lambda value, language: format_number(value / 1e6, language, decimals=2),
    "percent": lambda value, language: format_number(100 * value, language, decimals=1),
    "date": _write_date,
    "p": _write_p,
}
