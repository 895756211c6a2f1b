"""Projects of all agencies: a known share answers a stated need, the rest answers none."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.demo.truth.programme import plan_programme, programme_topics
from evallib.demo.wording import stream, topics

if TYPE_CHECKING:
    from evallib.demo.truth.needs import Needs
    from evallib.demo.truth.world import World

A_YEAR = 1_500 / 290  # projects a tambon and year
DERIVED = 0.55  # share of projects that answer a need stated by then
KNOWN_IN = (0.50, 0.25, 0.18, 0.07)  # share first reported in each quarter of its year
WIDE = 0.06  # share of the others that name an amphoe or a province, not a tambon
CONTINUED = 0.04  # share of the others that go on in the next year under the same title
ASIDE = -1  # no need, no tambon


@dataclass(frozen=True, slots=True, eq=False)
class Projects:
    """Every real project once.

    Parameters
    ----------
    projects : pandas.DataFrame, shape (m, 15)
        ``true_project_id``, ``unit``, ``topic``, ``known``, ``start``, ``end``, ``budget``,
        ``cancelled``, ``programme``, ``need`` (position in the needs, -1: none), ``moo``
        (0: none), ``phrase``, ``number``, ``level`` (3 tambon, 4 amphoe, 5 province),
        ``continues`` (position of the project of the year before, -1: none).
    links : pandas.DataFrame, shape (links, 2)
        ``need``, ``project``: positions; each link is a need and a project made to answer it.
    """

    projects: pd.DataFrame
    links: pd.DataFrame


def plan_projects(world: World, stated: Needs) -> Projects:
    """Return the projects of three years and what they answer."""
    rng = stream(world.seed, "projects")
    programme = plan_programme(world)
    target = round(A_YEAR * len(world.tambons))
    parts = []
    for first in range(0, len(world.quarters), 4):
        granted = ((programme["known"] >= first) & (programme["known"] < first + 4)).sum()
        known = first + rng.choice(4, target - granted, p=KNOWN_IN)
        parts.append(pd.DataFrame({"known": np.sort(known)}))
    others = pd.concat(parts, ignore_index=True)
    others["derives"] = rng.random(len(others)) < DERIVED
    rows = pd.concat([programme, others], ignore_index=True)
    rows["programme"] = rows["programme"].eq(other=True)
    rows["cancelled"] = rows["cancelled"].eq(other=True)
    rows["need"] = ASIDE
    _answer_needs(rows, stated.needs, rng)
    _place_others(rows, stated.needs, world, rng)
    _schedule(rows, world, rng)
    rows = _continue_some(rows, rng)
    rows = rows.drop(columns="derives").reset_index(drop=True)
    rows.insert(0, "true_project_id", [f"TP-{i:05d}" for i in range(1, len(rows) + 1)])
    answered = np.flatnonzero(rows["need"] >= 0)
    links = pd.DataFrame({"need": rows["need"].to_numpy()[answered], "project": answered})
    return Projects(rows, links)


def _answer_needs(rows: pd.DataFrame, needs: pd.DataFrame, rng: np.random.Generator) -> None:
    """Give each project that derives from a need one that was stated by then, each need once."""
    open_ = np.ones(len(needs), dtype=bool)
    first, unit, topic = (needs[c].to_numpy() for c in ("first", "unit", "topic"))
    grants = np.isin(topic, programme_topics())
    answers = rows["need"].to_numpy().copy()
    units = rows["unit"].to_numpy()
    for t in range(int(first.max()) + 1):
        stated = open_ & (first <= t)
        for row in np.flatnonzero(rows["programme"] & (rows["known"] == t) & ~rows["cancelled"]):
            mine = np.flatnonzero(stated & grants & (unit == units[row]))
            if len(mine) and rng.random() < DERIVED:
                answers[row] = mine[0]
                open_[mine[0]] = stated[mine[0]] = False
        wanting = np.flatnonzero(rows["derives"].eq(other=True) & (rows["known"] == t))
        pool = np.flatnonzero(stated)
        chosen = rng.permutation(pool)[: len(wanting)]
        answers[wanting[: len(chosen)]] = chosen
        open_[chosen] = False
    rows["need"] = answers
    got = answers >= 0
    rows.loc[got, "unit"] = unit[answers[got]]
    rows.loc[got, "topic"] = topic[answers[got]]
    rows.loc[got, "moo"] = needs["moo"].to_numpy()[answers[got]]


def _place_others(
    rows: pd.DataFrame, needs: pd.DataFrame, world: World, rng: np.random.Generator
) -> None:
    """Give every other project a topic that its tambon never asks for, each such pair once."""
    free = np.ones((len(world.tambons), len(topics())), dtype=bool)
    free[needs["unit"], needs["topic"]] = False
    units = rows["unit"].to_numpy()
    for row in np.flatnonzero(rows["programme"] & (rows["need"] == ASIDE)):
        unit = int(units[row])
        choice = programme_topics()[rng.permutation(len(programme_topics()))]
        unasked = [k for k in choice if free[unit, k]] or [int(choice[0])]
        rows.loc[row, "topic"] = unasked[0]
        free[unit, unasked[0]] = False
    others = np.flatnonzero(rows["unit"].isna())
    pairs = rng.choice(np.flatnonzero(free), len(others), replace=False)
    rows.loc[others, "unit"], rows.loc[others, "topic"] = np.divmod(pairs, len(topics()))
    rows["moo"] = rows["moo"].fillna(pd.Series(rng.integers(0, 9, len(rows)))).astype(int)
    rows["level"] = 3
    wide = others[rng.random(len(others)) < WIDE]
    rows.loc[wide, "level"] = np.where(rng.random(len(wide)) < 0.6, 4, 5)
    rows.loc[wide, "moo"] = 0
    for column in ("unit", "topic", "known"):
        rows[column] = rows[column].astype(int)
    rows["phrase"], rows["number"] = rng.integers(0, 3, len(rows)), rng.integers(3, 40, len(rows))


def _schedule(rows: pd.DataFrame, world: World, rng: np.random.Generator) -> None:
    """Give dates and budgets to the projects that have none."""
    new = rows["start"].isna().to_numpy()
    known = rows["known"].to_numpy()
    begins = np.array([q.start for q in world.quarters], dtype="datetime64[D]")
    year_end = np.array([q.year.end for q in world.quarters], dtype="datetime64[D]")[known]
    later = (rng.random(len(rows)) < 0.3) & (known % 4 < 3)
    start = begins[known + later] + rng.integers(0, 85, len(rows))
    end = start + rng.integers(30, 210, len(rows))
    overrun = rng.random(len(rows)) < 0.05
    end = np.where(overrun, end, np.minimum(end, year_end))
    low, high = np.array([topics()[k].budget for k in rows["topic"]]).T
    raw = low * (high / low) ** rng.random(len(rows))
    rows.loc[new, "start"] = start[new].astype("datetime64[s]")
    rows.loc[new, "end"] = np.maximum(end, start + 10)[new].astype("datetime64[s]")
    rows.loc[new, "budget"] = np.where(raw < 1e6, raw.round(-2), raw.round(-3))[new]


def _continue_some(rows: pd.DataFrame, rng: np.random.Generator) -> pd.DataFrame:
    """Add next year's part of some projects: same title, a year later, and no duplicate."""
    rows["continues"] = ASIDE
    may = (rows["need"] == ASIDE) & ~rows["programme"] & (rows["level"] == 3) & (rows["known"] < 8)
    chosen = np.flatnonzero(may & (rng.random(len(rows)) < CONTINUED))
    again = rows.iloc[chosen].copy()
    again["known"] += 4
    again["continues"] = chosen
    for column in ("start", "end"):
        again[column] = again[column] + pd.DateOffset(years=1)
    return pd.concat([rows, again], ignore_index=True)
