"""Small cases for the tests of indicators: a few needs, projects and links, by hand or drawn."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from evallib.needs import AlignmentInputs, alignment
from evallib.needs.inputs.inputs import Case
from evallib.needs.inputs.link_network import read_network
from evallib.needs.inputs.scopes import Scopes
from evallib.periods import FiscalPeriod

T1, T2, T3 = "941012", "941011", "950101"
QUARTER = FiscalPeriod(2565, 3)
SCOPES = ("area", "94", "95", "9410", "9501", T2, T1, T3)
NEED = {
    "tambon_code": T1, "sector_code": "WAT", "first_stated": "2565-Q1", "last_stated": "2565-Q3",
    "village_no": 1, "people_affected": 10,
}  # fmt: skip
PROJECT = {
    "tambon_code": T1, "sector_code": "WAT", "fiscal_year": 2565, "budget_approved": 100_000.0,
    "start_date": "2022-01-15", "end_date": "2022-06-15", "status": "ongoing",
    "public_notice_date": None, "agency_id": "RID", "agencies": "RID",
}  # fmt: skip


def rows_of(key: str, rows: dict[str, dict[str, object]], usual: dict[str, object]) -> pd.DataFrame:
    """Return a frame by key, each row the usual one but for what is written."""
    frame = pd.DataFrame(
        [{key: name, **usual, **row} for name, row in sorted(rows.items())],
        columns=[key, *usual, *sorted({c for row in rows.values() for c in row} - set(usual))],
    )
    frame = frame.astype({key: "str", "tambon_code": "str"})
    return frame.assign(
        amphoe_code=frame["tambon_code"].str[:4], province_code=frame["tambon_code"].str[:2]
    )


def make_case(
    needs: dict[str, dict[str, object]],
    projects: dict[str, dict[str, object]],
    links: dict[tuple[str, str], float],
    *,
    period: FiscalPeriod | None = QUARTER,
    rank: dict[str, float] | None = None,
    codes: tuple[str, ...] = SCOPES,
) -> Case:
    """Return a case in which all counts; needs are ranked as written, else all first."""
    wanted, offered = rows_of("need_id", needs, NEED), rows_of("project_uid", projects, PROJECT)
    for name in ("start_date", "end_date", "public_notice_date"):
        offered[name] = pd.to_datetime(offered[name]).astype("datetime64[s]")
    offered["budget_approved"] = offered["budget_approved"].astype("float64")
    pairs = pd.DataFrame(
        [(i, j, m, "auto") for (i, j), m in links.items()],
        columns=["need_id", "project_uid", "score", "reviewer_state"],
    )
    home = wanted["tambon_code"]
    return Case(
        needs=wanted,
        projects=offered,
        open_need=np.ones(len(wanted), dtype=bool),
        of_year=np.ones(len(offered), dtype=bool),
        weights=(1 / home.groupby(home).transform("size")).to_numpy(dtype="float64"),
        rank=np.array([(rank or {}).get(i, 1.0) for i in wanted["need_id"]]),
        net=read_network(wanted, offered, pairs, np.zeros(len(offered))),
        scopes=Scopes(codes),
        period=period,
    )


def at(case: Case, found: np.ndarray) -> dict[str, object]:
    """Return the figures of the scopes by their codes."""
    return dict(zip(case.scopes.codes, found.tolist(), strict=True))


PROBABILITY = st.sampled_from([0.0, 0.3, 0.5, 0.9, 1.0])
QUARTERS = st.sampled_from([f"{y}-Q{q}" for y in (2564, 2565) for q in (1, 2, 3, 4)][:7])


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Draw a case of some needs and projects in three tambons, gaps and ties among them."""
    tambon = st.sampled_from([T1, T2, T3])
    needs: dict[str, dict[str, object]] = {}
    for i in range(draw(st.integers(0, 6))):
        first, last = sorted([draw(QUARTERS), draw(QUARTERS)])
        needs[f"n{i}"] = {
            "tambon_code": draw(tambon),
            "sector_code": draw(st.sampled_from(["WAT", "ROD", "AGR", "OTH"])),
            "first_stated": draw(st.sampled_from([first, first, None])),
            "last_stated": draw(st.sampled_from([last, last, None])),
            "village_no": draw(st.sampled_from([None, 0, 1, 2, 9])),
        }
    dates = st.sampled_from([None, "2021-03-01", "2021-10-01", "2022-02-01", "2022-06-30"])
    projects = {
        f"p{i}": {
            "tambon_code": draw(tambon),
            "sector_code": draw(st.sampled_from(["WAT", "ROD"])),
            "budget_approved": draw(st.sampled_from([None, 0.0, 1e5, 3e5])),
            "fiscal_year": draw(st.sampled_from([2564, 2565])),
            "start_date": draw(dates),
            "end_date": draw(dates),
            "public_notice_date": draw(dates),
            "agency_id": draw(st.sampled_from(["RID", "PAO", None])),
            "agencies": None,
            "status": draw(st.sampled_from(["ongoing", "cancelled", None])),
        }
        for i in range(draw(st.integers(0, 5)))
    }
    links = {(i, j): draw(PROBABILITY) for i in needs for j in projects if draw(st.booleans())}
    rank = {i: float(draw(st.integers(1, 5))) for i in needs}
    return make_case(needs, projects, links, rank=rank)


def measure(
    needs: pd.DataFrame, projects: pd.DataFrame, links: pd.DataFrame, **more: Any
) -> pd.DataFrame:
    """Return the indicators of some tables, and of what else is given, in one call."""
    inside = {field.name for field in fields(AlignmentInputs)}
    tables = {name: more.pop(name) for name in list(more) if name in inside}
    return alignment(AlignmentInputs(needs, projects, links, **tables), **more)
