"""Which forms of a survey a report may rest on, so that no two editions differ by a few people."""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from evallib.privacy.blocks import BLOCK, FORM, SAID
from evallib.privacy.key_columns import require_columns
from evallib.privacy.rounding import digest

if TYPE_CHECKING:
    from collections.abc import Iterator

SET = "set_id"  # names a set of forms of one block that was published
RESPONDENT = "resp_key"  # depends on the office's secret, so that no figure may depend on it
_NOT_SAID = {"as_of", "run_id", SET, FORM, SAID}  # columns that no respondent filled in


@dataclass(frozen=True, slots=True)
class Settled:
    """The forms that a report may rest on.

    Parameters
    ----------
    forms : pandas.DataFrame
        With the digest of each form in ``form`` and that of its answers alone in ``said``, in the
        order given.
    waiting : int
        Forms that came, changed or went since, and are too few to be told apart from. Never
        printed as it is: it is a number of people.
    """

    forms: pd.DataFrame
    waiting: int = 0


def form_digests(forms: pd.DataFrame) -> pd.Series:
    """Return for each form a digest of all that its respondent said.

    Parameters
    ----------
    forms : pandas.DataFrame, shape (n, k)
        Contract ``beneficiary_survey``. Not modified.

    Returns
    -------
    pandas.Series of str, shape (n,)
        64 hexadecimal digits. The same answers give the same digest, whatever the order of the
        columns and whenever they arrived.

    Examples
    --------
    >>> one = pd.DataFrame({"resp_key": ["a"], "aware": [1]})
    >>> form_digests(one).equals(form_digests(one[["aware", "resp_key"]]))
    True
    """
    return _digests(forms, _NOT_SAID).rename(FORM)


def answer_digests(forms: pd.DataFrame) -> pd.Series:
    """Return for each form a digest of its answers, whoever gave them.

    Two people who said the same have the same digest, and it is the same under any secret of the
    office: chances rest on it, so that a lost or another secret moves no printed figure.

    Parameters
    ----------
    forms : pandas.DataFrame, shape (n, k)
        Contract ``beneficiary_survey``. Not modified.

    Returns
    -------
    pandas.Series of str, shape (n,)

    Examples
    --------
    >>> two = pd.DataFrame({"resp_key": ["a", "b"], "aware": [1, 1]})
    >>> answer_digests(two).nunique(), form_digests(two).nunique()
    (1, 2)
    """
    return _digests(forms, _NOT_SAID | {RESPONDENT}).rename(SAID)


def _digests(forms: pd.DataFrame, left_out: set[str]) -> pd.Series:
    said = forms[sorted(name for name in forms.columns if name not in left_out)]
    texts = said.astype("object").where(said.notna(), None).astype("str")
    written = [json.dumps(row, ensure_ascii=False) for row in texts.to_numpy().tolist()]
    digests = [hashlib.sha256(row.encode()).hexdigest() for row in written]
    return pd.Series(digests, index=forms.index, dtype="str")


def settle_forms(
    forms: pd.DataFrame, released: pd.DataFrame | None = None, *, threshold: int
) -> Settled:
    """Return the forms that a report may rest on.

    Forms of one block that arrive late wait until at least ``threshold`` of them have come
    together, so that whatever is published at different times differs by that many people or by
    nobody. Where forms that were published have been corrected or withdrawn since, and they are
    fewer than that, what was published stays.

    Parameters
    ----------
    forms : pandas.DataFrame, shape (n, k)
        Contract ``beneficiary_survey``, as known at the cut-off. Not modified.
    released : pandas.DataFrame, shape (m, k + 2), optional
        Contract ``released_forms``: the sets of forms on which reports rested so far.
    threshold : int
        Smallest number of people in which two editions may differ.

    Raises
    ------
    SchemaError
        A column of the block, ``resp_key`` or ``as_of`` is absent.

    Examples
    --------
    >>> forms = pd.DataFrame({"resp_key": [f"{i}" for i in range(31)], "province_code": "95",
    ...     "fiscal_year": 2565, "quarter": 4, "as_of": ["2022-09-24"] * 30 + ["2022-10-20"]})
    >>> settled = settle_forms(forms, threshold=10)
    >>> len(settled.forms), settled.waiting
    (30, 1)
    """
    require_columns(forms, [*BLOCK, RESPONDENT, "as_of"])
    marked = forms.assign(**{FORM: form_digests(forms), SAID: answer_digests(forms)})
    before = {} if released is None else dict(_blocks(released))
    parts, waiting = [], 0
    for block, part in _blocks(marked):
        kept = _arrived_together(part, threshold)
        late = len(part) - len(kept)
        settled, changed = _as_published(kept, before.get(block), threshold)
        parts.append(settled)
        waiting += late + changed
    if not parts:
        return Settled(marked)
    return Settled(pd.concat(parts).sort_index(kind="stable").reset_index(drop=True), waiting)


def set_id(forms: pd.DataFrame) -> str:
    """Return a name of a set of forms: the digest of their digests."""
    return digest(forms[FORM])


def _blocks(forms: pd.DataFrame) -> Iterator[tuple[tuple[object, ...], pd.DataFrame]]:
    for block, part in forms.groupby(list(BLOCK), sort=True):
        yield tuple(block), part


def _arrived_together(forms: pd.DataFrame, threshold: int) -> pd.DataFrame:
    """Return the forms of a block without the last arrivals, where these are too few."""
    arrived = forms["as_of"].value_counts().sort_index()
    settled, open_days = [], []
    for day, count in arrived.items():
        open_days.append((day, count))
        if sum(n for _, n in open_days) >= threshold:
            settled += [d for d, _ in open_days]
            open_days = []
    return forms[forms["as_of"].isin(settled)]


def _as_published(
    forms: pd.DataFrame, released: pd.DataFrame | None, threshold: int
) -> tuple[pd.DataFrame, int]:
    """Return the published set that differs by too few forms, or the forms themselves."""
    if released is None:
        return forms, 0
    distances = {
        str(name): _people_between(forms, part) for name, part in released.groupby(SET, sort=True)
    }
    if 0 in distances.values():
        return forms, 0
    nearest = min(distances, key=lambda name: (distances[name], name))
    if distances[nearest] >= threshold:
        return forms, 0
    kept = released[released[SET] == nearest]
    kept = kept.assign(**{SAID: answer_digests(kept)})
    return kept[list(forms.columns)], distances[nearest]


def _people_between(one: pd.DataFrame, other: pd.DataFrame) -> int:
    """Return how many people at least answered otherwise in two sets of forms, or in one alone.

    Answers are held against each other, not keys: these are others under another secret.
    """
    said = [Counter(answer_digests(part)) for part in (one, other)]
    return max((said[0] - said[1]).total(), (said[1] - said[0]).total())
