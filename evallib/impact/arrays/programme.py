"""Who was treated when: cohorts from the register of projects, and the panel to estimate on."""

from __future__ import annotations

import numpy as np
import pandas as pd

from evallib.errors import DesignError, with_nearest
from evallib.impact.power import PowerDesign
from evallib.periods import FiscalPeriod, as_period

UNKNOWN = "impact.unknown_programme"
SHOWN = 20  # names in a message: a register may hold hundreds


def find_cohorts(projects: pd.DataFrame, *, plan_source: str) -> pd.DataFrame:
    """Find the quarter in which a programme first started in each tambon.

    Parameters
    ----------
    projects : pandas.DataFrame, shape (n, k)
        Register with ``plan_source``, ``status``, ``start_date`` and ``tambon_code``.
    plan_source : str
        The programme: projects whose ``plan_source`` equals it, and that were neither cancelled
        nor are without a start or a tambon.

    Returns
    -------
    pandas.DataFrame, shape (number of treated tambons, 2)
        ``tambon_code`` and ``cohort``, the ``FiscalPeriod`` of the quarter of the earliest start.

    Raises
    ------
    DesignError
        No project bears the name; the message names the nearest, and those that there are.

    Examples
    --------
    >>> register = pd.DataFrame({
    ...     "plan_source": ["P", "P", "other"], "status": ["ongoing", "completed", "ongoing"],
    ...     "start_date": pd.to_datetime(["2021-11-05", "2021-02-01", "2020-01-01"]),
    ...     "tambon_code": ["940101", "940101", "940102"]})
    >>> cohorts = find_cohorts(register, plan_source="P")
    >>> [(code, str(cohort)) for code, cohort in cohorts.itertuples(index=False)]
    [('940101', '2564-Q2')]
    """
    if not projects["plan_source"].eq(plan_source).any():
        raise unknown_programme(plan_source, projects["plan_source"])
    began = projects[
        (projects["plan_source"] == plan_source)
        & (projects["status"] != "cancelled")
        & projects["start_date"].notna()
        & projects["tambon_code"].notna()
    ]
    first = began.groupby("tambon_code")["start_date"].min().sort_index()
    cohorts = [FiscalPeriod.of(day.date()) for day in first]
    return pd.DataFrame({"tambon_code": first.index, "cohort": pd.Series(cohorts, dtype=object)})


def unknown_programme(plan_source: str, of_projects: pd.Series) -> DesignError:
    """Return the error that a programme is none of those that projects bear."""
    known = sorted(of_projects.dropna().astype("str").unique())
    return DesignError(
        UNKNOWN, found=with_nearest(plan_source, known), known=", ".join(known[:SHOWN]) or "-"
    )


def build_panel(
    indicators: pd.DataFrame,
    projects: pd.DataFrame,
    *,
    outcome: str,
    plan_source: str,
    until: FiscalPeriod | str,
) -> pd.DataFrame:
    """Build the tambon panel on which a programme's effect on an indicator is estimated.

    Parameters
    ----------
    indicators : pandas.DataFrame
        Long table ``indicators``: one row per indicator, tambon and quarter.
    projects : pandas.DataFrame
        Register of projects, see ``find_cohorts``.
    outcome : str
        ``indicator_id`` of the outcome; becomes the name of its column.
    plan_source : str
        The programme.
    until : FiscalPeriod or str
        Last period of the panel. A quarter gives a panel of quarters; a year gives a panel of
        fiscal years, in which the outcome is the mean of the quarters of the year.

    Returns
    -------
    pandas.DataFrame
        ``tambon_code``, ``amphoe_code``, ``province_code``, ``period`` (str), ``t`` (int, see
        ``FiscalPeriod.ordinal``), the outcome (float) and ``cohort`` (float, the ``t`` of the first
        start; missing where there was none until then). Sorted by tambon and time. A tambon without
        a value in every period keeps the rows that it has.

    Raises
    ------
    DesignError
        The indicator holds no value until then, or no project bears the programme's name.
    """
    last = as_period(until)
    rows = indicators[indicators["indicator_id"] == outcome]
    quarters = [
        FiscalPeriod(int(year), int(quarter))
        for year, quarter in zip(rows["fiscal_year"], rows["quarter"], strict=True)
    ]
    periods = quarters if last.quarter else [quarter.year for quarter in quarters]
    panel = rows.assign(period=[str(p) for p in periods], t=[p.ordinal for p in periods])
    panel = panel[panel["t"] <= last.ordinal]
    if panel.empty:
        named = with_nearest(outcome, sorted(set(indicators["indicator_id"].dropna()) - {outcome}))
        raise DesignError(
            "impact.no_outcome", outcome=outcome if len(rows) else named, until=str(last)
        )
    keys = ["tambon_code", "amphoe_code", "province_code", "period", "t"]
    means = panel.groupby(keys)["value"].mean().rename(outcome).reset_index()
    cohorts = find_cohorts(projects, plan_source=plan_source)
    begun = cohorts.assign(
        cohort=[float((c if last.quarter else c.year).ordinal) for c in cohorts["cohort"]]
    )
    started = begun[begun["cohort"] <= last.ordinal]
    merged = means.merge(started, on="tambon_code", how="left")
    return merged.sort_values(["tambon_code", "t"], ignore_index=True)


def power_of_panel(panel: pd.DataFrame, *, outcome: str) -> tuple[PowerDesign, float]:
    """Describe a panel as a design whose power can be computed before any effect is estimated.

    Only periods before the first start are used, so no outcome of the treated is looked at.

    Parameters
    ----------
    panel : pandas.DataFrame
        As ``build_panel`` returns it, with at least two periods before the first start.
    outcome : str
        Column of the outcome.

    Returns
    -------
    design : PowerDesign
        Treated and comparison tambons, periods before and after the median start, the correlation
        of a tambon's outcomes in two periods, amphoe as clusters with the correlation of changes
        within them.
    sd : float
        Standard deviation of the outcome between tambons in one period, in units of the outcome.

    Raises
    ------
    DesignError
        Fewer than two periods before the first start, or nobody was treated.
    """
    units = panel.drop_duplicates("tambon_code")
    starts = units["cohort"].dropna()
    wide = panel.pivot(index="tambon_code", columns="t", values=outcome)
    before = wide.loc[:, wide.columns < starts.min()].dropna() if len(starts) else wide.iloc[:, :0]
    if before.shape[1] < 2:
        raise DesignError("impact.no_periods_before", found=before.shape[1])
    correlation = before.corr().to_numpy()
    pairs = np.triu_indices_from(correlation, 1)
    changes = before.iloc[:, -1] - before.iloc[:, 0]
    amphoe = units.set_index("tambon_code")["amphoe_code"].loc[changes.index]
    times = np.sort(panel["t"].unique())
    n_after = int((times >= np.median(starts)).sum())
    design = PowerDesign(
        n_treated=len(starts), n_control=len(units) - len(starts),
        periods_pre=len(times) - n_after, periods_post=n_after,
        autocorrelation=float(np.clip(correlation[pairs].mean(), 0, 0.999)),
        cluster_size=len(units) / units["amphoe_code"].nunique(),
        intracluster=_intracluster(changes.to_numpy(), amphoe.to_numpy()),
    )  # fmt: skip
    return design, float(np.sqrt(before.var(ddof=1).mean()))


def _intracluster(values: np.ndarray, cluster: np.ndarray) -> float:
    """Return the intracluster correlation by one-way analysis of variance, 0 to 1."""
    groups = pd.Series(values).groupby(cluster)
    size, mean = groups.size().to_numpy(), groups.mean().to_numpy()
    n, k = size.sum(), len(size)
    within = float((groups.var(ddof=1).fillna(0).to_numpy() * (size - 1)).sum() / (n - k))
    between = float((size * (mean - values.mean()) ** 2).sum() / (k - 1))
    typical = (n - (size**2).sum() / n) / (k - 1)
    spread = (between - within) / typical
    return float(np.clip(spread / (spread + within), 0, 1)) if spread + within > 0 else 0.0
