"""What a caller gives to work alignment out from: one value for all tables."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass, fields
from functools import wraps
from typing import TYPE_CHECKING, ParamSpec, TypeVar

from evallib.errors import SchemaError

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

_NEEDED = {
    "needs": ("need_id", "tambon_code"),
    "projects": ("project_uid",),
    "links": ("need_id", "project_uid", "score"),
}
Given = ParamSpec("Given")
Answer = TypeVar("Answer")


@dataclass(frozen=True, slots=True, eq=False)
class AlignmentInputs:
    """The tables that indicators A1 to A20 rest on, and how they count.

    Parameters
    ----------
    needs, projects, links : pandas.DataFrame
        Contracts ``needs``, ``projects`` and ``need_project_links``. A link counts with its
        ``score``, a confirmed one with 1, a rejected one with 0.
    votes : pandas.DataFrame, optional
        Contract ``need_votes``; `weigh_needs` says how it weighs needs, and what is missing.
    progress : pandas.DataFrame, optional
        Contract ``project_progress``; the latest row up to the end of the period counts. A project
        without a row has delivered nothing, nor has a cancelled one.
    meetings, survey, duplicates, quality : pandas.DataFrame, optional
        Contracts ``council_meetings`` (A16, and whether needs speak for a place),
        ``beneficiary_survey`` (A17), ``project_duplicates`` (A13) and ``quality_scores`` (A20).
    deprivation : pandas.DataFrame, optional
        ``tambon_code``, ``value`` (higher is worse) and, for A17.deprivation, ``sector_code``.
    population : pandas.DataFrame, optional
        ``tambon_code`` and ``population`` (A9.people, A18).
    agencies : pandas.DataFrame, optional
        ``project_uid`` and ``agency_id``, one row a role (A14). Default: those of ``projects``.
    villages : pandas.DataFrame, optional
        ``tambon_code`` and ``villages``, their number (A16.villages).
    tau : float, default 0.5
        Coverage from which a need counts as covered in A1, and a link as an answer in A11.
    top : int, default 3
        Needs of a tambon that A6 counts.
    year_to_date : bool, default False
        Count needs open, and ballots cast, since the start of the fiscal year of the period.

    Examples
    --------
    >>> import pandas as pd
    >>> needs = pd.DataFrame({"need_id": ["a"], "tambon_code": "941012"})
    >>> projects = pd.DataFrame({"project_uid": ["p"], "tambon_code": "941012"})
    >>> links = pd.DataFrame({"need_id": ["a"], "project_uid": ["p"], "score": [0.8]})
    >>> AlignmentInputs(needs, projects, links, tau=0.6).tau
    0.6
    """

    needs: pd.DataFrame
    projects: pd.DataFrame
    links: pd.DataFrame
    _: KW_ONLY
    votes: pd.DataFrame | None = None
    progress: pd.DataFrame | None = None
    meetings: pd.DataFrame | None = None
    survey: pd.DataFrame | None = None
    deprivation: pd.DataFrame | None = None
    population: pd.DataFrame | None = None
    duplicates: pd.DataFrame | None = None
    quality: pd.DataFrame | None = None
    agencies: pd.DataFrame | None = None
    villages: pd.DataFrame | None = None
    tau: float = 0.5
    top: int = 3
    year_to_date: bool = False

    def __post_init__(self) -> None:
        """Refuse tables that lack what every indicator rests on.

        Raises
        ------
        SchemaError
            ``tables.columns_absent``.
        """
        for table, needed in _NEEDED.items():
            given = getattr(self, table)
            absent = [name for name in needed if name not in getattr(given, "columns", ())]
            if absent:
                found = ", ".join(map(str, getattr(given, "columns", ()))) or type(given).__name__
                raise SchemaError(
                    "tables.columns_absent", table=table, absent=", ".join(absent), found=found
                )


def refuse_former_call(function: Callable[Given, Answer]) -> Callable[Given, Answer]:
    """Refuse the call that took the tables one by one, and show how it is written now.

    Raises
    ------
    SchemaError
        ``needs.alignment_inputs``, when the first argument is no `AlignmentInputs`, or when what
        belongs to it is given beside it.
    """

    @wraps(function)
    def checked(*args: Given.args, **kwargs: Given.kwargs) -> Answer:
        first = args[0] if args else kwargs.get("inputs")
        beside = {field.name for field in fields(AlignmentInputs)} & kwargs.keys()
        if len(args) > 1 or beside or not isinstance(first, AlignmentInputs):
            raise SchemaError(
                "needs.alignment_inputs",
                found=_call(_tables(len(args)), kwargs),
                call=_new_call(kwargs),
            )
        return function(*args, **kwargs)

    return checked


def _tables(given: int) -> list[str]:
    """Return the names of tables that were given by position."""
    names = ["needs", "projects", "links"]
    return [*names, *(f"argument_{i}" for i in range(4, given + 1))][:given]


def _new_call(kwargs: Mapping[str, object]) -> str:
    """Return the call that says the same with one value for the tables."""
    inside = [field.name for field in fields(AlignmentInputs)]
    tables = ["needs", "projects", "links"]
    within = [name for name in kwargs if name in inside and name not in tables]
    beside = [name for name in kwargs if name not in inside and name != "inputs"]
    inputs = _call(tables, within, name="AlignmentInputs")
    return _call([inputs], beside)


def _call(
    args: Sequence[str], names: Sequence[str] | Mapping[str, object], name: str = "alignment"
) -> str:
    """Write a call with the names of its arguments for their values."""
    return f"{name}({', '.join([*args, *(f'{each}={each}' for each in names)])})"
