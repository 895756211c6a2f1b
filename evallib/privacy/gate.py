"""The gate: the last word on what may leave, in one frozen value that every run carries."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, TypeAlias

from evallib.config import DEFAULT_THRESHOLD, NOBODY
from evallib.errors import DisclosureError, SchemaError
from evallib.findings import Finding
from evallib.privacy.blocks import BLOCK, FORM, round_blocks
from evallib.privacy.key_columns import require_columns
from evallib.privacy.protected import ProtectedNumbers
from evallib.privacy.suppression.suppress import check_threshold
from evallib.privacy.suppression.suppressed import SuppressedTable
from evallib.privacy.told import PLACES, Told, name_of_table, nested_places
from evallib.thai.text_columns import as_names

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    import pandas as pd

FigureClass: TypeAlias = Literal["people", "administrative"]
PEOPLE: FigureClass = "people"
ADMINISTRATIVE: FigureClass = "administrative"

LEVELS = ("area", "province", "amphoe", "tambon")  # from wide to narrow; nothing below is published
BELOW_TAMBON = ("village", "household", "person")
# what section 26 of the Personal Data Protection Act B.E. 2562 names, in our column names
SECTION_26 = frozenset(
    {
        "religion", "ethnicity", "race", "politics", "political_opinion", "belief", "health",
        "disability", "criminal_record", "criminal_case", "sexual_behaviour", "union_member",
        "genetics", "biometrics",
    }
)  # fmt: skip
PERSONAL_TRAITS = SECTION_26 | {
    "sex", "gender", "age", "age_group", "education", "occupation", "income_group",
    "marital_status", "household_size", "poor_card",
}  # fmt: skip
WORDS = frozenset({"need_text_th", "problem_text", "note"})  # columns in which people speak
PLACES_BELOW = frozenset(
    {"village_no", "village_code", "household_id", "person_id", "respondent_id"}
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Gate:
    """What may leave a run.

    Parameters
    ----------
    threshold : int, default 10
        Smallest number of people that may be shown; at least 5.
    set_by : str, default "default"
        Who chose the threshold, for the manifest.

    Raises
    ------
    DisclosureError
        ``threshold`` is below 5, or differs from 10 while nobody is named in ``set_by``.

    Examples
    --------
    >>> Gate().threshold
    10
    """

    threshold: int = DEFAULT_THRESHOLD
    set_by: str = "default"

    def __post_init__(self) -> None:
        check_threshold(self.threshold)
        if self.threshold < DEFAULT_THRESHOLD and self.set_by.strip() in NOBODY:
            raise DisclosureError("privacy.threshold_by_nobody", found=self.threshold)

    def protect(
        self,
        people: pd.DataFrame,
        *,
        tables: Mapping[str, Sequence[object]],
        answers: Mapping[str, tuple[int, int]] | None = None,
        count: str | None = None,
        crossings: Sequence[Sequence[str]] = (),
    ) -> ProtectedNumbers:
        """Return all that may be printed about people.

        In each province and quarter every number is rounded once, to tens, up or down by a chance
        that the forms decide; wider numbers are sums of these. Shares and means are quotients of
        rounded numbers. Before anything is returned, all numbers of a province and quarter are
        held against each other: whoever knows the rules finds everything from nought to the
        threshold possible for each small number, else other chances are taken.

        Parameters
        ----------
        people : pandas.DataFrame, shape (n, k)
            One row a form, with its digest in ``form`` (and that of its answers alone in ``said``,
            where keys of respondents depend on a secret), ``province_code``, ``fiscal_year``,
            ``quarter`` and the columns below. Not modified. Rows in which one of these is missing
            are left out, with a finding that does not count them.
        tables : mapping of str to sequence
            Column by which people are told apart -> all its categories in their order, also those
            that nobody is in: a row that is missing would tell that. Of ``amphoe_code`` and
            ``tambon_code`` those of a province count there.
        answers : mapping of str to (int, int), optional
            Column of whole numbers -> least and greatest answer; ``(0, 1)`` for yes.
        count : str, optional
            Column of the number of people of a row, where a row is not one person. An answer is
            then the sum over these people.
        crossings : sequence of sequence of str, optional
            Columns of ``tables`` by which people are told apart together, two or more each.

        Returns
        -------
        ProtectedNumbers

        Raises
        ------
        SchemaError
            A column is absent, a form occurs twice, or a category or an answer is none that there
            can be.
        DisclosureError
            Places below the tambon, traits of section 26, or numbers that cannot be protected.

        Examples
        --------
        >>> import pandas as pd
        >>> from evallib.privacy import form_digests
        >>> people = pd.DataFrame({"resp_key": range(140), "province_code": "95",
        ...     "fiscal_year": 2565, "quarter": 3, "sex": ["f"] * 135 + ["m"] * 5, "aware": 1})
        >>> people["form"] = form_digests(people)
        >>> numbers = Gate().protect(people, tables={"sex": "fm"}, answers={"aware": (0, 1)})
        >>> table = numbers.table("sex", measures=["aware"])
        >>> table.frame["n"].tolist()[0] in ("130", "140"), table.frame["aware"].tolist()[1]
        (True, '–')
        """
        scales = dict(answers or {})
        columns = list(tables)
        needed = [FORM, *BLOCK, *columns, *scales, *([count] if count else [])]
        require_columns(people, needed)
        self.check_people_table(people[columns], place_level=_narrowest(columns))
        crossed = _check_crossings(crossings, columns)
        known = people.dropna(subset=needed)
        left_out = len(known) < len(people)
        findings = (Finding("privacy.left_out", "info", ", ".join(columns)),) if left_out else ()
        points = {name: _points(known, name, scale, count) for name, scale in scales.items()}
        categories = {name: tuple(all_of) for name, all_of in tables.items()}
        told = Told(
            tables=categories, nested=nested_places(categories), crossings=crossed,
            threshold=self.threshold, count=count,
            measures={name: high - low for name, (low, high) in scales.items()},
        )  # fmt: skip
        rounded = round_blocks(known.assign(**points), told)
        return ProtectedNumbers(rounded, told, scales, findings)

    def release(
        self,
        figure: SuppressedTable | pd.DataFrame,
        *,
        about: FigureClass,
        place_level: str | None = None,
        traits: str | Sequence[str] = (),
    ) -> pd.DataFrame:
        """Return what may be printed of a figure, or refuse it.

        Parameters
        ----------
        figure : SuppressedTable or pandas.DataFrame
            People: what ``suppress_table`` or a ``release_`` function returned. Administrative:
            any frame without free text.
        about : {"people", "administrative"}
            Class of the figure. Figures about agencies' projects are public by duty; they are
            refused only when a column ``restricted`` marks one of their rows.
        place_level : str, optional
            Narrowest place of a figure about people, as in ``check_people_table``; required there.
        traits : str or sequence of str
            Personal traits of a figure about people.

        Returns
        -------
        pandas.DataFrame
            A copy; for people, cells and totals as a reader sees them.

        Raises
        ------
        DisclosureError
            A figure about people did not come through suppression, or under a lower threshold;
            its place and traits may not be crossed; it holds free text; a project is restricted.
        """
        if about == ADMINISTRATIVE:
            return self._release_administrative(figure)
        if about != PEOPLE:
            raise SchemaError("privacy.figure_class", found=repr(about))
        if not isinstance(figure, SuppressedTable):
            raise DisclosureError("privacy.not_suppressed", found=type(figure).__name__)
        if figure.threshold < self.threshold:
            raise DisclosureError(
                "privacy.lower_threshold", needed=self.threshold, found=figure.threshold
            )
        seen = figure.published()
        self.check_people_table(seen, place_level=place_level, traits=traits)
        return seen

    def check_people_table(
        self, frame: pd.DataFrame, *, place_level: str | None, traits: str | Sequence[str] = ()
    ) -> None:
        """Refuse a table about people that crosses a place with traits more finely than allowed.

        Parameters
        ----------
        frame : pandas.DataFrame
            The table; its column names are searched for traits and places that were not declared.
        place_level : {"area", "province", "amphoe", "tambon"}
            Narrowest place that the table tells apart.
        traits : str or sequence of str
            Personal traits that the table tells apart or measures.

        Raises
        ------
        SchemaError
            ``place_level`` is no level.
        DisclosureError
            A place below the tambon; a trait of section 26 below the province; a tambon with more
            than one trait; free text.
        """
        columns = [str(name) for name in frame.columns]
        below = sorted(PLACES_BELOW.intersection(columns))
        if place_level in BELOW_TAMBON or below:
            raise DisclosureError("privacy.below_tambon", found=", ".join(below) or place_level)
        if place_level not in LEVELS:
            raise SchemaError("privacy.place_level", known=", ".join(LEVELS), found=place_level)
        narrowest = max(
            [place_level, *(level for level in LEVELS if f"{level}_code" in columns)],
            key=LEVELS.index,
        )
        crossed = sorted({*as_names(traits), *PERSONAL_TRAITS.intersection(columns)})
        protected = [trait for trait in crossed if trait in SECTION_26]
        if protected and LEVELS.index(narrowest) > LEVELS.index("province"):
            raise DisclosureError(
                "privacy.section_26", traits=", ".join(protected), level=narrowest
            )
        if narrowest == "tambon" and len(crossed) > 1:
            raise DisclosureError("privacy.tambon_traits", traits=", ".join(crossed))
        _refuse_text(frame)

    def _release_administrative(self, figure: SuppressedTable | pd.DataFrame) -> pd.DataFrame:
        if isinstance(figure, SuppressedTable):
            raise DisclosureError("privacy.people_as_administrative")
        _refuse_text(figure)
        if "restricted" in figure and figure["restricted"].fillna(value=True).astype(bool).any():
            raise DisclosureError("privacy.restricted")
        return figure.copy()


def _refuse_text(frame: pd.DataFrame) -> None:
    names = [*map(str, frame.columns), *(str(name) for name in frame.index.names)]
    columns = [name for name in names if name in WORDS]
    if columns:
        raise DisclosureError("privacy.text_in_table", columns=", ".join(columns))


def _narrowest(columns: Sequence[str]) -> str:
    """Return the narrowest place that a list of columns tells apart; the block is a province."""
    there = [level for level in LEVELS if f"{level}_code" in columns or level in columns]
    return max(["province", *there], key=LEVELS.index)


def _check_crossings(
    crossings: Sequence[Sequence[str]], columns: Sequence[str]
) -> tuple[tuple[str, ...], ...]:
    """Return crossings as they are written everywhere, or refuse one that cannot be counted."""
    crossed = tuple((each,) if isinstance(each, str) else tuple(each) for each in crossings)
    for each in crossed:
        nested = set(PLACES) <= set(each)
        if len(set(each)) != len(each) or len(each) < 2 or nested or not set(each) <= set(columns):
            raise SchemaError(
                "privacy.crossing", found=name_of_table(each), known=", ".join(columns)
            )
    if len({frozenset(each) for each in crossed}) != len(crossed):
        raise SchemaError("privacy.crossing", found=", ".join(map(name_of_table, crossed)),
                          known=", ".join(columns))  # fmt: skip
    return crossed


def _points(
    people: pd.DataFrame, name: str, scale: tuple[int, int], count: str | None
) -> pd.Series:
    """Return answers counted from the least, none outside of the scale."""
    low, high = scale
    try:
        answers = people[name].astype("float64")
    except (TypeError, ValueError):
        raise SchemaError("privacy.not_numbers", column=name) from None
    most = high if count is None else high * people[count].astype("float64")
    if not (answers.between(low, most) & (answers % 1 == 0)).all():
        raise SchemaError("privacy.off_scale", column=name, needed=f"{low} - {high}")
    return (answers - low).astype("int64")
