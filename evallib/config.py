"""Settings of one office: scope, folders, language, threshold and seed, from ``evallib.toml``."""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from evallib.characters import is_printable
from evallib.errors import NotFound, SchemaError, with_nearest

__all__ = ["Settings", "read_settings"]

FILE_NAME = "evallib.toml"
AREA = "area"  # the scope of what is about all provinces together
FLOOR = 5  # people; no office may set a threshold below it
DEFAULT_THRESHOLD = 10  # people; below it somebody has to answer for the choice
LARGEST_THRESHOLD = 10_000  # people; a tambon has fewer, so that more would say nothing
NOBODY = {"", "default"}  # in the place of who set a threshold
_LARGEST_SEED = 2**32 - 1
_LONGEST_WAIT = 7 * 86_400  # seconds; clocks of systems cannot wait for any number
DEADLINES = ("cell_seconds", "job_seconds")  # when a report is given up, never what it says
_RANGES = {"threshold": (FLOOR, LARGEST_THRESHOLD)} | dict.fromkeys(DEADLINES, (1, _LONGEST_WAIT))
_LONGEST_TEXT = 200  # characters
_CODES = {"provinces": (re.compile("[1-9][0-9]"), 2), "amphoe": (re.compile("[1-9][0-9]{3}"), 4)}


@dataclass(frozen=True, slots=True, kw_only=True)
class Settings:
    """What an office may choose; every part of evallib is handed it, none keeps it.

    Parameters
    ----------
    provinces : tuple of str
        Two-digit codes of the provinces that get a report.
    amphoe : tuple of str
        Four-digit codes of the amphoe of the area in provinces that belong to it only in part.
    raw, store, reports, notebooks : pathlib.Path
        Folders of submissions, of the evaluation database, of finished reports, of notebooks.
    rules : pathlib.Path
        The office's own rules about rows, beside those of evallib; the default need not be there.
    key_file : pathlib.Path
        The secret under which respondents of surveys get their keys, made by the first ingest that
        reads a survey; outside of every other folder and of any repository. ``~`` is the home of
        the user; the default heeds ``XDG_CONFIG_HOME``.
    language : {"th", "en"}
        Language of reports.
    threshold : int
        Number of people up to which a figure only says that they are few; 5 at least.
    threshold_set_by : str
        Who chose a threshold below 10; stands in the manifest of every report.
    seed : int
        Seed of every random draw.
    outcome : str
        Indicator that the impact chapter is about.
    treatment : str
        Value of ``plan_source`` that marks the programme under evaluation.
    cell_seconds, job_seconds : int
        How long one cell of a notebook, and one report, may run before it is ended.

    Examples
    --------
    >>> Settings().provinces
    ('94', '95', '96', '90')
    """

    provinces: tuple[str, ...] = ("94", "95", "96", "90")
    amphoe: tuple[str, ...] = ("9003", "9004", "9005", "9006")
    raw: Path = Path("data/raw")
    store: Path = Path("data/processed")
    reports: Path = Path("reports")
    notebooks: Path = Path("notebooks")
    rules: Path = Path("data/reference/rules.csv")
    key_file: Path = Path("~/.config/evallib/respondents.key")
    language: str = "th"
    threshold: int = 10
    threshold_set_by: str = "default"
    seed: int = 2565
    outcome: str = "income"
    treatment: str = "ศอ.บต.ตำบล"
    cell_seconds: int = 600
    job_seconds: int = 3600


def read_settings(path: str | Path | None = None, **overrides: Any) -> Settings:
    """Read settings from a file, else the nearest ``evallib.toml``, else take the defaults.

    The nearest is the one in the working folder or in the closest folder above it, so that a
    notebook has the settings of its project.

    Parameters
    ----------
    path : path, optional
        A TOML file; relative folders in it are relative to that file.
    **overrides : object
        Values that win over the file; ``None`` is ignored.

    Raises
    ------
    NotFound
        ``path`` was given and does not exist.
    SchemaError
        The file is not TOML, or holds a name that is not a setting or a value that cannot be one:
        codes that are no codes, a threshold below 5 or, below 10, set by nobody, empty folders.

    Examples
    --------
    >>> read_settings(language="en").language
    'en'
    """
    file = Path(path) if path is not None else _nearest()
    if path is not None and not Path(path).is_file():
        raise NotFound("config.no_file", found=str(path))
    chosen = _read_file(file) if file is not None else {}
    chosen |= {name: value for name, value in overrides.items() if value is not None}
    known = {field.name for field in fields(Settings)}
    unknown = sorted(set(chosen) - known)
    if unknown:
        raise SchemaError(
            "config.unknown_setting",
            found=", ".join(with_nearest(name, sorted(known)) for name in unknown),
            known=", ".join(sorted(known)),
        )
    settings = replace(Settings(), **{name: _checked(name, v) for name, v in chosen.items()})
    by = settings.threshold_set_by.strip()
    if settings.threshold < DEFAULT_THRESHOLD and (
        by.casefold() in NOBODY or not any(map(str.isalnum, by))
    ):
        raise SchemaError("config.threshold_by_nobody", found=settings.threshold)
    return settings


def _nearest() -> Path | None:
    here = Path.cwd()
    files = (folder / FILE_NAME for folder in (here, *here.parents))
    return next((file for file in files if file.is_file()), None)


def _read_file(file: Path) -> dict[str, Any]:
    try:  # Notepad puts a mark before UTF-8; numbers of 5,000 digits and deep nests are no TOML
        written: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except (ValueError, RecursionError) as error:
        raise SchemaError("config.unreadable", file=file.name, found=_short(error)) from error
    for name in ("raw", "store", "reports", "notebooks", "rules"):
        if name in written:
            written[name] = file.parent / check_folder(name, written[name])
    if "key_file" in written:
        written["key_file"] = (
            file.parent / check_folder("key_file", written["key_file"]).expanduser()
        )
    return written


def _checked(name: str, value: Any) -> Any:
    """Return a value as the type that the setting has, or refuse it."""
    default = getattr(Settings(), name)
    if isinstance(default, Path):
        return check_folder(name, value)
    if isinstance(default, tuple):
        return _codes(name, value)
    if type(value) is not type(default):
        raise _wrong_type(name, type(default).__name__, value)
    if isinstance(default, int):
        least, most = _RANGES.get(name, (0, _LARGEST_SEED))
        if not least <= value <= most:
            raise SchemaError("config.number", name=name, least=least, most=most, found=value)
        return value
    if name == "language" and value not in {"th", "en"}:
        raise SchemaError("config.language", found=_short(value))
    blank = name != "threshold_set_by" and not value.strip()
    if blank or len(value) > _LONGEST_TEXT or not is_printable(value):
        raise SchemaError("config.text", name=name, most=_LONGEST_TEXT, found=_short(repr(value)))
    return value


def _codes(name: str, value: Any) -> tuple[str, ...]:
    """Return codes of places; they become names of folders, so nothing else may pass."""
    form, digits = _CODES[name]
    if not isinstance(value, list | tuple):  # a text would be taken for its letters
        raise _wrong_type(name, "list", value)
    codes = tuple(str(each) for each in value)
    wrong = [code for code in codes if not form.fullmatch(code)]
    wrong += sorted({code for code in codes if codes.count(code) > 1} - set(wrong))
    if wrong or not (codes or name == "amphoe"):
        found = _short(", ".join(map(repr, wrong)) or "[]")
        raise SchemaError("config.codes", name=name, digits=digits, found=found)
    return codes


def check_folder(name: str, value: Any) -> Path:
    """Return a folder or file that was named; an empty name would mean the working folder.

    Parameters
    ----------
    name : str
        Name of the setting or of the option, for the message.
    value : str or Path
        What was written there.

    Raises
    ------
    SchemaError
        It is empty, no text, or holds characters that no path may hold.
    """
    if not isinstance(value, str | Path):
        raise _wrong_type(name, "str", value)
    if not str(value).strip() or not is_printable(str(value)):
        raise SchemaError("config.folder", name=name, found=_short(repr(str(value))))
    return Path(value)


def _wrong_type(name: str, kind: str, value: Any) -> SchemaError:
    return SchemaError("config.wrong_type", name=name, kind=kind, found=_short(repr(value)))


def _short(found: object) -> str:
    return str(found)[:_LONGEST_TEXT]
