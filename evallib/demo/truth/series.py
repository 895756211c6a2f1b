"""What each agency calls its projects, and which projects a second agency reports as its own."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.agencies import read_agencies
from evallib.demo.truth.programme import PLAN
from evallib.demo.wording import phrases, pick, stream, topics
from evallib.errors import NotFound

if TYPE_CHECKING:
    from evallib.demo.truth.projects import Projects
    from evallib.demo.truth.world import World

REPORTED_TWICE = 0.04  # share of tambon projects that a second agency reports too
PROJECTS_AN_AGENCY = 70  # a year: decides how many agencies take part in a small demo
FEWEST = 8  # the first eight of the phrase book cover all sectors, provinces and layouts
TAILS = ("", "", "", " ตำบล{tambon}", " ตำบล{tambon}", " ต.{tambon} อ.{amphoe}",
         " หมู่ที่ {moo} ตำบล{tambon} อำเภอ{amphoe}")  # fmt: skip


@dataclass(frozen=True, slots=True)
class Agency:
    """An agency of the demo: its id in the register, how it signs, and its way of reporting."""

    agency_id: str
    name: str
    layout: str
    province: str
    sectors: tuple[str, ...]
    plan: str
    fund: str


def demo_agencies(n_projects: int) -> tuple[Agency, ...]:
    """Return the agencies that take part, the more the larger the demo.

    Raises
    ------
    NotFound
        The register of agencies lacks an id of the phrase book.
    """
    register = set(read_agencies()["agency_id"])
    wanted = phrases()["agencies"]
    count = min(max(round(n_projects / 3 / PROJECTS_AN_AGENCY), FEWEST), len(wanted))
    unknown = [entry["agency_id"] for entry in wanted if entry["agency_id"] not in register]
    if unknown:
        raise NotFound("demo.unknown_agency", found=", ".join(unknown), known=len(register))
    return tuple(
        Agency(**{**entry, "sectors": tuple(entry["sectors"])}) for entry in wanted[:count]
    )


def name_series(world: World, plan: Projects, agencies: tuple[Agency, ...]) -> pd.DataFrame:
    """Return one row a project and agency that reports it.

    Returns
    -------
    pandas.DataFrame, shape (series, 10)
        ``project``, ``agency`` (positions), ``known``, ``title``, ``plan_source``, ``code``,
        ``budget``, ``start``, ``end``, ``second`` (True: reported by a second agency).
        Sorted by agency, quarter and project.
    """
    rng = stream(world.seed, "series")
    projects = plan.projects
    places = world.tambons.to_dict("records")
    eligible = _eligible(agencies)
    first: list[int] = []
    titles: list[str] = []
    rows: list[dict[Any, Any]] = []
    for i, p in enumerate(projects.to_dict("records")):
        place = places[p["unit"]]
        able = eligible[topics()[p["topic"]].sector, place["province_code"]]
        agency = 0 if p["programme"] else pick(rng, able)
        title = _title(p, place, world, rng)
        if p["continues"] >= 0:
            agency, title = first[p["continues"]], titles[p["continues"]]
        first.append(agency)
        titles.append(title)
        source = PLAN if p["programme"] else agencies[agency].plan
        rows.append(_series(i, p, agency=agency, title=title, source=source, second=False))
        others = [a for a in able if a != agency]
        may = p["level"] == 3 and not p["programme"] and p["continues"] < 0 and bool(others)
        if may and rng.random() < REPORTED_TWICE:
            rows.append(_twin(rows[-1], p, place, agencies, others, rng))
    series = pd.DataFrame(rows).sort_values(["agency", "known", "project"], ignore_index=True)
    year = [2563 + t // 4 for t in series["known"]]
    number = series.groupby(["agency", pd.Series(year)]).cumcount() + 1
    parts = zip(series["agency"], year, number, strict=True)
    series["code"] = [f"{agency + 11}{y % 100}{n:04d}" for agency, y, n in parts]
    return series


def _eligible(agencies: tuple[Agency, ...]) -> dict[tuple[str, str], list[int]]:
    """Return, for each sector and province, the agencies that work there; the first if none."""
    found = {}
    for sector in phrases()["sectors"]:
        for province in ("94", "95", "96", "90"):
            able = [
                i for i, a in enumerate(agencies)
                if sector in a.sectors and a.province in {"", province}
            ]  # fmt: skip
            found[sector, province] = able or [0]
    return found


def _series(
    i: int, project: dict[Any, Any], *, agency: int, title: str, source: str, second: bool
) -> dict[Any, Any]:
    kept = {name: project[name] for name in ("known", "budget", "start", "end")}
    return {"project": i, "agency": agency, "title": title, "plan_source": source,
            "second": second, **kept}  # fmt: skip


def _title(p: dict[Any, Any], place: dict[Any, Any], world: World, rng: np.random.Generator) -> str:
    """Return a title in the words of an agency."""
    moo = p["moo"] or p["number"] % 8 + 1
    village = world.villages[p["unit"], moo - 1]
    phrase = topics()[p["topic"]].titles[p["phrase"]]
    title = phrase.format(moo=moo, ban=f"บ้าน{village}", n=p["number"])
    names = {"tambon": place["tambon_th"], "amphoe": place["amphoe_th"], "moo": moo}
    if p["programme"]:
        activity = title.removeprefix("โครงการ").removeprefix("กิจกรรม")
        return f"โครงการตำบลมั่นคง มั่งคั่ง ยั่งยืน ต.{names['tambon']} ({activity})"
    if p["level"] > 3:
        wide = {4: f"อำเภอ{names['amphoe']}", 5: f"จังหวัด{place['province_th']}"}[p["level"]]
        return f"{phrase.split('{')[0].strip()} {wide}"
    tails = TAILS if p["moo"] and "{moo}" not in phrase else TAILS[:-1]
    tail = str(pick(rng, tails)).format(**names)
    return f"{title}{tail}"


def _twin(
    base: dict[Any, Any],
    p: dict[Any, Any],
    place: dict[Any, Any],
    agencies: tuple[Agency, ...],
    others: list[int],
    rng: np.random.Generator,
) -> dict[Any, Any]:
    """Return the same project as a second agency reports it, under another wording."""
    agency = pick(rng, others)
    year = 2563 + p["known"] // 4
    title = _reword(base["title"], place, year, rng)
    late = int(rng.integers(0, 4 - p["known"] % 4))
    days = np.timedelta64(int(rng.integers(-5, 6)), "D")
    slip = 1.0 if rng.random() < 0.8 else 1 + rng.uniform(-0.02, 0.02)
    return {**base, "agency": agency, "title": title, "plan_source": agencies[agency].plan,
            "second": True, "known": base["known"] + late, "start": base["start"] + days,
            "end": base["end"] + days, "budget": round(base["budget"] * slip, -2)}  # fmt: skip


def _reword(title: str, place: dict[Any, Any], year: int, rng: np.random.Generator) -> str:
    """Return a title as another clerk would write it: synonyms, another name of the place."""
    tail = re.search(r" (?:หมู่ที่ \d+ )?(?:ตำบล|ต\.).*$", title)
    core = title[: tail.start()] if tail else title
    bare = core.removeprefix("โครงการ").removeprefix("กิจกรรม")
    for written, other in phrases()["words"]["synonyms"]:
        if written in bare and rng.random() < 0.7:
            bare = bare.replace(written, other, 1)
    leads = [lead for lead in ("โครงการ", "กิจกรรม", "งาน") if lead + bare != core]
    tambon, province = place["tambon_th"], place["province_th"]
    tails = ("", f" ต.{tambon}", f" ตำบล{tambon} จังหวัด{province}", f" ประจำปีงบประมาณ พ.ศ. {year}")
    return f"{pick(rng, leads)}{bare}{pick(rng, tails)}"
