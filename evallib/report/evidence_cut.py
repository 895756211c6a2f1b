"""Cuts tables of the database to what one report may know: scope, period, date of knowledge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evallib.config import AREA

if TYPE_CHECKING:
    from datetime import date

    from evallib.periods import FiscalPeriod
    from evallib.store import Store


def of_periods(frame: pd.DataFrame, period: FiscalPeriod) -> pd.DataFrame:
    """Return the rows of a quarter, or of the quarters of a year."""
    same_year = frame["fiscal_year"] == period.fiscal_year
    if not period.quarter:
        return frame[same_year]
    return frame[same_year & (frame["quarter"] == period.quarter)]


def of_scope(frame: pd.DataFrame, scope: str) -> pd.DataFrame:
    """Return rows about a province; rows about no province concern every one."""
    if scope == AREA:
        return frame.reset_index(drop=True)
    about = frame["province_code"]
    return frame[about.isna() | (about == scope)].reset_index(drop=True)


@dataclass(frozen=True, slots=True)
class Cut:
    """Reads tables of one store, cut to what a report may know."""

    store: Store
    period: FiscalPeriod
    as_of: date
    scope: str
    tambons: pd.DataFrame

    def read(self, table: str, **limits: object) -> pd.DataFrame:
        """Return a table as known at the cut-off."""
        return self.store.read(table, as_of=self.as_of.isoformat(), **limits)  # type: ignore[arg-type]

    def here(self, frame: pd.DataFrame) -> pd.DataFrame:
        """Return the rows whose place lies in scope."""
        if self.scope == AREA:
            return frame.reset_index(drop=True)
        return frame[frame["province_code"] == self.scope].reset_index(drop=True)

    def of_period(self, table: str) -> pd.DataFrame:
        """Return the rows of the period alone."""
        frame = of_periods(self.read(table), self.period)
        return self.here(frame) if table != "findings" else frame

    def quality(self, projects: pd.DataFrame) -> pd.DataFrame:
        """Return the scores of quality of the period, of agencies that have some projects."""
        scores = of_periods(self.read("quality_scores"), self.period)
        return scores[scores["agency_id"].isin(projects["agency_id"])].reset_index(drop=True)

    def history(self, table: str) -> pd.DataFrame:
        """Return the rows of the whole area, all periods up to this one."""
        frame = self.read(table)
        until = self.period.quarters[-1]
        year = frame["fiscal_year"]
        if "quarter" not in frame:
            return frame[year <= until.fiscal_year].reset_index(drop=True)
        earlier = (year < until.fiscal_year) | (
            (year == until.fiscal_year) & (frame["quarter"] <= until.quarter)
        )
        return frame[earlier].reset_index(drop=True)

    def register(self) -> pd.DataFrame:
        """Return the register of the whole area as it was known, until this fiscal year."""
        from evallib.register import known_projects  # brings the readers

        known = known_projects(
            self.read("project_submissions"), self.store.read("projects"), pd.Timestamp(self.as_of)
        )
        return known[known["fiscal_year"] <= self.period.fiscal_year].reset_index(drop=True)

    def progress(self, projects: pd.DataFrame) -> pd.DataFrame:
        """Return the newest progress of each of these projects up to the period."""
        frame = self.history("project_progress")
        frame = frame[frame["project_uid"].isin(projects["project_uid"])]
        return (
            frame.sort_values(["project_uid", "fiscal_year", "quarter"])
            .drop_duplicates("project_uid", keep="last")
            .reset_index(drop=True)
        )

    def needs(self) -> tuple[pd.DataFrame, pd.DataFrame]:
        """Return the needs stated in the year up to the period, and every ballot on them.

        Ballots stay whole: a need weighs what it got among all that stood on the same ballot.
        """
        votes = self.history("need_votes")
        votes = votes[votes["fiscal_year"] == self.period.fiscal_year]
        needs = self.here(self.read("needs"))
        needs = needs[needs["need_id"].isin(votes["need_id"])].reset_index(drop=True)
        return needs, votes[votes["need_id"].isin(needs["need_id"])].reset_index(drop=True)

    def every_need(self) -> pd.DataFrame:
        """Return the needs in scope that were stated in any period until this one."""
        stated = self.history("need_votes")["need_id"]
        needs = self.here(self.read("needs"))
        return needs[needs["need_id"].isin(stated)].reset_index(drop=True)

    def links(self, needs: pd.DataFrame, projects: pd.DataFrame) -> pd.DataFrame:
        """Return the links between these needs and these projects."""
        frame = self.read("need_project_links")
        both = frame["need_id"].isin(needs["need_id"]) & frame["project_uid"].isin(
            projects["project_uid"]
        )
        return frame[both].reset_index(drop=True)
