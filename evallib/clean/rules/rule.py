"""A rule about the rows of a table: its parts, as they stand in a file of rules."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from evallib.findings import Severity

Stage = Literal["sheet", "register"]


@dataclass(frozen=True, slots=True)
class Operand:
    """``factor * column``, or a constant where ``column`` is empty."""

    column: str
    factor: float = 1.0
    constant: float | str = 0.0


@dataclass(frozen=True, slots=True)
class Condition:
    """One part of ``when``: only rows for which all parts hold are judged."""

    left: str
    operator: str
    right: tuple[Operand, ...]


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule: ``left operator right`` must hold in every row for which ``when`` holds.

    Parameters
    ----------
    code : str
        Code of its finding.
    table : str
        Contract whose rows it judges.
    stage : {"sheet", "register"}
        Judged in each sheet alone, or when all files are together.
    left, operator, right : str, str, tuple of Operand
        The relation; ``OPERATORS`` lists the operators.
    by : tuple of str
        Columns that make a group, for operators that look at other rows.
    when : tuple of Condition
        All must hold.
    tolerance : float
        In the unit of ``left``, days for dates.
    severity : {"error", "warning", "info"}
        The value of ``left`` that breaks an ``error`` is not used.
    dimension : {"completeness", "timeliness", "consistency"}
        Quality score in which it counts.
    th, en : str
        What it says, with ``{value}`` for what was found.
    """

    code: str
    table: str
    stage: Stage
    left: str
    operator: str
    right: tuple[Operand, ...]
    by: tuple[str, ...]
    when: tuple[Condition, ...]
    tolerance: float
    severity: Severity
    dimension: str
    th: str
    en: str
    of_office: bool = False

    @property
    def lefts(self) -> tuple[str, ...]:
        """Columns of which one must be filled, for ``not empty``."""
        return tuple(self.left.split("+"))
