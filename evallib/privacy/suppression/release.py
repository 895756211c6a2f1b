"""Counts, shares and means of people by category, from one row a person to what may leave."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import fsum
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from evallib.config import DEFAULT_THRESHOLD
from evallib.errors import SchemaError
from evallib.findings import Finding
from evallib.privacy.key_columns import key_codes, key_order, require_columns
from evallib.privacy.suppression.suppress import suppress_table
from evallib.privacy.suppression.suppressed import COMPLEMENTARY, PRIMARY, SuppressedTable

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.privacy.suppression.flow import Bools

FEWEST = 3  # people on either side of a shown share: 0 % and 100 % hide among their neighbours
DECIMALS = 4
Floats = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Rule:
    """When the sum of a group would tell about one of its people."""

    threshold: int
    low: float
    high: float
    top: int
    limit: float
    fewest: int

    def tells(self, values: Floats) -> bool:
        """Return whether a group is too small, too uniform or dominated by a few."""
        if len(values) < self.threshold or values.min() == values.max():
            return True
        if self.fewest and min(fsum(values), len(values) - fsum(values)) < self.fewest:
            return True
        size = np.sort(np.abs(values))[::-1]
        return fsum(size[: self.top]) > self.limit * fsum(size)

    def leaves_open(self, group: Floats, hidden: Floats) -> bool:
        """Return whether the sum of all hidden people lets one group have any sum at all."""
        others, total = len(hidden) - len(group), fsum(hidden)
        most = total - len(group) * self.high >= others * self.low
        least = total - len(group) * self.low <= others * self.high
        return bool(most and least)


def release_counts(
    frame: pd.DataFrame,
    *,
    rows: str | Sequence[str],
    columns: str | None = None,
    threshold: int = DEFAULT_THRESHOLD,
) -> SuppressedTable:
    """Count people by category and protect the counts.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (people, k)
        One row a person. Not modified. People without a category are left out, with a finding.
    rows, columns, threshold
        As in ``suppress_table``.

    Returns
    -------
    SuppressedTable
        ``counts`` is ``"n"``; one row a category, sorted.

    Examples
    --------
    >>> answers = pd.DataFrame({"sex": ["f"] * 30 + ["m"] * 12})
    >>> release_counts(answers, rows="sex").frame["n"].tolist()
    [30, 12]
    """
    keys = [*_names(rows), *([columns] if columns is not None else [])]
    people, findings = _with_category(frame, keys)
    counted = people.groupby(keys, sort=False, observed=True).size().rename("n").reset_index()
    counted = counted.iloc[key_order(counted, keys)].reset_index(drop=True)
    table = suppress_table(counted, counts="n", rows=rows, columns=columns, threshold=threshold)
    return replace(table, findings=(*findings, *table.findings))


def release_shares(
    frame: pd.DataFrame,
    *,
    yes: str,
    rows: str | Sequence[str],
    threshold: int = DEFAULT_THRESHOLD,
) -> SuppressedTable:
    """Return the share of people who said yes, by category, with the number who answered.

    A share is shown on a base of at least ``threshold`` people, with at least 3 of them on either
    side, so never 0 % or 100 %, and only where the shares of the others do not give it away.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (people, k)
        One row a person. Not modified.
    yes : str
        Column of answers: bool, or 0 and 1; missing means unanswered.
    rows, threshold
        As in ``suppress_table``.

    Returns
    -------
    SuppressedTable
        ``n`` and ``share`` (0 to 1, four decimals) by category, and of everyone in ``totals``.

    Raises
    ------
    SchemaError
        A column is absent, or ``yes`` holds something else than 0 and 1.

    Notes
    -----
    A reader who knows every base and the overall share finds any number of yes possible in a group
    whose share may not be told. One who also replays this rule over all possible answers learns
    more: in enumerated tables no group at the default threshold was known to be of one mind, and
    fewer than 1 in 100 hidden shares could be worked out.

    Examples
    --------
    >>> answers = pd.DataFrame({"sex": ["f"] * 20 + ["m"] * 20, "fed": [1, 0, 0, 0] * 10})
    >>> release_shares(answers, yes="fed", rows="sex").frame["share"].tolist()
    [0.25, 0.25]
    """
    people, findings = _answered(frame, value=yes, keys=_names(rows))
    if not people[yes].isin([0.0, 1.0]).all():
        raise SchemaError("privacy.not_yes_no", column=yes)
    rule = _Rule(threshold=threshold, low=0, high=1, top=0, limit=1, fewest=FEWEST)
    table = release_counts(people, rows=rows, threshold=threshold)
    return _with_measure(table, people, value=yes, measure="share", rule=rule, findings=findings)


def release_means(
    frame: pd.DataFrame,
    *,
    value: str,
    rows: str | Sequence[str],
    threshold: int = DEFAULT_THRESHOLD,
    dominance: tuple[int, float] = (2, 0.9),
) -> SuppressedTable:
    """Return the mean of a value by category, with the number of people who gave one.

    A mean is shown on a base of at least ``threshold`` people who do not all have the same value
    and of whom no few hold nearly all of it, and only where the means of the others do not give
    it away.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (people, k)
        One row a person. Not modified.
    value : str
        Column of finite numbers; missing means unanswered.
    rows, threshold
        As in ``suppress_table``.
    dominance : (int, float), default (2, 0.9)
        A mean is hidden when so many people hold more than this share of the sum.

    Returns
    -------
    SuppressedTable
        ``n`` and ``mean`` (unit of ``value``, four decimals) by category, and of everyone in
        ``totals``.

    Raises
    ------
    SchemaError
        A column is absent, or ``value`` is not numeric and finite.

    Notes
    -----
    Readers are taken to know the smallest and largest value, as they do on a scale from 1 to 5.
    A mean that may not be told counts as hidden only if it could still be either of them.

    Examples
    --------
    >>> answers = pd.DataFrame({"sex": ["f"] * 20 + ["m"] * 20, "score": [5, 4, 4, 3] * 10})
    >>> release_means(answers, value="score", rows="sex").frame["mean"].tolist()
    [4.0, 4.0]
    """
    people, findings = _answered(frame, value=value, keys=_names(rows))
    low, high = (people[value].min(), people[value].max()) if len(people) else (0.0, 0.0)
    rule = _Rule(
        threshold=threshold, low=low, high=high, top=dominance[0], limit=dominance[1], fewest=0
    )
    table = release_counts(people, rows=rows, threshold=threshold)
    return _with_measure(table, people, value=value, measure="mean", rule=rule, findings=findings)


def _names(rows: str | Sequence[str]) -> list[str]:
    return [rows] if isinstance(rows, str) else list(rows)


def _with_category(frame: pd.DataFrame, keys: list[str]) -> tuple[pd.DataFrame, list[Finding]]:
    require_columns(frame, keys)
    if "n" in keys:
        raise SchemaError("privacy.reserved_name", name="n")
    unknown = frame[keys].isna().any(axis=1)
    findings = [Finding("privacy.no_category", "warning", ", ".join(keys))] if unknown.any() else []
    return frame[~unknown], findings


def _answered(
    frame: pd.DataFrame, *, value: str, keys: list[str]
) -> tuple[pd.DataFrame, list[Finding]]:
    """Return the people who answered, with their answers as floats."""
    require_columns(frame, [*keys, value])
    try:
        numbers = frame[value].astype("Float64").to_numpy(dtype=np.float64, na_value=np.nan)
    except (TypeError, ValueError):
        raise SchemaError("privacy.not_numbers", column=value) from None
    if np.isinf(numbers).any():
        raise SchemaError("privacy.not_numbers", column=value)
    given = ~np.isnan(numbers)
    people = frame[keys].assign(**{value: numbers})[given]
    return people, [] if given.all() else [Finding("privacy.unanswered", "info", value)]


def _with_measure(
    table: SuppressedTable,
    people: pd.DataFrame,
    *,
    value: str,
    measure: str,
    rule: _Rule,
    findings: list[Finding],
) -> SuppressedTable:
    """Add shares or means to protected counts, hiding what would tell about people."""
    keys = table.keys
    if measure in keys:
        raise SchemaError("privacy.reserved_name", name=measure)
    people = people.dropna(subset=keys)
    groups = _groups(people, keys, value)
    unknown = table.frame["n"].isna().to_numpy()
    tells = np.array([rule.tells(group) for group in groups], dtype=bool)
    hidden, open_total = _covered(groups, unknown, tells, rule)
    everyone = people[value].to_numpy()
    total_shown = open_total and not table.withheld and not rule.tells(everyone)
    means = pd.array([_mean(group) for group in groups], dtype="Float64")
    means[hidden] = pd.NA
    total = pd.array([_mean(everyone) if total_shown else pd.NA], dtype="Float64")
    status = table.status.mask(hidden & ~unknown & tells, PRIMARY)
    if hidden.any() and not unknown.all():
        where, said = ", ".join(keys), f"{int(hidden.sum())}/{len(hidden)}"
        findings = [*findings, Finding("privacy.measure_hidden", "info", where, said)]
    return replace(
        table,
        frame=table.frame.assign(**{measure: means}),
        totals=table.totals.assign(**{measure: total}),
        status=status.mask(hidden & ~unknown & ~tells, COMPLEMENTARY),
        measure=measure,
        findings=(*findings, *table.findings),
    )


def _groups(people: pd.DataFrame, keys: list[str], value: str) -> list[Floats]:
    """Return the values of each category, sorted, in the order of the categories."""
    if people.empty:
        return []
    codes, _ = key_codes(people, keys)
    order = np.lexsort((people[value], codes))
    return np.split(people[value].to_numpy()[order], np.cumsum(np.bincount(codes))[:-1])


def _covered(groups: list[Floats], unknown: Bools, tells: Bools, rule: _Rule) -> tuple[Bools, bool]:
    """Hide further groups until the overall mean may be shown; also return whether it may.

    As with counts, groups are given up in the order of the categories, never by what they hold.
    The people of all hidden groups together may tell no more than a group may, and must leave
    open what each group says that tells too much. Where that cannot be had all is hidden: to hide
    the overall mean alone would say that it is extreme.
    """
    least = unknown | tells
    if not least.any():
        return least, True
    hidden = least.copy()
    protected = [group for group, told in zip(groups, tells, strict=True) if told]
    for extra in (None, *np.flatnonzero(~least)):
        if extra is not None:
            hidden[extra] = True
        union = np.concatenate([g for g, hide in zip(groups, hidden, strict=True) if hide])
        if not rule.tells(union) and all(rule.leaves_open(group, union) for group in protected):
            return hidden, True
    return np.ones(len(groups), dtype=bool), False


def _mean(values: Floats) -> float:
    return round(fsum(values) / len(values), DECIMALS)
