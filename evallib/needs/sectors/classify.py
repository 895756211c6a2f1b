"""The sector of a stated need or of a project, and how sure that is."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.needs.sectors.classifier import topic_probabilities, topic_sectors
from evallib.needs.sectors.terms import find_terms, sectors_of_terms
from evallib.needs.sectors.topics import OTHER, sector_codes, topic_codes
from evallib.needs.sectors.words import even_out
from evallib.thai.text_columns import as_column

if TYPE_CHECKING:
    from evallib.thai.text_columns import Cells


def classify_needs(texts: Cells, *, labels: pd.DataFrame | None = None) -> pd.DataFrame:
    """Find the sector of each text.

    Parameters
    ----------
    texts : pandas.Series of str, shape (n,)
        Needs in people's words, or titles of projects; missing values are allowed.
    labels : pandas.DataFrame, optional
        Labels of the office, see `read_labels`: the model learns from them, and a text that
        stands there has that label for certain.

    Returns
    -------
    pandas.DataFrame, shape (n, 4)
        Index of ``texts``. ``sector_code`` (str), ``confidence`` (float, 0-1: the share of such
        answers that are right), ``terms`` (str: the keywords of that sector that occur, joined by
        ``;``, never other words of the text) and ``topic_code`` (str: the most probable topic of
        the sector). A text without Thai letters or a keyword is ``OTH`` with confidence 0. Of two
        needs in one text the more prominent is named.

    Notes
    -----
    A linear model over n-grams of two to five letters and over the keywords of each sector, learnt
    from `read_statements`; names of places are cut first. Scores become probabilities by one
    factor, fitted to writers whose sentences the model had not seen. `docs/labelling.md` says what
    belongs to which sector.

    Examples
    --------
    >>> found = classify_needs(["ขอให้ซ่อมถนนลูกรังเข้าสวนยาง ต.บ้านแหร", None])
    >>> found[["sector_code", "terms"]].values.tolist()
    [['ROD', 'ถนนลูกรัง'], ['OTH', nan]]
    """
    texts = as_column(texts)
    codes, distinct = pd.factorize(texts)
    written = [str(text) for text in distinct]
    found = _classify(written, labels)
    nothing = pd.DataFrame([(OTHER, 0.0, None, None)], columns=found.columns)
    rows = pd.concat([found, nothing], ignore_index=True).iloc[codes]  # -1 is the last
    rows.index = texts.index
    return rows.astype({"confidence": "float64"} | dict.fromkeys(rows.columns[[0, 2, 3]], "str"))


def _classify(texts: list[str], labels: pd.DataFrame | None) -> pd.DataFrame:
    """Return one row a distinct text."""
    shares = topic_probabilities(texts, labels=labels)
    by_sector = sector_shares(shares)
    best = by_sector.argmax(axis=1)
    rows = np.arange(len(texts))
    sure = by_sector[rows, best]
    inside = np.where(topic_sectors() == best[:, np.newaxis], shares, -1.0).argmax(axis=1)
    sectors, topics = np.array(sector_codes()), np.array(topic_codes())
    frame = pd.DataFrame({
        "sector_code": sectors[best], "confidence": sure.astype("float64").round(3),
        "terms": pd.Series(None, index=rows, dtype="object"),
        "topic_code": topics[inside].astype(object),
    })  # fmt: skip
    frame.loc[sure == 0.0, ["sector_code", "topic_code"]] = OTHER, None
    frame = _decided(frame, texts, labels)
    frame["terms"] = [
        _terms(text, sector) for text, sector in zip(texts, frame["sector_code"], strict=True)
    ]
    return frame


def sector_shares(shares: np.ndarray) -> np.ndarray:
    """Return the probability of each sector, shape (n, 17), from those of the topics."""
    member = np.zeros((len(topic_codes()), len(sector_codes())), dtype=shares.dtype)
    member[np.arange(len(member)), topic_sectors()] = 1.0
    return shares @ member


def _decided(frame: pd.DataFrame, texts: list[str], labels: pd.DataFrame | None) -> pd.DataFrame:
    """Give a text that the office labelled its label."""
    if labels is None or labels.empty:
        return frame
    label = pd.Series([even_out(text) for text in texts]).map(labels.set_index("text")["label"])
    known = label.notna()
    frame.loc[known, "sector_code"] = label[known].str[:3]
    frame.loc[known, "confidence"] = 1.0
    topic = known & label.isin(topic_codes())
    frame.loc[topic, "topic_code"] = label[topic]
    return frame


def _terms(text: str, sector: str) -> str | None:
    """Return the keywords of a sector in a text."""
    own = [
        term for term in find_terms(text) if any(s == sector for s, _ in sectors_of_terms()[term])
    ]
    return ";".join(own) or None
