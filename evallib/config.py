"""Settings of one office: scope, folders, language, threshold and seed, from ``evallib.toml``."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import Any

from evallib.errors import NotFound, SchemaError, with_nearest

__all__ = ["Settings", "read_settings"]

FILE_NAME = "evallib.toml"
AREA = "area"  # the scope of what is about all provinces together


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
    language: str = "th"
    threshold: int = 10
    threshold_set_by: str = "default"
    seed: int = 2565
    outcome: str = "income"
    treatment: str = "ศอ.บต.ตำบล"


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
        The file is not TOML, or holds a name that is not a setting.

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
    return replace(Settings(), **{name: _typed(name, value) for name, value in chosen.items()})


def _nearest() -> Path | None:
    here = Path.cwd()
    files = (folder / FILE_NAME for folder in (here, *here.parents))
    return next((file for file in files if file.is_file()), None)


def _read_file(file: Path) -> dict[str, Any]:
    try:
        written: dict[str, Any] = tomllib.loads(file.read_text(encoding="utf-8"))
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise SchemaError("config.unreadable", file=file.name, found=str(error)) from error
    for name in ("raw", "store", "reports", "notebooks", "rules"):
        if name in written:
            written[name] = file.parent / str(written[name])
    return written


def _typed(name: str, value: Any) -> Any:
    """Return a value as the type that the setting has."""
    default = getattr(Settings(), name)
    if isinstance(default, Path):
        return Path(value)
    if isinstance(default, tuple):
        return tuple(str(v) for v in value)
    if name == "language" and value not in {"th", "en"}:
        raise SchemaError("config.language", found=str(value))
    if type(value) is not type(default):
        raise SchemaError(
            "config.wrong_type", name=name, kind=type(default).__name__, found=repr(value)
        )
    return value
