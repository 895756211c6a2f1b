"""Plan: which reports, with which parameters; wrong calls are refused before anything starts."""

from __future__ import annotations

import ast
import json
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

from evallib.config import AREA
from evallib.errors import NotFound, SchemaError, with_nearest
from evallib.periods import FiscalPeriod, as_period, newest_cut_off
from evallib.thai.days import read_day

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping, Sequence
    from datetime import date

    from evallib.config import Settings

DECIDED = {"province", "period", "as_of", "language", "store"}
QUARTERLY, ANNUAL = "quarterly_report", "annual_report"
Name = TypeVar("Name", str, str | FiscalPeriod)


@dataclass(frozen=True, slots=True)
class Job:
    """One report to make: a notebook, its parameters and the folder of the result."""

    notebook: Path
    scope: str
    period: FiscalPeriod
    parameters: tuple[tuple[str, str], ...]
    folder: Path

    @property
    def name(self) -> str:
        """Name by which people and ``evallib explain`` call the job."""
        return f"{self.period}/{self.scope}"


def plan_jobs(
    settings: Settings,
    available: Mapping[FiscalPeriod, date],
    *,
    notebooks: str | Sequence[str] = (),
    provinces: str | Sequence[str] = (),
    periods: str | FiscalPeriod | Sequence[str | FiscalPeriod] = (),
    as_of: str | date = "",
    extra: Mapping[str, str] | None = None,
) -> list[Job]:
    """Return the jobs of a call, quarters before years, provinces in the order of the settings.

    Parameters
    ----------
    settings : Settings
        Provinces of the area, folders and language.
    available : mapping of FiscalPeriod to date
        The quarters that hold data, with the newest date on which each was known.
    notebooks : str or sequence of str
        Names or paths of report notebooks; both when empty.
    provinces : str or sequence of str
        Codes or names; ``"all"`` or nothing means every province of the settings.
    periods : str, FiscalPeriod or sequence of them
        Periods such as ``"2565-Q3"`` or ``"Q3/65"``; ``"all"`` means every one that the data ask
        for; nothing means the newest quarter and the newest year.
    as_of : str or datetime.date, default ""
        Date of the cut-off, ISO or as Thai offices write it; `newest_cut_off` of each period when
        empty.
    extra : mapping of str to str, optional
        Further notebook parameters; none of those that the plan itself decides.

    Raises
    ------
    NotFound
        A province, period or notebook is not known.
    SchemaError
        A notebook does not declare a parameter that it would be handed, or is not a notebook; or
        the folder of a report would lie outside that of reports.
    """
    if not available:
        raise NotFound("runner.no_data", found=str(settings.store))
    asked = read_day(as_of, code="runner.as_of").isoformat() if as_of else ""
    decided = sorted(set(extra or {}) & DECIDED)
    if decided:
        raise SchemaError("runner.decided_parameter", found=", ".join(decided))
    scopes = _choose_provinces(_several(provinces), settings)
    jobs: list[Job] = []
    for notebook in _choose_notebooks(_several(notebooks), settings):
        annual = notebook.stem == ANNUAL
        for period in _choose_periods(_several(periods), available, annual=annual):
            known = asked or newest_cut_off(period, available).isoformat()
            first = min(available[q] for q in period.quarters if q in available).isoformat()
            if known < first:
                raise NotFound("report.no_data", period=str(period), as_of=known)
            for scope in [AREA] if annual else scopes:
                parameters = {
                    "province": scope,
                    "period": str(period),
                    "as_of": known,
                    "language": settings.language,
                    "store": _portable(settings.store),
                } | dict(extra or {})
                if annual:
                    del parameters["province"]
                check_parameters(notebook, parameters)
                jobs.append(
                    Job(notebook, scope, period, tuple(sorted(parameters.items())),
                        _folder_inside(settings.reports, period, scope))
                )  # fmt: skip
    if not jobs:
        asked_for = [*_several(notebooks), *_several(periods)]
        raise SchemaError("runner.no_jobs", found=", ".join(map(str, asked_for)))
    return jobs


def _several(given: Name | Sequence[Name]) -> Sequence[Name]:
    """Return what was given as several; one text is one name, not its letters."""
    return [given] if isinstance(given, (str, FiscalPeriod)) else given


def _folder_inside(reports: Path, period: FiscalPeriod, scope: str) -> Path:
    """Return the folder of a report; a scope that is a path, or a link, must not lead elsewhere."""
    folder = reports / str(period) / scope
    if not scope.isalnum() or not folder.resolve().is_relative_to(reports.resolve()):
        raise SchemaError("runner.folder_outside", found=str(folder), reports=str(reports))
    return folder


def _portable(folder: Path) -> str:
    """Return a folder as seen from here when it lies here, so that no machine's path is kept."""
    here = Path.cwd()
    inside = folder.is_relative_to(here) if folder.is_absolute() else True
    return (folder.relative_to(here) if folder.is_absolute() and inside else folder).as_posix()


def _choose_provinces(written: Sequence[str], settings: Settings) -> list[str]:
    if not written or "all" in written:
        return list(settings.provinces)
    from evallib.places import find_province  # reads the register

    chosen = {find_province(name, settings=settings) for name in written}
    return [code for code in settings.provinces if code in chosen]


def _choose_periods(
    written: Sequence[str | FiscalPeriod], available: Mapping[FiscalPeriod, date], *, annual: bool
) -> list[FiscalPeriod]:
    quarters = sorted(available)
    known = sorted({quarter.year for quarter in quarters}) if annual else quarters
    if not written:
        return known[-1:]
    if "all" in written:
        return known
    chosen = sorted({as_period(text) for text in written})
    every = {*quarters, *(quarter.year for quarter in quarters)}
    unknown = [str(period) for period in chosen if period not in every]
    if unknown:
        raise NotFound(
            "runner.unknown_period",
            found=", ".join(with_nearest(name, map(str, sorted(every))) for name in unknown),
            known=f"{quarters[0]} - {quarters[-1]}",
        )  # fmt: skip
    return [period for period in chosen if (period.quarter == 0) == annual]


def _choose_notebooks(written: Sequence[str], settings: Settings) -> list[Path]:
    folder = settings.notebooks
    names = list(written) or [QUARTERLY, ANNUAL]
    paths = [Path(n) if n.endswith(".ipynb") else folder / f"{n}.ipynb" for n in names]
    for path in paths:
        if not path.is_file():
            known = sorted(f.stem for f in folder.glob("*_report.ipynb"))
            near = get_close_matches(path.stem, known, n=1)
            raise NotFound(
                "runner.unknown_notebook", found=f"{path} (~ {near[0]})" if near else str(path),
                known=", ".join(known) or "-",
            )  # fmt: skip
    return paths


def check_parameters(notebook: Path, parameters: Iterable[str]) -> None:
    """Raise unless a notebook declares every parameter that it is handed, and gets every one.

    papermill only warns of an unknown parameter and then runs with the default, so a misspelt
    province would give the report of another one.

    Raises
    ------
    SchemaError
        A parameter is unknown or missing, or the file is not a notebook with a parameters cell.
    """
    declared, handed = declared_parameters(notebook), set(parameters)
    unknown, missing = sorted(handed - declared), sorted(declared - handed)
    if unknown or missing:
        near = [m for name in unknown for m in get_close_matches(name, sorted(declared), 1)]
        raise SchemaError(
            "runner.parameters", notebook=notebook.name, known=", ".join(sorted(declared)),
            unknown=", ".join(unknown) or "-", missing=", ".join(missing) or "-",
            near=", ".join(near) or "-",
        )  # fmt: skip


def declared_parameters(notebook: Path) -> set[str]:
    """Return the names that the cell tagged ``parameters`` assigns."""
    for cell in read_notebook(notebook)["cells"]:
        if "parameters" in cell.get("metadata", {}).get("tags", []):
            tree = ast.parse("".join(cell["source"]))
            return {
                target.id
                for statement in tree.body
                if isinstance(statement, ast.Assign)
                for target in statement.targets
                if isinstance(target, ast.Name)
            }
    raise SchemaError("runner.no_parameters_cell", notebook=notebook.name)


def read_notebook(notebook: Path) -> dict[str, Any]:
    """Return the JSON of a notebook.

    Raises
    ------
    SchemaError
        The file is not a notebook.
    """
    try:
        content: dict[str, Any] = json.loads(notebook.read_text(encoding="utf-8"))
        if not isinstance(content["cells"], list):
            raise SchemaError("runner.not_a_notebook", notebook=notebook.name)
    except (ValueError, KeyError, TypeError) as error:
        raise SchemaError("runner.not_a_notebook", notebook=notebook.name) from error
    return content
