"""What of a file may be ingested: sheets and rows that are forbidden and persons' columns stay out."""  # noqa: E501

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from evallib.clean.forbidden import drop_forbidden, forbidden_sheet
from evallib.clean.headings import recognise_kind
from evallib.clean.personal_columns import withhold_persons
from evallib.errors import RefusedFile
from evallib.findings import Finding

if TYPE_CHECKING:
    from collections.abc import Iterable

    from evallib.clean.read import Sheet


def admit_sheets(sheets: Iterable[Sheet]) -> tuple[list[Sheet], list[Finding]]:
    """Return what may be ingested of the sheets of a file.

    Parameters
    ----------
    sheets : iterable of Sheet
        As `read_sheets` returns them.

    Returns
    -------
    sheets : list of Sheet
        Those that are not forbidden as a whole, without forbidden rows, persons' columns emptied.
    findings : list of Finding
        ``forbidden.attendance``, ``.household`` and ``.security`` with the number of rows left
        out, ``forbidden.blank_rows``, ``identifier.column_dropped``, ``identifier.removed``.

    Raises
    ------
    RefusedFile
        ``intake.forbidden``: the file holds a forbidden sheet and no table of a known kind.
    """
    admitted: list[Sheet] = []
    findings: list[Finding] = []
    barred: Counter[str] = Counter()
    known = False
    for sheet in sheets:
        kind = recognise_kind(tuple(map(str, sheet.frame.columns)))
        reason = forbidden_sheet(sheet, kind)
        if reason is not None:
            barred[reason] += len(sheet.frame)
            where = f"{sheet.source} | {sheet.name} |  | "
            count = str(len(sheet.frame))
            findings.append(Finding(f"forbidden.{reason}", "warning", where, count))
            continue
        known = known or kind != "unknown"
        kept, dropped = drop_forbidden(sheet, kind)
        kept, withheld = withhold_persons(kept, kind)
        admitted.append(kept)
        findings += [*dropped, *withheld]
    if barred and not known:
        found = ", ".join(f"{reason} {count}" for reason, count in sorted(barred.items()))
        raise RefusedFile("intake.forbidden", found=found)
    return admitted, findings
