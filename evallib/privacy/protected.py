"""What may be printed about people: numbers in tens that add up, shares and means of these."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import product
from math import ceil, floor
from typing import TYPE_CHECKING, Any

import pandas as pd

from evallib.errors import SchemaError
from evallib.i18n import format_number
from evallib.privacy.blocks import sum_blocks
from evallib.privacy.told import EVERYONE, PEOPLE, Told, name_of_category, name_of_table

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from evallib.findings import Finding

NOTHING = "–"
SHARE = (0, 1)  # an answer of yes or no; it is written in per cent


@dataclass(frozen=True, slots=True, kw_only=True, eq=False)
class PrintedTable:
    """A table about people in the only form in which a report may show it.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (categories, 2 + measures)
        What a reader sees, as text: the category, in a column for each by which people are told
        apart, ``n``, and each measure. Everyone together is the last row where it was asked for.
    numbers : pandas.DataFrame, shape (categories, 4 + 3 * measures)
        The same for drawings: ``n``, ``n_low``, ``n_high`` (people) and for each measure its
        value, ``<measure>_low`` and ``<measure>_high``: between what a reader knows it to lie.
    by : str
        Column of the categories; of a crossing, its columns with ``×`` between.
    findings : tuple of Finding
        What was noticed; none of it tells what is not printed.
    """

    frame: pd.DataFrame
    numbers: pd.DataFrame
    by: str
    findings: tuple[Finding, ...] = ()

    @property
    def status(self) -> pd.Series:
        """``"shown"`` for each row: what may not be shown is not in the table."""
        return pd.Series("shown", index=self.frame.index)


@dataclass(frozen=True, slots=True)
class Printed:
    """One figure as it is printed, and between what a reader knows the true one to lie."""

    text: str
    value: float | None
    low: float
    high: float


@dataclass(frozen=True, slots=True, eq=False)
class ProtectedNumbers:
    """All numbers about some people, rounded once; whatever is printed of them comes from here.

    Parameters
    ----------
    rounded : pandas.DataFrame
        As `evallib.privacy.blocks.round_blocks` returns it.
    told : Told
        What may be told.
    answers : mapping of str to (int, int)
        Least and greatest answer of each measure.
    findings : tuple of Finding
    """

    rounded: pd.DataFrame
    told: Told
    answers: Mapping[str, tuple[int, int]]
    findings: tuple[Finding, ...] = ()

    def people(self, table: str = EVERYONE, category: object = EVERYONE) -> Printed:
        """Return the number of people of a category, of everyone when left out."""
        n, _ = sum_blocks(self.rounded, table, category, PEOPLE)
        most = n.high or self.told.threshold  # no block at all
        text = format_number(n.value) if n.value else f"≤ {format_number(most)}"
        return Printed(text, float(n.value) if n.value else None, n.low, n.high)

    def measure(self, name: str, table: str = EVERYONE, category: object = EVERYONE) -> Printed:
        """Return a share or a mean of a category, of everyone when left out.

        It has no value where its base may be small in every block, or where it is so near an end
        that only a limit can be told.
        """
        least, greatest = self.answers[name]
        points, n = sum_blocks(self.rounded, table, category, name)
        if not n.value:
            return Printed(NOTHING, None, least, greatest)
        low = least + points.low / n.value
        high = min(float(greatest), least + points.high / n.value)
        if not points.value:
            return Printed(f"≤ {self._written(name, high, ceil)}", None, least, high)
        value = least + points.value / n.value
        if value >= greatest:
            return Printed(f"≥ {self._written(name, low, floor)}", None, low, greatest)
        return Printed(self._written(name, value, round), value, low, high)

    def table(
        self,
        by: str | Sequence[str],
        *,
        measures: Sequence[str] = (),
        labels: Sequence[str] = (),
        everyone: str | None = None,
    ) -> PrintedTable:
        """Return a table as it is printed.

        Parameters
        ----------
        by : str or sequence of str
            One of the columns by which people are told apart, or the columns of a crossing.
        measures : sequence of str
        labels : sequence of str, optional
            Names of the categories of one column for readers, in their order.
        everyone : str, optional
            Name of a last row for all together.

        Raises
        ------
        SchemaError
            People are not told apart by ``by``, or labels are not as many as categories.
        """
        columns = (by,) if isinstance(by, str) else tuple(by)
        name = name_of_table(columns)
        if not columns or columns not in self.told.all_tables:
            known = ", ".join(map(name_of_table, self.told.all_tables[1:]))
            raise SchemaError("privacy.unknown_table", found=name, known=known)
        rows = [
            (dict(zip(columns, map(str, category), strict=True)), name, name_of_category(category))
            for category in product(*(self.told.tables[column] for column in columns))
        ]
        if labels:
            if len(columns) > 1 or len(labels) != len(rows):
                raise SchemaError("privacy.labels", needed=len(rows), found=len(labels))
            rows = [({name: label}, *row[1:]) for label, row in zip(labels, rows, strict=True)]
        if everyone is not None:
            rows.append((dict.fromkeys(columns, everyone), EVERYONE, EVERYONE))
        texts: list[dict[str, str]] = []
        numbers: list[dict[str, Any]] = []
        for names, table, category in rows:
            printed = {"n": self.people(table, category)}
            printed |= {each: self.measure(each, table, category) for each in measures}
            texts.append(names | {each: told.text for each, told in printed.items()})
            numbers.append(names | _numbers(printed))
        frame = pd.DataFrame(texts, columns=[*columns, "n", *measures])
        return PrintedTable(
            frame=frame, numbers=_floats(numbers, columns), by=name, findings=self.findings
        )

    def _written(self, name: str, value: float, rounding: type[int] | object) -> str:
        share = self.answers[name] == SHARE
        scaled = 100 * value if share else 10 * value
        whole = rounding(round(scaled, 6))  # type: ignore[operator]
        return format_number(whole) if share else format_number(whole / 10, decimals=1)


def _numbers(printed: Mapping[str, Printed]) -> dict[str, float | None]:
    return {
        f"{name}{end}": number
        for name, told in printed.items()
        for end, number in (("", told.value), ("_low", told.low), ("_high", told.high))
    }


def _floats(rows: list[dict[str, Any]], by: Sequence[str]) -> pd.DataFrame:
    frame = pd.DataFrame(rows)
    return frame.astype({name: "float64" for name in frame.columns if name not in by})
