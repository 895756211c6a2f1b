"""Evidence: every table of one report, cut to its scope, period and date of knowledge."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from evallib.config import AREA, Settings, read_settings
from evallib.errors import NotFound, SchemaError
from evallib.i18n import LANGUAGES, text
from evallib.periods import FiscalPeriod, as_period, known_quarters, newest_cut_off
from evallib.privacy.forms import Settled, settle_forms
from evallib.privacy.gate import Gate
from evallib.report.evidence_cut import Cut, of_periods, of_scope
from evallib.report.writer import Chapters, Writer
from evallib.thai.days import read_day

if TYPE_CHECKING:
    from datetime import date

    from evallib.store import Store


@dataclass(frozen=True, slots=True, kw_only=True, repr=False)
class Evidence:
    """What one report is made from. Every frame is cut to scope, period and ``as_of``.

    Parameters
    ----------
    scope : str
        Two-digit province code, or ``"area"``.
    period : FiscalPeriod
        Quarter or year of the report.
    as_of : datetime.date
        Nothing that became known later is in the frames.
    language : {"th", "en"}
        Language of words made from the evidence.
    settings : Settings
        Scope of the area, threshold, outcome and programme.
    tambons : pandas.DataFrame
        Register of the tambons in scope, with names and points.
    projects : pandas.DataFrame
        Register of the fiscal year, see ``evallib.tables``.
    progress : pandas.DataFrame
        One row per project: the newest report of progress up to the period.
    needs, votes : pandas.DataFrame
        Needs stated in the fiscal year up to the period, and every ballot on them.
    every_need, every_project, links : pandas.DataFrame
        All needs stated and all projects begun until the period, and the links between
        them: a project of this year may answer a need of the year before.
    meetings, survey, inputs, findings, quality : pandas.DataFrame
        Of the period alone; ``quality`` of the agencies that have projects in scope.
    indicators, programme : pandas.DataFrame
        Of the whole area and all periods until this one: what the impact chapter needs.
    waiting : int
        Forms of the survey that came, changed or went since, and wait until there are enough of
        them; a number of people, so it is printed by the gate alone.
    chapters : Chapters
        The chapters written so far, with their numbers.
    """

    scope: str
    period: FiscalPeriod
    as_of: date
    language: str
    settings: Settings
    tambons: pd.DataFrame
    projects: pd.DataFrame
    progress: pd.DataFrame
    needs: pd.DataFrame
    votes: pd.DataFrame
    every_need: pd.DataFrame
    every_project: pd.DataFrame
    links: pd.DataFrame
    meetings: pd.DataFrame
    survey: pd.DataFrame
    inputs: pd.DataFrame
    findings: pd.DataFrame
    quality: pd.DataFrame
    indicators: pd.DataFrame
    programme: pd.DataFrame
    store: Store
    waiting: int = 0
    chapters: Chapters = field(default_factory=Chapters)

    def __repr__(self) -> str:
        """Say what it is about, and show no row: this is what a traceback or a cell prints."""
        return f"Evidence({self.scope}, {self.period}, {self.as_of})"

    def write(self, chapter: str = "", number: int | None = None) -> Writer:
        """Return a writer of blocks in the language of this report.

        Parameters
        ----------
        chapter : str
            Name of the chapter. The first that is written has number 1, the next 2, and each keeps
            its number when it is written again. Blocks of no chapter when left out.
        number : int, optional
            A number to give the chapter instead.
        """
        given = self.chapters.number(chapter, given=number) if chapter else None
        return Writer(self.language, given)

    @property
    def gate(self) -> Gate:
        """The door through which every figure about people goes."""
        return Gate(threshold=self.settings.threshold, set_by=self.settings.threshold_set_by)

    @property
    def edition(self) -> str:
        """``"preliminary"`` or ``"final"``, see ``edition_of``."""
        return edition_of(self.period, self.as_of)

    @property
    def synthetic(self) -> bool:
        """Whether any submission of the period says that it is synthetic."""
        return bool((self.inputs["synthetic"] == 1).any())

    def word(self, code: str, **values: object) -> str:
        """Return words of the report catalog in the language of this report."""
        return text(f"report.{code}", self.language, **values)

    def scope_name(self) -> str:
        """Return the name of the province, or of the area, in the language of this report."""
        return scope_name(self.scope, language=self.language)

    def before(self) -> Evidence | None:
        """Return the evidence of the period before, as its own final edition had it, or None.

        What became known since is no change between the two periods.
        """
        previous = self.period.next(-1)
        day = min(previous.due, self.as_of).isoformat()
        try:
            return read_evidence(
                self.store, previous, province=self.scope,
                as_of=day, language=self.language, settings=self.settings,
            )  # fmt: skip
        except NotFound:
            return None


def scope_name(scope: str, *, language: str = "th") -> str:
    """Return the name of a province by its code, or of the whole area.

    Examples
    --------
    >>> scope_name("95", language="en"), scope_name("area", language="en")
    ('Yala', 'southern border area')
    """
    from evallib.places import name_of  # reads the register

    return text("report.area", language) if scope == AREA else name_of(scope, language=language)


def edition_of(period: FiscalPeriod | str, as_of: date | str) -> str:
    """Return ``"preliminary"`` before all submissions of a period are due, then ``"final"``.

    Examples
    --------
    >>> edition_of("2565-Q3", "2022-06-24")
    'preliminary'
    """
    day = read_day(as_of, code="runner.as_of")
    return "final" if day >= as_period(period).due else "preliminary"


def read_evidence(
    store: Store | str | Path,
    period: FiscalPeriod | str,
    *,
    province: str | int = AREA,
    as_of: str | date = "",
    language: str = "th",
    settings: Settings | None = None,
) -> Evidence:
    """Read from the store what a report of one scope and period needs.

    Parameters
    ----------
    store : Store or path
        The evaluation database; a relative folder is also looked for in the parent folders, so that
        a notebook finds it from where it stands.
    period : FiscalPeriod or str
        ``"2565-Q3"``, ``"2565"``, or as people write it: ``"ไตรมาส 3/2565"``.
    province : str or int, default "area"
        Code or name of a province, or ``"area"`` for all of them.
    as_of : str or datetime.date, default ""
        Date of the cut-off, ISO or as Thai offices write it; the newest date known for the period
        when empty.
    language : {"th", "en"}
        Language of the report.
    settings : Settings, optional
        Read from ``evallib.toml`` when left out.

    Returns
    -------
    Evidence
        Frames cut to scope, period and cut-off.

    Raises
    ------
    NotFound
        Unknown province, no database, or no data for the period at that date.
    SchemaError
        Unknown language, or a date or period in another form.
    """
    if language not in LANGUAGES:
        raise SchemaError("config.language", found=str(language))
    chosen = settings or read_settings()
    asked = as_period(period)
    database = open_store(store).snapshot()
    scope, tambons = _scope(str(province), chosen)
    received = database.read("inputs")
    inputs = of_periods(received, asked)
    day = _cut_off(as_of, asked, inputs, received)
    inputs = inputs[inputs["as_of"] <= pd.Timestamp(day)]
    if inputs.empty:
        raise NotFound("report.no_data", period=str(asked), as_of=day.isoformat())
    frames = Cut(database, asked, day, scope, tambons)
    register = frames.register()
    survey = settled_survey(frames, threshold=chosen.threshold)
    every_project = frames.here(register)
    projects = every_project[every_project["fiscal_year"] == asked.fiscal_year]
    projects = projects.reset_index(drop=True)
    needs, votes = frames.needs()
    every_need = frames.every_need()
    return Evidence(
        scope=scope, period=asked, as_of=day, language=language, settings=chosen, store=database,
        tambons=tambons, projects=projects,
        progress=frames.progress(projects), needs=needs, votes=votes,
        every_need=every_need, every_project=every_project,
        links=frames.links(every_need, every_project),
        meetings=frames.of_period("council_meetings"),
        survey=survey.forms, waiting=survey.waiting,
        inputs=of_scope(inputs, scope), findings=of_scope(frames.of_period("findings"), scope),
        quality=frames.quality(projects),
        indicators=frames.history("indicators"), programme=register,
    )  # fmt: skip


def settled_survey(frames: Cut, *, threshold: int) -> Settled:
    """Return the forms of the survey that a report may rest on, see `settle_forms`."""
    released = of_periods(frames.store.read("released_forms"), frames.period)
    return settle_forms(frames.of_period("beneficiary_survey"), released, threshold=threshold)


def open_store(store: Store | str | Path) -> Store:
    """Return the database in a folder, looked for upwards from here when the path is relative.

    Raises
    ------
    NotFound
        There is no such folder.
    """
    from evallib.store import Store

    if isinstance(store, Store):
        return store
    folder = Path(store)
    places = (
        [folder]
        if folder.is_absolute()
        else [p / folder for p in (Path.cwd(), *Path.cwd().parents)]
    )
    for place in places:
        if place.is_dir():
            return Store(place)
    raise NotFound("report.no_store", found=str(folder))


def _scope(province: str, settings: Settings) -> tuple[str, pd.DataFrame]:
    from evallib.places import area, find_province  # reads the register

    tambons = area(settings)
    if province == AREA:
        return AREA, tambons
    code = find_province(province, settings=settings)
    return code, tambons[tambons["province_code"] == code].reset_index(drop=True)


def _cut_off(
    as_of: str | date, period: FiscalPeriod, inputs: pd.DataFrame, received: pd.DataFrame
) -> date:
    """Return the date asked for, else the newest on which the period should rest.

    Raises
    ------
    NotFound
        Nobody reported on the period.
    """
    if as_of:
        return read_day(as_of, code="runner.as_of")
    known = received[(received["state"] == "read") & received["quarter"].notna()]
    quarters = known_quarters(known["fiscal_year"], known["quarter"], known["as_of"].dt.date)
    if inputs.empty or not quarters:
        there = (
            " – ".join(dict.fromkeys(map(str, (min(quarters), max(quarters))))) if quarters else "-"
        )
        raise NotFound("runner.unknown_period", found=str(period), known=there)
    return newest_cut_off(period, quarters)
