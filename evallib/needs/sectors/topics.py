"""What needs and projects can be about: 16 sectors, their topics, and keywords of each."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pandas as pd

OTHER = "OTH"
NEUTRAL = "-"  # words that contain a keyword and say nothing: จังหวัด contains วัด


def read_sectors() -> pd.DataFrame:
    """Return the 16 sectors and ``OTH``.

    Returns
    -------
    pandas.DataFrame, shape (17, 6)
        ``sector_code``, ``sector_th``, ``sector_en``, ``mission_group`` (1-6, of the tambon
        councils), ``master_plan`` (issues of the national strategy), ``cofog``; all str.

    Examples
    --------
    >>> read_sectors().set_index("sector_code").loc["WAT", "sector_en"]
    'Water supply and irrigation'
    """
    return _table("sectors.csv").copy()


def read_topics() -> pd.DataFrame:
    """Return the topics inside the sectors: what exactly is asked for or built.

    Returns
    -------
    pandas.DataFrame, shape (83, 4)
        ``topic_code``, ``sector_code``, ``topic_th``, ``topic_en``; all str, sectors together.
        The topics of ``OTH`` are what is no need, what is too broad, and an agency's own work.

    Examples
    --------
    >>> read_topics().set_index("topic_code").loc["WAT-PIP", "topic_en"]
    'Piped water'
    """
    return _table("topics.csv").copy()


def read_keywords() -> pd.DataFrame:
    """Return the keywords of each sector, which an office may extend in the file.

    Returns
    -------
    pandas.DataFrame, shape (n, 3)
        ``sector_code`` (a sector, or ``-`` for words that only look like a keyword), ``keyword``
        and ``weight``: 3 decides, 2 is the usual object of such a need, 1 is a hint. A keyword
        of two sectors has two rows, whose weights divide it.
    """
    return _table("sector_keywords.csv").astype({"weight": "float64"})


@cache
def topic_codes() -> tuple[str, ...]:
    """Return the topics in the order of their table."""
    return tuple(_table("topics.csv")["topic_code"])


@cache
def sector_codes() -> tuple[str, ...]:
    """Return the sectors in the order of their table, ``OTH`` last."""
    return tuple(_table("sectors.csv")["sector_code"])


@cache
def _table(name: str) -> pd.DataFrame:
    with (resources.files("evallib") / "reference" / name).open(encoding="utf-8") as file:
        return pd.read_csv(file, dtype="str")
