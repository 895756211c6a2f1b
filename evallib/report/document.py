"""Neutral blocks of a report: what it says, before anyone decides how it looks."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, ClassVar, Literal, get_args

from evallib.errors import DisclosureError, SchemaError
from evallib.i18n import LANGUAGES
from evallib.report.plain import Plain, plain

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    import pandas as pd

    from evallib.findings import Finding

BLOCK_MIME = "application/vnd.evallib.block+json"

Format = Literal[
    "text", "int", "number1", "baht", "million_baht", "percent", "date", "p", "written"
]  # fmt: skip
CalloutKind = Literal["works", "no_effect", "may_harm", "inconclusive", "note", "warning"]
PNG_SIGNATURE = b"\x89PNG\r\n\x1a\n"


@dataclass(frozen=True, repr=False, eq=False)
class Block(Plain):
    """One part of a report; ``language`` is the language of its words, ``"th"`` or ``"en"``."""

    kind: ClassVar[str] = ""
    present: ClassVar[Callable[[Block], dict[str, Any]]]  # the room gives it: no block knows a page
    language: str = field(default="th", kw_only=True)

    def __post_init__(self) -> None:
        """Refuse an unknown language, and make every text plain."""
        super().__post_init__()
        if self.language not in LANGUAGES:
            raise SchemaError("config.language", found=str(self.language))

    def __repr__(self) -> str:
        return f"<{type(self).__name__}>"  # never the content: it may hold figures about people

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Show the block in JupyterLab, and carry it for publishing."""
        del include, exclude
        return type(self).present(self)


@dataclass(frozen=True, repr=False, eq=False)
class Cover(Block):
    """Title page: title, subtitle, and facts as (label, value) pairs."""

    kind: ClassVar[str] = "cover"
    title: str
    subtitle: str = ""
    facts: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True, repr=False, eq=False)
class Heading(Block):
    """Heading of a section: level 1 (chapter) to 3; ``number`` such as ``"3"`` or ``"3.1"``."""

    kind: ClassVar[str] = "heading"
    text: str
    level: int = 1
    number: str = ""

    def __post_init__(self) -> None:
        """Refuse a level that has no style."""
        super().__post_init__()
        if self.level not in (1, 2, 3):
            raise SchemaError("report.heading_level", found=str(self.level))


@dataclass(frozen=True, repr=False, eq=False)
class Prose(Block):
    """Paragraphs of plain text; an empty line parts two paragraphs. Markup is shown as typed."""

    kind: ClassVar[str] = "prose"
    text: str


@dataclass(frozen=True, repr=False, eq=False)
class ItemList(Block):
    """A list of short plain texts, numbered when ``ordered``."""

    kind: ClassVar[str] = "items"
    items: Sequence[str]
    ordered: bool = False


@dataclass(frozen=True)
class KeyNumber(Plain):
    """One headline number: its label, the value as written, and a note such as the change."""

    label: str
    value: str
    note: str = ""


@dataclass(frozen=True, repr=False, eq=False)
class KeyNumbers(Block):
    """Headline numbers, shown as cards."""

    kind: ClassVar[str] = "key_numbers"
    items: Sequence[KeyNumber]


@dataclass(frozen=True, repr=False, eq=False)
class Table(Block):
    """A table of a report.

    Parameters
    ----------
    frame : pandas.DataFrame, shape (n, k)
        Rows to show, in their order; the index is not shown. With ``people=True`` a table that
        passed suppression: an object with ``frame`` and ``status``.
    caption : str
        What the table shows; its number is given when the report is made.
    columns : sequence of str, length k
        Headings; the names of the columns when left out.
    formats : mapping of column name to format
        ``text``, ``int``, ``number1`` (one decimal), ``baht``, ``million_baht`` (from baht),
        ``percent`` (from a share between 0 and 1), ``date``, ``p``, ``written`` (a number that the
        gate wrote, such as ``≤ 10``); ``text`` when left out. Units
        of money and percent are added to headings that do not name them.
    note : str
        Source and remarks, below the table.
    people : bool
        True for figures about people.
    total : bool
        True when the last row holds totals.

    Raises
    ------
    DisclosureError
        ``people=True`` and the frame did not pass suppression.
    SchemaError
        The number of headings differs from the columns, or a format or a column is unknown.

    Examples
    --------
    >>> import pandas as pd
    >>> table = Table(pd.DataFrame({"agency": ["ศอ.บต."], "budget": [1.5e6]}), "งบประมาณ",
    ...     columns=("หน่วยงาน", "งบประมาณ"), formats={"budget": "baht"})
    >>> table.kind, len(table.frame)
    ('table', 1)
    """

    kind: ClassVar[str] = "table"
    frame: Any
    caption: str
    columns: Sequence[str] = ()
    formats: Mapping[str, Format] = field(default_factory=dict)
    note: str = ""
    people: bool = False
    total: bool = False

    def __post_init__(self) -> None:
        """Take the released frame, and refuse what cannot be shown or must not be."""
        super().__post_init__()
        shown = _released_frame(self.frame, people=self.people)
        object.__setattr__(self, "frame", shown)
        names = [str(name) for name in shown.columns]
        object.__setattr__(self, "columns", self.columns or plain(tuple(names)))
        if len(self.columns) != len(names):
            raise SchemaError("report.headings", needed=len(names), found=len(self.columns))
        unknown = sorted(
            f"{name}: {written}"
            for name, written in self.formats.items()
            if name not in names or written not in get_args(Format)
        )
        if unknown:
            raise SchemaError(
                "report.format", found=", ".join(unknown), known=", ".join(get_args(Format))
            )


def _leaks(given: Any, shown: pd.DataFrame) -> bool:
    """Tell whether a frame shows what its own table says is hidden.

    A hidden mean or share may stand beside the number of people who answered, so a table with a
    measure is judged by the measure, and every table by counts below its threshold.
    """
    status, counts = given.status, getattr(given, "counts", None)
    if counts not in shown or not hasattr(status, "to_numpy"):
        return False
    if len(status) != len(shown):
        return True
    judged = getattr(given, "measure", None) or counts
    hidden_shown = shown[judged].notna().to_numpy()[(status != "shown").to_numpy()].any()
    people = shown[counts].dropna()
    small = people.between(1, getattr(given, "threshold", 1) - 1).any()
    return bool(hidden_shown or small)


def _released_frame(given: Any, *, people: bool) -> pd.DataFrame:
    """Return the frame to show; figures about people only as a table that passed suppression."""
    passed = hasattr(given, "frame") and hasattr(given, "status")
    if people and not passed:
        raise DisclosureError("report.people_unprotected", found=type(given).__name__)
    shown: pd.DataFrame = given.frame if passed else given
    if people and _leaks(given, shown):
        raise DisclosureError("report.people_unprotected", found=type(given).__name__)
    return shown


@dataclass(frozen=True, repr=False, eq=False)
class Figure(Block):
    """A drawing of a report.

    Parameters
    ----------
    image : bytes or matplotlib.figure.Figure
        A PNG, or a figure, which becomes one.
    caption, alt, note : str
        Caption, words for those who do not see the drawing, and remarks. Drawings of
        ``evallib.report.figures`` bring their own caption and alt text.

    Raises
    ------
    SchemaError
        There is no alt text, or the bytes are not a PNG.
    """

    kind: ClassVar[str] = "figure"
    image: Any
    caption: str = ""
    alt: str = ""
    note: str = ""

    def __post_init__(self) -> None:
        """Draw the figure once, so that the block is a value."""
        for name in ("caption", "alt"):
            brought = getattr(self.image, {"alt": "alt_text"}.get(name, name), "")
            object.__setattr__(self, name, getattr(self, name) or brought)
        if not isinstance(self.image, bytes):
            from evallib.report.style import png_bytes  # only drawings need matplotlib

            object.__setattr__(self, "image", png_bytes(self.image))
        super().__post_init__()
        if not self.image.startswith(PNG_SIGNATURE):
            raise SchemaError("report.not_png", found=f"{len(self.image)} bytes")
        if not self.alt.strip():
            raise SchemaError("report.no_alt", found=self.caption)


@dataclass(frozen=True, repr=False, eq=False)
class FindingList(Block):
    """Findings as a table: one row a code, with up to three places and how many more."""

    kind: ClassVar[str] = "findings"
    findings: Sequence[Finding]
    caption: str = ""


@dataclass(frozen=True, repr=False, eq=False)
class Callout(Block):
    """A verdict (works, no_effect, may_harm, inconclusive), a note or a warning, set apart."""

    kind: ClassVar[str] = "callout"
    verdict: CalloutKind
    text: str

    def __post_init__(self) -> None:
        """Refuse a kind that has no words."""
        super().__post_init__()
        if self.verdict not in get_args(CalloutKind):
            raise SchemaError(
                "report.callout", found=self.verdict, known=", ".join(get_args(CalloutKind))
            )


@dataclass(frozen=True, repr=False, eq=False)
class Footnote(Block):
    """A remark in small print where it stands."""

    kind: ClassVar[str] = "footnote"
    text: str
