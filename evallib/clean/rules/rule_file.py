"""Files of rules: the package's ``reference/rules.csv``, and what an office adds in its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from importlib import resources
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from evallib.clean.rules.operators import COMPARISONS, HISTORY, OPERATORS
from evallib.clean.rules.rule import Condition, Operand, Rule
from evallib.clean.rules.values import DERIVED
from evallib.decisions import read_table
from evallib.errors import NotFound, SchemaError
from evallib.findings import SEVERITIES
from evallib.tables import contract

if TYPE_CHECKING:
    from collections.abc import Sequence


COLUMNS = (
    "rule", "table", "stage", "left", "operator", "right", "by", "when", "tolerance", "severity",
    "dimension", "th", "en",
)  # fmt: skip
JUDGED = (  # tables whose rows are held against rules
    "project_submissions", "projects", "needs", "beneficiary_survey", "indicators",
    "council_meetings", "council_activities",
)  # fmt: skip
DIMENSIONS = ("completeness", "timeliness", "consistency")
_AS_SENT = {  # columns that rows have beside those of their contract while they are being read
    "indicators": ("income", "population", "households", "out_of_school"),
    "needs": ("rank", "votes", "fiscal_year", "quarter"),
}
_CONDITION = re.compile(
    r"^(\w+)\s+(<=|>=|==|!=|<|>|not in|in)\s+(.+)$|^(\w+)\s*(<=|>=|==|!=|<|>)\s*(.+)$"
)
_SCALED = re.compile(r"^([\d.]+)\s*\*\s*(\w+)$")
_DATE = re.compile(r"^\d{4}-\d{2}-\d{2}$")
_NUMBER = re.compile(r"^-?\d+(?:\.\d+)?$")


def read_rules(path: str | Path | None = None) -> tuple[Rule, ...]:
    """Read rules: those of the package, or those that an office wrote in a file of its own.

    Parameters
    ----------
    path : path, optional
        A CSV with the columns ``COLUMNS``, such as ``data/reference/rules.csv``, in any form that
        `evallib.decisions.read_table` reads.

    Returns
    -------
    tuple of Rule
        In the order of the file.

    Raises
    ------
    NotFound
        There is no such file.
    SchemaError
        ``rules.broken``: a line that is no rule, with its number and column; and what
        `evallib.decisions.read_table` refuses.

    Examples
    --------
    >>> [rule.left for rule in read_rules() if rule.code == "intake.dates_reversed"]
    ['end_date']
    """
    if path is None:
        return _package_rules()
    file = Path(path)
    if not file.is_file():
        raise NotFound("rules.no_file", found=file.name)
    return _parse(file.read_bytes(), file.name, of_office=True)


@cache
def _package_rules() -> tuple[Rule, ...]:
    file = resources.files("evallib") / "reference" / "rules.csv"
    return _parse(file.read_bytes(), "rules.csv", of_office=False)


def _parse(content: bytes, file: str, *, of_office: bool) -> tuple[Rule, ...]:
    rules: list[Rule] = []
    table = read_table(content, needed=COLUMNS, file=file)
    for lost in table.findings:
        raise _broken(file, 1, "", lost.value, "UTF-8")
    if table.unnamed:
        raise _broken(file, 1, "", "", ", ".join(COLUMNS))
    for line in table.rows:
        if line.beyond:  # a comma without quotes moves words into the next column
            raise _broken(file, line.line, COLUMNS[-1], line.cells[COLUMNS[-1]], '"…, …"')
        cells = {name: line.cells[name].strip() for name in COLUMNS}
        rules.append(_Line(cells, file, line.line).rule(of_office=of_office))
        if rules[-1].code in {rule.code for rule in rules[:-1]}:
            raise _broken(file, line.line, "rule", rules[-1].code, "≠")
    return tuple(rules)


def _broken(file: str, line: int, column: str, found: str, known: str) -> SchemaError:
    return SchemaError(
        "rules.broken", file=file, line=line, column=column or "-", found=found or "-", known=known
    )


@dataclass(frozen=True, slots=True)
class _Line:
    """One line of a file of rules on its way to a rule."""

    cells: dict[str, str]
    file: str
    number: int

    def rule(self, *, of_office: bool) -> Rule:
        cells = self.cells
        for name in ("rule", "left", "th", "en"):
            if not cells[name]:
                raise self._wrong(name, "≠ ''")
        table = self._one_of("table", JUDGED)
        self._one_of("operator", OPERATORS)
        stage: Any = self._one_of("stage", ("sheet", "register"))
        if cells["operator"] in {*HISTORY, "share of MAD"} and stage != "register":
            raise self._wrong("stage", "register")
        # An error takes a value out of the tables: what that asks for is decided here, not there.
        severity: Any = self._one_of("severity", SEVERITIES[1:] if of_office else SEVERITIES)
        by = tuple(part.strip() for part in cells["by"].split("|") if part.strip())
        for name in cells["left"].split("+") if cells["operator"] == "not empty" else ():
            self._column("left", name)
        if cells["operator"] != "not empty":
            self._column("left", cells["left"])
        for name in by:
            self._column("by", name)
        right = self._right(cells["operator"], cells["right"], "right", cells["left"])
        return Rule(
            cells["rule"], table, stage, cells["left"], cells["operator"],
            right, by, self._when(), self._tolerance(), severity,
            self._one_of("dimension", DIMENSIONS), cells["th"], cells["en"], of_office,
        )  # fmt: skip

    def _wrong(self, column: str, known: str) -> SchemaError:
        return _broken(self.file, self.number, column, self.cells[column], known)

    def _one_of(self, column: str, known: Sequence[str]) -> str:
        if self.cells[column] not in known:
            raise self._wrong(column, ", ".join(known))
        return self.cells[column]

    def _column(self, cell: str, name: str) -> str:
        known = self._known()
        if name not in known:
            raise self._wrong(cell, ", ".join(known))
        return name

    def _known(self) -> tuple[str, ...]:
        table = self.cells["table"]
        return (*contract(table).names, *_AS_SENT.get(table, ()), *DERIVED)

    def _tolerance(self) -> float:
        written = self.cells["tolerance"] or "0"
        if not _NUMBER.match(written) or float(written) < 0:
            raise self._wrong("tolerance", ">= 0")
        return float(written)

    def _right(self, operator: str, written: str, cell: str, left: str) -> tuple[Operand, ...]:
        """Read the right side in the form that the operator asks for."""
        if operator in {"in", "not in"}:
            parts = [part.strip() for part in written.split("|") if part.strip()]
            if not parts:
                raise self._wrong(cell, "a|b|...")
            return tuple(Operand("", constant=part) for part in parts)
        count, separator = {"between": (2, ".."), "ratio to previous": (2, ".."), "sum of": (0, "+")
                            }.get(operator, (1, None))  # fmt: skip
        if operator in {"not empty", "unique", "not below previous", "not copied from previous"}:
            count = 0
        parts = [part.strip() for part in written.split(separator)] if separator else [written]
        operands = tuple(self._operand(part, cell, left) for part in parts if part)
        if (count and len(operands) != count) or (operator == "sum of" and len(operands) < 2):
            raise self._wrong(cell, {2: "a..b", 1: "a"}.get(count, "a + b"))
        constant = operator in {"ratio to previous", "share of MAD"}
        if constant and any(o.column or isinstance(o.constant, str) for o in operands):
            raise self._wrong(cell, "1.5")
        return operands

    def _texts(self) -> set[str]:
        """Return the columns that hold text, which alone may be held against a word."""
        columns = contract(self.cells["table"]).columns
        return {column.name for column in columns if column.kind == "str"}

    def _operand(self, written: str, cell: str, left: str) -> Operand:
        if _NUMBER.match(written):
            return Operand("", constant=float(written))
        if _DATE.match(written):
            return Operand("", constant=float(np.datetime64(written, "D").astype("int64")))
        if scaled := _SCALED.match(written):
            return Operand(self._column(cell, scaled[2]), factor=float(scaled[1]))
        if written in self._known():
            return Operand(written)
        if written and left in self._texts():
            return Operand("", constant=written)
        raise self._wrong(cell, ", ".join(self._known()))

    def _when(self) -> tuple[Condition, ...]:
        conditions = []
        for part in filter(None, map(str.strip, self.cells["when"].split(" and "))):
            match = _CONDITION.match(part)
            if match is None:
                raise self._wrong("when", " ".join((*COMPARISONS, "in", "not in")))
            left, operator, right = match.groups()[:3] if match[1] else match.groups()[3:]
            name = self._column("when", left)
            conditions.append(Condition(name, operator, self._right(operator, right, "when", name)))
        return tuple(conditions)
