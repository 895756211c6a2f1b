"""A writer of blocks: the language and the running number of a chapter, said once."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evallib.report.document import (
    Callout,
    CalloutKind,
    Cover,
    Figure,
    FindingList,
    Footnote,
    Format,
    Heading,
    ItemList,
    KeyNumber,
    KeyNumbers,
    Prose,
    Table,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from evallib.findings import Finding


class Chapters:
    """The chapters of one report, numbered in the order in which they are first written.

    A chapter that is written again keeps its number: whoever runs a cell of a notebook twice sees
    the same chapter twice.

    Examples
    --------
    >>> chapters = Chapters()
    >>> [chapters.number(name) for name in ("brief", "projects", "brief")]
    [1, 2, 1]
    >>> chapters.number("annex", given=9), chapters.number("sources")
    (9, 10)
    """

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def number(self, chapter: str, *, given: int | None = None) -> int:
        """Return the number of a chapter; one that is given counts from here on."""
        if given is not None:
            self._numbers[chapter] = given
        following = 1 + max(self._numbers.values(), default=0)
        return self._numbers.setdefault(chapter, following)


class Writer:
    """Makes the blocks of one chapter in one language.

    Parameters
    ----------
    language : {"th", "en"}
        Language of the words.
    number : int, optional
        Number of the chapter, for its heading. Tables and figures are numbered over the whole
        report, when its page is made.

    Examples
    --------
    >>> write = Writer("en", 3)
    >>> heading, text = write.heading("Needs"), write.prose("190 needs were stated.")
    >>> heading.number, text.language
    ('3', 'en')
    """

    def __init__(self, language: str, number: int | None = None) -> None:
        self.language = language
        self.number = "" if number is None else str(number)

    def heading(self, text: str) -> Heading:
        """Return the heading of the chapter."""
        return Heading(text, number=self.number, language=self.language)

    def subheading(self, text: str, *, level: int = 2) -> Heading:
        """Return a heading inside the chapter."""
        return Heading(text, level, language=self.language)

    def cover(self, title: str, subtitle: str, facts: Sequence[tuple[str, str]]) -> Cover:
        """Return a title page."""
        return Cover(title, subtitle, facts, language=self.language)

    def prose(self, text: str) -> Prose:
        """Return paragraphs."""
        return Prose(text, language=self.language)

    def items(self, items: Sequence[str], *, ordered: bool = False) -> ItemList:
        """Return a list."""
        return ItemList(items, ordered, language=self.language)

    def key_numbers(self, items: Sequence[KeyNumber]) -> KeyNumbers:
        """Return headline numbers."""
        return KeyNumbers(items, language=self.language)

    def table(
        self,
        frame: Any,
        caption: str,
        *,
        columns: Sequence[str] = (),
        formats: Mapping[str, Format] | None = None,
        note: str = "",
        people: bool = False,
        total: bool = False,
    ) -> Table:
        """Return a table, see ``Table``."""
        return Table(
            frame, caption, columns, formats or {}, note, people, total, language=self.language
        )

    def figure(
        self,
        draw: Callable[..., object],
        *frames: object,
        caption: str = "",
        note: str = "",
        **named: object,
    ) -> Figure:
        """Return what a function of ``evallib.report.figures`` draws of frames and named values."""
        drawing = draw(*frames, language=self.language, **named)
        return Figure(drawing, caption, note=note, language=self.language)

    def findings(self, findings: Sequence[Finding], caption: str = "") -> FindingList:
        """Return findings as a table."""
        return FindingList(findings, caption, language=self.language)

    def callout(self, kind: CalloutKind, text: str) -> Callout:
        """Return a verdict, a note or a warning."""
        return Callout(kind, text, language=self.language)

    def footnote(self, text: str) -> Footnote:
        """Return a remark in small print."""
        return Footnote(text, language=self.language)
