"""The index over all reports: one page in plain folders, read without a server."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from itertools import groupby
from pathlib import Path
from typing import Any
from urllib.parse import quote

from evallib.drafts import draft_of
from evallib.errors import SchemaError
from evallib.i18n import LANGUAGES, format_date, text
from evallib.periods import FiscalPeriod
from evallib.report.pages.html import render_page
from evallib.report.plain import exact_text

MANIFEST = "manifest.json"
SHOWN_FILES = (".html", ".pdf", ".xlsx", ".docx")


@dataclass(frozen=True)
class Entry:
    """One report as the index shows it."""

    folder: str
    title: str
    scope: str
    scope_name: str
    period: str
    as_of: str
    edition: str
    language: str
    state: str
    files: tuple[tuple[str, str], ...]


def write_index(reports_folder: str | Path, *, language: str = "th") -> Path:
    """Write ``index.html`` over every ``manifest.json`` below a folder.

    The page has no script, so that the rule against scripts has no exception anywhere. It is
    searched with the browser's own search, which opens folded periods by itself; periods and
    areas have anchors (``index.html#2565-Q3``).

    Parameters
    ----------
    reports_folder : path
        Folder that holds ``<period>/<province code>/manifest.json``, at any depth.
    language : {"th", "en"}
        Language of the page's own words; titles stand in the language of their report, names of
        areas in both.

    Returns
    -------
    pathlib.Path
        The page, replaced in one step. The same manifests give the same bytes.

    Raises
    ------
    SchemaError
        The language is neither Thai nor English.

    Notes
    -----
    A manifest that cannot be read is listed as such. Files are linked only when they lie beside
    their manifest.
    """
    if language not in LANGUAGES:
        raise SchemaError("config.language", found=language)
    root = Path(reports_folder)
    root.mkdir(parents=True, exist_ok=True)
    entries = sorted(_read_entries(root, language), key=_newest_first)
    periods = [
        {"anchor": period or "none", "label": _period_label(period, language), "entries": list(of)}
        for period, of in groupby(entries, key=lambda entry: entry.period)
    ]
    page = render_page(
        "index.html.j2", language=language, title=text("index.title", language), periods=periods
    )
    return _replace(root / "index.html", page)


def _read_entries(root: Path, language: str) -> Iterator[Entry]:
    for file in sorted(root.rglob(MANIFEST)):
        folder = file.parent
        try:
            written = dict(json.loads(file.read_text(encoding="utf-8")))
            yield _entry(written, folder, root=root, language=language)
        except (OSError, ValueError, TypeError, RecursionError):
            yield _unreadable(folder.relative_to(root).as_posix())


def _entry(written: Mapping[str, Any], folder: Path, *, root: Path, language: str) -> Entry:
    def word(name: str) -> str:
        return exact_text(written.get(name, ""))

    inside = folder.relative_to(root).as_posix()
    state = word("state")
    return Entry(
        folder=inside,
        title=word("title") or word("notebook") or inside,
        scope=word("scope"),
        scope_name=_both_names(written.get("scope_name"), language) or word("scope"),
        period=_period(word("period")),
        as_of=_day(word("as_of"), language),
        edition=word("edition"),
        language=word("language") if word("language") in LANGUAGES else language,
        state=state if state in {"ok", "failed"} else "unreadable",
        files=tuple(_files(folder, inside)) if state == "ok" else (),
    )


def _unreadable(inside: str) -> Entry:
    return Entry(
        folder=inside, title=inside, scope="", scope_name="", period="", as_of="", edition="",
        language="th", state="unreadable", files=(),
    )  # fmt: skip


def _files(folder: Path, inside: str) -> Iterator[tuple[str, str]]:
    """Yield (kind, relative address) of the finished files beside a manifest, pages first."""
    for ending in SHOWN_FILES:
        for file in sorted(folder.glob(f"*{ending}")):
            address = quote(f"{inside}/{file.name}" if inside != "." else file.name)
            yield ending[1:].upper(), f"./{address}"


def _both_names(written: object, language: str) -> str:
    if not isinstance(written, Mapping):
        return exact_text(written) if written else ""
    order = (language, *(other for other in LANGUAGES if other != language))
    return " / ".join(exact_text(written[code]) for code in order if written.get(code))


def _period(written: str) -> str:
    try:
        return str(FiscalPeriod.parse(written))
    except SchemaError:
        return ""


def _period_label(period: str, language: str) -> str:
    if not period:
        return text("index.other_period", language)
    return FiscalPeriod.parse(period).label(language)


def _day(written: str, language: str) -> str:
    try:
        return format_date(date.fromisoformat(written[:10]), language)
    except ValueError:
        return written


def _newest_first(entry: Entry) -> tuple[Any, ...]:
    """Order years after their quarters' end: the newest news stands on top."""
    if not entry.period:
        return (1, 0, "", entry.folder)
    ends = FiscalPeriod.parse(entry.period)
    return (0, -ends.end.toordinal(), len(entry.period), entry.period, entry.scope, entry.folder)


def _replace(target: Path, page: str) -> Path:
    """Put a whole page in place of the old one; a reader never meets half a page."""
    draft = draft_of(target)
    try:
        with draft.open("wb") as file:
            file.write(page.encode("utf-8"))
            file.flush()
            os.fsync(file.fileno())
        draft.chmod(0o644)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target
