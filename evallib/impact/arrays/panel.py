"""Panel: the frame as arrays, checked once for all estimators that follow units over time."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from hashlib import sha256
from itertools import pairwise
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt
import pandas as pd

from evallib.errors import DesignError, SchemaError, with_nearest
from evallib.findings import Finding
from evallib.impact.arrays.columns import Floats, Ints, numbers
from evallib.impact.arrays.roles import read_cluster, read_covariates, read_start, read_weight
from evallib.impact.arrays.wide import read_grid

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.impact.design import Design


@dataclass(frozen=True, kw_only=True, eq=False)
class Panel:
    """A panel of n units in T periods; units sorted by start, then by id.

    Parameters
    ----------
    y : ndarray of float64, shape (T, n)
        Outcome; NaN where a unit has no row.
    x : ndarray of float64, shape (p, T, n) or (p, 1, n)
        Covariates; one row when none changes over time.
    start : ndarray of float64, shape (n,)
        First treated period; inf for never treated.
    cluster : ndarray of intp, shape (n,)
        Codes from 0, the number of the unit when errors are not clustered.
    weight : ndarray of float64, shape (n,)
        Sampling weights, mean 1.
    periods : ndarray of float64, shape (T,)
        Periods, ascending.
    clustered : bool
        Whether clusters hold more than one unit.
    gaps : bool
        Whether any unit lacks a row in any period.
    covariates : tuple of str, length p
        Names, for messages.
    sample : tuple of (step, reason, rows, units)
        Account of every row.
    findings : tuple of Finding
        What was noticed while reading.
    """

    y: Floats
    x: Floats
    start: Floats
    cluster: Ints
    weight: Floats
    periods: Floats
    clustered: bool
    gaps: bool
    covariates: tuple[str, ...]
    sample: tuple[tuple[str, str, int, int], ...]
    findings: tuple[Finding, ...]

    @property
    def cohorts(self) -> Floats:
        """Return the distinct finite starts, ascending, shape (g,)."""
        first = np.append(True, self.start[1:] != self.start[:-1])  # units are sorted by start
        starts = self.start[first]
        finite: Floats = starts[np.isfinite(starts)]
        return finite

    @cached_property
    def seen(self) -> npt.NDArray[np.bool_]:
        """Return (T, n) which units have a row in which period."""
        return np.isfinite(self.y)

    @cached_property
    def filled(self) -> Floats:
        """Return outcomes (T, n) with zeros where there is no row."""
        return np.where(self.seen, self.y, 0.0) if self.gaps else self.y

    @cached_property
    def bounds(self) -> Ints:
        """Return (A + 1,) where each arm begins: cohorts, ascending, then those never treated."""
        first = np.append(True, self.start[1:] != self.start[:-1])
        return np.append(np.flatnonzero(first), len(self.start))

    @cached_property
    def clusters_of_arms(self) -> Ints:
        """Return (A, G) ones where an arm has units in a cluster."""
        out = np.zeros((len(self.bounds) - 1, self.n_clusters), dtype=np.intp)
        for a, (begin, end) in enumerate(pairwise(self.bounds)):
            out[a, self.cluster[begin:end]] = 1
        return out

    def arms_of(self, member: slice | Ints) -> npt.NDArray[np.bool_]:
        """Return (A,) which arms hold any of some units."""
        bounds = self.bounds
        if isinstance(member, slice):
            out: npt.NDArray[np.bool_] = (bounds[:-1] < member.stop) & (bounds[1:] > member.start)
            return out
        held = np.searchsorted(member, bounds)  # members are sorted
        held_any: npt.NDArray[np.bool_] = held[1:] > held[:-1]
        return held_any

    @property
    def n_clusters(self) -> int:
        """Return the number of clusters, of units when errors are not clustered."""
        return int(self.cluster.max()) + 1

    def count_clusters(self, units: npt.NDArray[np.bool_]) -> int:
        """Return in how many clusters some units (n,) lie."""
        if not self.clustered:
            return int(units.sum())
        held = np.zeros(self.n_clusters, dtype=np.bool_)
        held[self.cluster[units]] = True
        return int(held.sum())

    def fingerprint(self) -> str:
        """Return a hash of the data that were used, the same for every order of rows."""
        digest = sha256()  # processors have instructions for it
        for array in (self.periods, self.y, self.x, self.start, self.cluster, self.weight):
            digest.update(np.ascontiguousarray(array).data)
        return digest.hexdigest()[:32]


def read_panel(
    frame: pd.DataFrame, design: Design, *, anticipation: int = 0, followed: bool = True
) -> Panel:
    """Read a long frame into a checked panel.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n * T, k)
        One row for each unit in each period. Not modified.
    design : Design
        Needs ``time`` and one of ``cohort`` and ``treated``.
    anticipation : int, default 0
        Periods before the start in which an effect may already show.
    followed : bool, default True
        Whether units are meant to have a row in every period.

    Returns
    -------
    Panel
        Without the units that were treated before a clean period was seen.

    Raises
    ------
    SchemaError
        A role is not filled, a column is absent or does not hold numbers.
    DesignError
        The frame cannot answer the question; the message names column, cohort and remedy.
    """
    require_columns(frame, design)
    if design.cohort is None and design.treated is None:
        raise SchemaError("impact.role_needed", role="cohort")
    grid = read_grid(frame, design)
    outcome = numbers(frame, design.outcome)
    grid.refuse_gaps(design.outcome, outcome)
    findings: list[Finding] = []
    if design.dose is not None:
        findings.append(Finding("impact.dose_unused", "warning", design.dose))
    missing = int((~grid.seen).sum())
    if missing and followed:
        findings.append(Finding("impact.gaps", "warning", "", f"{missing}/{grid.seen.size}"))
    start = read_start(frame, design, grid, findings)
    cluster, clustered = read_cluster(frame, design, grid)
    panel = Panel(
        y=grid.wide(outcome),
        x=read_covariates(frame, design, grid),
        start=start,
        cluster=cluster,
        weight=read_weight(frame, design, grid),
        periods=grid.periods,
        clustered=clustered,
        gaps=missing > 0,
        covariates=design.covariates,
        sample=(("read", "", len(frame), len(grid.units)),),
        findings=tuple(findings),
    )
    return _keep_answerable(panel, anticipation)


def require_columns(frame: pd.DataFrame, design: Design, more: Sequence[str] = ()) -> None:
    """Refuse a design without time or start, and a frame without its columns."""
    if design.time is None:
        raise SchemaError("impact.role_needed", role="time")
    if design.cohort is None and design.treated is None and design.dose is None:
        raise SchemaError("impact.role_needed", role="cohort")
    wanted = [*(column for _, column in design.roles()), *more]
    absent = sorted(set(wanted) - set(frame.columns))
    if absent:
        known = list(map(str, frame.columns))
        named = ", ".join(with_nearest(column, known) for column in absent)
        raise SchemaError("impact.missing_columns", columns=named)
    names = frame.columns.tolist()
    doubled = sorted({column for column in wanted if names.count(column) > 1})
    if doubled:
        raise SchemaError("impact.double_columns", columns=", ".join(doubled))
    if frame.empty:
        raise DesignError("impact.no_rows")


def _keep_answerable(panel: Panel, anticipation: int) -> Panel:
    """Drop units that were treated before a clean period, with an account, and sort by start."""
    start, periods = panel.start.copy(), panel.periods
    findings, sample = list(panel.findings), list(panel.sample)
    late = np.isfinite(start) & (start > periods[-1] + anticipation)
    if late.any():
        findings.append(Finding("impact.starts_later", "info", "", str(int(late.sum()))))
        start[late] = np.inf
    early = start <= periods[0] + anticipation
    if early.any():
        n_early = int(early.sum())
        findings.append(Finding("impact.already_treated", "warning", "", str(n_early)))
        n_rows = int(np.isfinite(panel.y[:, early]).sum())
        sample.append(("dropped", "already_treated", n_rows, n_early))
    if not np.isfinite(start).any():
        raise DesignError("impact.nobody_treated", units=len(start))
    if early[np.isfinite(start)].all():
        raise DesignError("impact.no_pre_period", period=f"{periods[0]:g}", units=int(early.sum()))
    kept = np.flatnonzero(~early)
    kept = kept[np.argsort(start[kept], kind="stable")]
    n_rows = int(np.isfinite(panel.y[:, kept]).sum()) if panel.gaps else len(kept) * len(periods)
    sample.append(("used", "", n_rows, len(kept)))
    cluster = np.arange(len(kept))
    if panel.clustered:
        cluster, _ = pd.factorize(panel.cluster[kept])
    if panel.clustered and cluster.max() < 1:
        raise DesignError("impact.one_cluster", column="cluster")
    return replace(
        panel,
        y=_columns(panel.y, kept),
        x=panel.x[:, :, kept],
        start=start[kept],
        cluster=cluster.astype(np.intp),
        weight=panel.weight[kept] / panel.weight[kept].mean(),
        sample=tuple(sample),
        findings=tuple(findings),
    )


def _columns(wide: Floats, kept: Ints) -> Floats:
    """Return some columns of a wide array, in rows that lie together in memory."""
    if wide.T.flags.c_contiguous:  # the units of a regular frame lie together
        return np.ascontiguousarray(wide.T[kept].T)
    out: Floats = wide[:, kept]
    return out
