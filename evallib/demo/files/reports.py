"""From real projects to the rows that each agency reports in each quarter."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.demo.files.cells import Report
from evallib.demo.files.workbooks import Submission
from evallib.demo.wording import phrases, stream, topics

if TYPE_CHECKING:
    from collections.abc import Iterator

    from evallib.demo.truth.progress import Progress
    from evallib.demo.truth.projects import Projects
    from evallib.demo.truth.series import Agency
    from evallib.demo.truth.world import World

NOTIFIED = 0.7  # share of projects made known to the people
SECTOR_GIVEN = 0.8  # share of projects for which the agency states a sector


def plan_submissions(
    world: World,
    plan: Projects,
    series: pd.DataFrame,
    progress: Progress,
    agencies: tuple[Agency, ...],
) -> Iterator[Submission]:
    """Yield every workbook, by quarter and agency: all projects of the year known so far."""
    fixed = _fixed_parts(world, plan, series, progress, agencies)
    ids = plan.projects["true_project_id"].tolist()
    as_of = progress.as_of.astype(object)
    known = series["known"].to_numpy()
    agency = series["agency"].to_numpy()
    for t, period in enumerate(world.quarters):
        listed = (known <= t) & (known // 4 == t // 4)
        for a, who in enumerate(agencies):
            members = np.flatnonzero(listed & (agency == a))
            if not len(members):
                continue
            reports = [_report(fixed[s], int(s), progress, period.quarter) for s in members]
            name = f"{period.fiscal_year}/Q{period.quarter}/{_file_name(who, period)}"
            yield Submission(
                name, who, a, period, as_of[a, t], reports, [ids[r.project] for r in reports]
            )


def _file_name(agency: Agency, period: Any) -> str:
    """Return a name such as a clerk gives a file; the kind never depends on it."""
    short = agency.name.replace(" ", "").replace("/", "-")
    shapes = {
        "A": f"รายงานโครงการ_{short}_ไตรมาส{period.quarter}-{period.fiscal_year % 100}.xlsx",
        "B": f"{short} (แบบ บ.{period.quarter}) {period.fiscal_year}.xlsx",
        "C": f"บัญชีโครงการ {short} Q{period.quarter}.xlsx",
        "D": f"{short}_แผน-ผล_{period.fiscal_year}_{period.quarter}.xlsx",
        "E": f"export_{agency.agency_id}_{period.quarter}.xlsx",
    }
    return shapes[agency.layout]


def _fixed_parts(
    world: World,
    plan: Projects,
    series: pd.DataFrame,
    progress: Progress,
    agencies: tuple[Agency, ...],
) -> list[dict[str, Any]]:
    """Return what a series says in every quarter."""
    rng = stream(world.seed, "reports")
    projects = plan.projects.to_dict("records")
    places = world.tambons.to_dict("records")
    told = rng.random(len(projects)) < NOTIFIED
    days = rng.integers(-10, 60, len(projects))
    given = rng.random(len(series)) < SECTOR_GIVEN
    sectors, own_words = phrases()["sectors"], phrases()["words"]["agency_wordings"]
    parts = []
    for s, row in enumerate(series.to_dict("records")):
        p = projects[row["project"]]
        topic, place = topics()[p["topic"]], places[p["unit"]]
        start, end = row["start"].date(), row["end"].date()
        sector = sectors[topic.sector]["name"]
        if row["agency"] % 3 == 0:
            sector = own_words.get(topic.sector, sector)
        notice = (row["start"] - pd.Timedelta(days=int(days[row["project"]]))).date()
        parts.append({
            "project": row["project"], "title": row["title"], "code": row["code"],
            "plan": row["plan_source"], "fund": agencies[row["agency"]].fund,
            "sector": sector if given[s] else "", "goal": f"เพื่อ{topic.goal}",
            "target_group": topic.target, "target": int(progress.target[s]), "level": p["level"],
            "moo": p["moo"], "tambon": place["tambon_th"], "amphoe": place["amphoe_th"],
            "province": place["province_th"], "budget": row["budget"], "start": start, "end": end,
            "notice": notice if told[row["project"]] else None, "programme": p["programme"],
        })  # fmt: skip
    return parts


def _report(fixed: dict[str, Any], s: int, progress: Progress, quarter: int) -> Report:
    return Report(
        series=s,
        status=str(progress.status[s, quarter - 1]),
        physical=tuple(progress.physical[s].tolist()),
        planned=tuple(progress.planned[s].tolist()),
        disbursed=tuple(progress.disbursed[s].tolist()),
        beneficiaries=int(progress.beneficiaries[s, quarter - 1]),
        quarter=quarter,
        **fixed,
    )
