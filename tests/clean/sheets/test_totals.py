"""A total is judged only where the rows above it are in order."""

from evallib.clean.sheets.totals import settle_totals
from evallib.findings import Finding

AT = "a.xlsx | s | {} | ระยะเวลา | งบ (บาท)"
TOTAL = Finding("header.total_differs", "warning", AT.format(9), "5.00 ≠ 4.00")


def settled(*others: Finding) -> tuple[str, str]:
    found = settle_totals([TOTAL, *others])
    assert [f for f in found if f.code != "header.total_unsettled"][-len(others) :] == list(others)
    return found[0].code, found[0].severity


def test_a_wrong_row_above_in_the_same_column_withholds_judgement() -> None:
    for code in ("amount.review", "intake.budget_missing", "intake.disbursed_over_budget"):
        row = Finding(code, "warning", AT.format(7))
        assert settled(row) == ("header.total_unsettled", "info")
    error = Finding("amount.unreadable", "error", AT.format(2))
    assert settled(error, Finding("x.y", "error", AT.format(20)))[1] == "info"


def test_anything_else_leaves_the_total_to_be_judged() -> None:
    others = (
        Finding("amount.review", "warning", AT.format(10)),  # below the total
        Finding("amount.review", "warning", "a.xlsx | s | 7 | another"),
        Finding("amount.review", "warning", AT.replace("| s |", "| t |").format(7)),
        Finding("date.era", "info", AT.format(7)),
        Finding("header.total_differs", "warning", AT.format(5)),  # a part's own total
        Finding("refused.damaged", "error", "b.xlsx"),
    )
    assert settled(*others) == ("header.total_differs", "warning")
