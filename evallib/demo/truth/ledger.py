"""The truth: what was made up, where it was written, and what was spoilt on the way."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.demo.truth.outcomes import effect_at
from evallib.demo.truth.world import COHORTS, LAST, NEVER, World
from evallib.demo.wording import topics

if TYPE_CHECKING:
    from pathlib import Path

    from evallib.demo.truth.needs import Needs
    from evallib.demo.truth.projects import Projects
    from evallib.demo.truth.series import Agency

HEADS = {
    "submissions": ("file", "sheet", "row", "true_project_id", "agency", "quarter"),
    "needs": ("file", "row", "true_need_id", "tambon_code", "sector_code", "topic", "period"),
    "defects": ("file", "sheet", "row", "kind", "note"),
    "identifiers": ("file", "sheet", "row", "kind", "value"),
}


@dataclass(slots=True)
class Ledger:
    """Notes taken while files are written; ``row`` counts from 1 as a reader of the file does."""

    notes: dict[str, list[tuple[object, ...]]] = field(
        default_factory=lambda: {name: [] for name in HEADS}
    )

    def defect(self, file: str, sheet: str, row: int, kind: str, note: str) -> None:
        """Note a defect that was planted; row 0 speaks of the whole file or sheet."""
        self.notes["defects"].append((file, sheet, row, kind, note))

    def identifiers(self, file: str, sheet: str, row: int, planted: list[tuple[str, str]]) -> None:
        """Note the identifiers that stand in one row."""
        self.notes["identifiers"] += [(file, sheet, row, kind, value) for kind, value in planted]


@dataclass(frozen=True, slots=True, eq=False)
class Content:
    """All that was made up, before anything was written down or spoilt."""

    world: World
    stated: Needs
    plan: Projects
    series: pd.DataFrame
    agencies: tuple[Agency, ...]


def write_truth(folder: Path, ledger: Ledger, content: Content) -> dict[str, int]:
    """Write the tables of the truth as CSV and return the number of rows of each."""
    stated, plan = content.stated, content.plan
    tables = {
        name: pd.DataFrame(rows, columns=list(HEADS[name])) for name, rows in ledger.notes.items()
    }
    tables |= {
        "projects": _projects(content),
        "duplicates": _duplicates(content),
        "links": pd.DataFrame({
            "true_need_id": stated.needs["true_need_id"].to_numpy()[plan.links["need"]],
            "true_project_id": plan.projects["true_project_id"].to_numpy()[plan.links["project"]],
        }),
        "cohorts": _cohorts(content.world),
        "effects": _effects(),
    }  # fmt: skip
    folder.mkdir(parents=True, exist_ok=True)
    for name, table in sorted(tables.items()):
        table.to_csv(folder / f"{name}.csv", index=False, encoding="utf-8", lineterminator="\n")
    counts = {f"truth.{name}": len(table) for name, table in sorted(tables.items())}
    kinds = Counter(str(note[3]) for note in ledger.notes["defects"])
    return counts | {f"defect.{kind}": n for kind, n in sorted(kinds.items())}


def _projects(content: Content) -> pd.DataFrame:
    world, plan, agencies = content.world, content.plan, content.agencies
    series = content.series
    projects = plan.projects
    ids = projects["true_project_id"].tolist()
    first = series[~series["second"]].set_index("project").loc[projects.index]
    tambon = world.tambons.loc[projects["unit"]].reset_index(drop=True)
    return pd.DataFrame({
        "true_project_id": projects["true_project_id"],
        "fiscal_year": 2563 + projects["known"] // 4,
        "agency": [agencies[a].agency_id for a in first["agency"]],
        "title": first["title"].to_numpy(),
        "plan_source": first["plan_source"].to_numpy(),
        "tambon_code": tambon["tambon_code"].where(projects["level"] == 3),
        "amphoe_code": tambon["amphoe_code"].where(projects["level"] <= 4),
        "province_code": tambon["province_code"],
        "location_precision": projects["level"],
        "sector_code": [topics()[k].sector for k in projects["topic"]],
        "topic": [topics()[k].key for k in projects["topic"]],
        "budget": projects["budget"],
        "start_date": projects["start"].dt.strftime("%Y-%m-%d"),
        "end_date": projects["end"].dt.strftime("%Y-%m-%d"),
        "first_quarter": [str(world.quarters[t]) for t in projects["known"]],
        "derived": projects["need"] >= 0,
        "continues": [
            ids[i] if i >= 0 else "" for i in projects["continues"]
        ],
    })  # fmt: skip


def _duplicates(content: Content) -> pd.DataFrame:
    series, plan, agencies = content.series, content.plan, content.agencies
    second = series[series["second"]].sort_values("project")
    first = series[~series["second"]].set_index("project").loc[second["project"]]
    return pd.DataFrame({
        "true_project_id": plan.projects["true_project_id"].to_numpy()[second["project"]],
        "agency": [agencies[a].agency_id for a in first["agency"]],
        "title": first["title"].to_numpy(),
        "other_agency": [agencies[a].agency_id for a in second["agency"]],
        "other_title": second["title"].to_numpy(),
        "fiscal_year": 2563 + first["known"].to_numpy() // 4,
    })  # fmt: skip


def _cohorts(world: World) -> pd.DataFrame:
    names = ["" if c == NEVER else str(world.quarters[c]) for c in world.cohort]
    return pd.DataFrame({"tambon_code": world.tambons["tambon_code"], "cohort": names})


def _effects() -> pd.DataFrame:
    rows = [
        (str(cohort), e, float(effect_at(np.array(e))))
        for cohort in COHORTS
        for e in range(LAST.ordinal - cohort.ordinal + 1)
    ]
    return pd.DataFrame(rows, columns=["cohort", "event_time", "effect"])
