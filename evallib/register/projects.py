"""The register of projects: submissions of all quarters and agencies brought together."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pandas as pd

from evallib.findings import Finding, Where
from evallib.register.review import Review
from evallib.register.same_project import identify_projects
from evallib.register.settlement import (
    duplicate_tables,
    settle_duplicates,
    take_budgets,
)
from evallib.tables import contract, empty
from evallib.tables.ids import hashed
from evallib.thai.keys import text_key

if TYPE_CHECKING:
    from collections.abc import Mapping

TABLES = (
    "project_submissions", "projects", "project_duplicates", "project_progress", "project_parts",
    "duplicate_reviews", "baht_ledger",
)  # fmt: skip
_TOLD = ("agency_raw", "agency_project_code", "budget_code")  # beside the columns of the register
_PLACE = ("tambon_code", "amphoe_code", "province_code", "location_precision")


@dataclass(frozen=True, slots=True)
class Register:
    """Frames of the projects, in the columns of their contracts, and what was noticed."""

    project_submissions: pd.DataFrame
    projects: pd.DataFrame
    project_duplicates: pd.DataFrame
    project_progress: pd.DataFrame
    project_parts: pd.DataFrame
    duplicate_reviews: pd.DataFrame
    baht_ledger: pd.DataFrame
    findings: tuple[Finding, ...]


def build_register(rows: pd.DataFrame, review: Review | None = None) -> Register:
    """Bring project rows of all files together: one project once, with its latest values.

    Parameters
    ----------
    rows : pandas.DataFrame, shape (n, k)
        Rows of every file in the columns of ``project_submissions``, without ids, and
        ``reported_year``: the fiscal year of the report, missing where a row reports no progress.
    review : Review, optional
        What persons decided on pairs of projects, as `read_review` returns it.

    Returns
    -------
    Register
        ``projects`` holds the latest known value of each column; ``project_progress`` one row a
        project and quarter. Pairs that are one project with probability 0.9 and more, or that a
        person confirmed, are merged into the one first reported (finding ``duplicate.merged``
        names both).
    """
    if rows.empty:
        nothing = {name: empty(name) for name in TABLES}
        return Register(**nothing, findings=review.findings if review else ())
    rows, single, findings = single_projects(rows)
    settled = settle_duplicates(single, review or Review())
    merged = settled.merged
    rows["project_uid"] = rows["own_uid"].map(lambda uid: merged.get(uid, uid))
    progress, repeated = _progress(rows)
    projects, taken = take_budgets(_projects(single, rows, merged), single, merged)
    tables, told = duplicate_tables(settled, rows, projects, single)
    return Register(
        project_submissions=rows,
        projects=projects,
        project_progress=progress,
        **tables,
        findings=(
            *findings,
            *repeated,
            *_contradictions(rows),
            *settled.findings,
            *taken,
            *told,
        ),
    )


def single_projects(
    rows: pd.DataFrame,
) -> tuple[pd.DataFrame, pd.DataFrame, list[Finding]]:
    """Return rows with the id of their project in ``own_uid``, and one row a project and agency.

    The second frame has the columns of ``projects``, before anything is merged across agencies,
    and what tells projects apart beside them: agency as written and codes.
    """
    order = ["as_of", "agency_id", "file", "sheet", "row"]
    rows = rows.sort_values(order, kind="stable", na_position="last", ignore_index=True)
    rows, findings = share_places(rows)
    own_uid, renamed = identify_projects(rows)
    rows = rows.assign(own_uid=own_uid, submission_id=_submission_ids(rows))
    return rows, _latest(rows, "own_uid"), [*findings, *renamed]


def share_places(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Give a row without tambon the tambon that the same project has in another quarter.

    Only where agency, year and title name one tambon, and no file lists two such projects.
    """
    agency = rows["agency_id"].where(rows["agency_id"].notna(), rows["agency_raw"])
    keys = [rows["fiscal_year"], agency.fillna(""), rows["title_th"].map(text_key)]
    known = rows["tambon_code"].groupby(keys).transform("nunique").eq(1)
    alone = ~rows.groupby([*keys, rows["file"]])["row"].transform("size").gt(1).groupby(
        keys
    ).transform("any")
    lacking = rows["tambon_code"].isna() & known & alone
    if not lacking.any():
        return rows, []
    donors = rows[rows["tambon_code"].notna()]
    shared = donors.groupby([k[donors.index] for k in keys])["tambon_code"].first()
    wanted = pd.MultiIndex.from_arrays([k[lacking] for k in keys])
    codes = pd.Series(shared.reindex(wanted).to_numpy(), rows.index[lacking], dtype="object")
    coarse = rows.loc[lacking, "amphoe_code"].fillna(rows.loc[lacking, "province_code"]).fillna("")
    fits = [code.startswith(held) for code, held in zip(codes, coarse, strict=True)]
    codes = codes[fits]
    rows = rows.copy()
    rows.loc[codes.index, "tambon_code"] = codes
    rows.loc[codes.index, "amphoe_code"] = codes.str[:4]
    rows.loc[codes.index, "province_code"] = codes.str[:2]
    rows.loc[codes.index, "location_precision"] = 3
    return rows, [
        Finding("intake.place_shared", "info", where_of(rows, i), str(code))
        for i, code in codes.items()
    ]


def where_of(rows: pd.DataFrame, label: Any, column: str = "") -> Where:
    """Return the place of the row with that index label."""
    file, sheet, row = (rows[name].loc[label] for name in ("file", "sheet", "row"))
    return Where(file, sheet, row, column)


def _submission_ids(rows: pd.DataFrame) -> list[str]:
    return hashed(
        "S-",
        12,
        (f"{f}|{s}|{r}" for f, s, r in zip(rows["file"], rows["sheet"], rows["row"], strict=True)),
    )


def _latest(rows: pd.DataFrame, uid: str) -> pd.DataFrame:
    """Return one row a project with the last known value of each column."""
    wanted = [*contract("projects").names, *_TOLD]
    names = [c for c in wanted if c in rows and c not in {*_PLACE, "project_uid"}]
    grouped = rows.groupby(uid, sort=True)
    latest = grouped[names].last()
    latest["as_of"] = grouped["as_of"].min()  # when the project became known
    best = rows.assign(fine=-rows["location_precision"]).sort_values(
        ["fine", "as_of"], kind="stable"
    )
    place = best.groupby(uid, sort=True)[[*_PLACE]].tail(1)
    place = place.set_axis(best.loc[place.index, uid], axis=0)
    latest = latest.join(place)
    latest["n_submissions"] = grouped.size()
    return latest.rename_axis("project_uid").reset_index()


def known_projects(
    submissions: pd.DataFrame, projects: pd.DataFrame, as_of: pd.Timestamp
) -> pd.DataFrame:
    """Return the register as it was known on a day, not as it is known now.

    Parameters
    ----------
    submissions, projects : pandas.DataFrame
        Contracts ``project_submissions`` and ``projects``.
    as_of : pandas.Timestamp
        The day; what was sent later plays no part.

    Returns
    -------
    pandas.DataFrame
        Contract ``projects``: those of which a row had been sent. Budget, dates, status and the
        like are the last that the project's own agency had sent by then; place and sector, which
        rest on the text and not on the day, are those of the register.
    """
    own = submissions["project_uid"].map(projects.set_index("project_uid")["agency_id"])
    same = (submissions["agency_id"] == own) | (submissions["agency_id"].isna() & own.isna())
    then = submissions[same & (submissions["as_of"] <= as_of)]
    fixed = {*_PLACE, "project_uid", "agency_id", "fiscal_year", "title_th", "as_of"}
    names = [c for c in projects if c in submissions and c not in fixed]
    order = ["as_of", "file", "sheet", "row"]
    last = then.sort_values(order, kind="stable").groupby("project_uid", sort=True)[names].last()
    kept = projects[projects["project_uid"].isin(last.index)].reset_index(drop=True)
    said = last.loc[kept["project_uid"]].reset_index(drop=True)
    for name in names:
        kept[name] = said[name].astype(kept[name].dtype)
    return kept


def _projects(single: pd.DataFrame, rows: pd.DataFrame, merged: Mapping[str, str]) -> pd.DataFrame:
    kept = single[~single["project_uid"].isin(list(merged))].copy()
    grouped = rows.groupby("project_uid")
    agencies = grouped["agency_id"].agg(lambda ids: ";".join(sorted(set(ids.dropna()))))
    kept["agencies"] = kept["project_uid"].map(agencies)
    kept["n_submissions"] = kept["project_uid"].map(grouped.size())
    return kept.assign(sector_code="OTH", sector_method="none", sector_conf=0.0)


def _contradictions(rows: pd.DataFrame) -> list[Finding]:
    """Report budgets of one project that two rows of the same agency and day tell differently."""
    told = rows[rows["budget_approved"].notna()]
    same = told.groupby(["own_uid", "as_of"])["budget_approved"]
    differs = told[same.transform("nunique") > 1]
    taken = differs.groupby(["own_uid", "as_of"])["budget_approved"].transform("last")
    return [
        Finding(
            "intake.budget_contradicted", "warning", where_of(rows, i, "budget_approved"),
            f"{given:,.2f} ≠ {kept:,.2f}",
        )
        for i, given, kept in zip(differs.index, differs["budget_approved"], taken, strict=True)
        if given != kept
    ]  # fmt: skip


def _progress(rows: pd.DataFrame) -> tuple[pd.DataFrame, list[Finding]]:
    """Return one row a project and quarter: of the agency kept, else of another; latest first."""
    reported = rows[rows["reported_year"].notna()].copy()
    reported["fiscal_year"] = reported["reported_year"].astype("Int64")
    own = reported["project_uid"] == reported["own_uid"]
    key = ["project_uid", "fiscal_year", "quarter"]
    ranked = reported.assign(own=own).sort_values(["own", "as_of"], kind="stable")
    doubled = ranked.duplicated([*key, "own_uid", "file"], keep="last")
    findings = [
        Finding(
            "intake.row_repeated", "warning", where_of(ranked, i), str(ranked["project_uid"].loc[i])
        )
        for i in ranked.index[doubled]
    ]
    latest = ranked.drop_duplicates(key, keep="last").sort_values(key, ignore_index=True)
    return latest, findings
