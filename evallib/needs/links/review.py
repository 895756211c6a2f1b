"""The file in which persons decide on links: confirmed or rejected, for ever."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from evallib.findings import Finding, Where
from evallib.i18n import text
from evallib.needs.sectors.topics import read_sectors
from evallib.places import register

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

LINKS_FILE = "links.csv"
STATES = ("OPEN", "CONFIRMED", "REJECTED")
OWN = ("state", "who", "note")  # columns that a person fills
KEY = ("need_id", "project_uid")
SHOWN = ("score", "place", "sector", "need", "project", "evidence")
MOST_OPEN = 300  # pairs shown to persons, the least certain first
_RISKY = ("=", "+", "-", "@", "\t")  # what a spreadsheet would take for a formula
Key = tuple[str, str]


@dataclass(frozen=True, slots=True)
class LinkReview:
    """What stands in the file.

    Parameters
    ----------
    decisions : mapping of (need_id, project_uid) to {"confirmed", "rejected"}
    rows : mapping of (need_id, project_uid) to (mapping of column to text)
        Every row as a person left it.
    findings : tuple of Finding
        What could not be read. As long as there is any, the file is left as it is.
    """

    decisions: Mapping[Key, str] = field(default_factory=dict)
    rows: Mapping[Key, Mapping[str, str]] = field(default_factory=dict)
    findings: tuple[Finding, ...] = ()

    def moved(self, kept: Mapping[str, str]) -> LinkReview:
        """Return the review with decisions on doubles carried to the project kept for them.

        A decision that stands on the kept project itself comes first.
        """
        carried = {
            (need, kept[project]): state
            for (need, project), state in sorted(self.decisions.items()) if project in kept
        }  # fmt: skip
        return LinkReview(carried | dict(self.decisions), self.rows, self.findings)


def read_link_review(content: bytes | None) -> LinkReview:
    r"""Read the file of decisions on links.

    Parameters
    ----------
    content : bytes or None
        CSV in UTF-8 with ``state`` (``OPEN``, ``CONFIRMED``, ``REJECTED``), ``need_id`` and
        ``project_uid``; None: there is no file.

    Returns
    -------
    LinkReview
        Findings: ``links.review_unreadable`` (error) for a file that is no such list,
        ``links.review_state`` (warning) for a row with another state, ``links.review_conflict``
        (warning) for a pair with two states, which then counts as rejected.

    Examples
    --------
    >>> found = read_link_review("state,need_id,project_uid\nconfirmed,N1,P1\n".encode())
    >>> found.decisions, found.findings
    ({('N1', 'P1'): 'confirmed'}, ())
    """
    if content is None:
        return LinkReview()
    try:
        reader = csv.DictReader(io.StringIO(content.decode("utf-8-sig"), newline=""), strict=True)
        rows = [{k: v or "" for k, v in row.items() if k} for row in reader]
        heads = reader.fieldnames or []
    except (UnicodeDecodeError, csv.Error):
        return LinkReview(findings=(Finding("links.review_unreadable", "error", LINKS_FILE),))
    # headings are written as "[state] สถานะ": the code in brackets is what counts
    codes = {head: head[1:].partition("]")[0] if head.startswith("[") else head for head in heads}
    if not {"state", *KEY} <= set(codes.values()):
        return LinkReview(findings=(Finding("links.review_unreadable", "error", LINKS_FILE),))
    return _decided([{codes[k]: v for k, v in row.items()} for row in rows])


def _decided(rows: Iterable[Mapping[str, str]]) -> LinkReview:
    decisions: dict[Key, str] = {}
    kept: dict[Key, Mapping[str, str]] = {}
    findings = []
    for line, row in enumerate(rows, 2):
        key = (row["need_id"].strip(), row["project_uid"].strip())
        state = row["state"].strip().upper() or "OPEN"
        if not any(row.values()):
            continue
        if state not in STATES or not all(key):
            findings.append(Finding("links.review_state", "warning", Where(LINKS_FILE, row=line)))
            continue
        kept[key] = row
        if state == "OPEN":
            continue
        if decisions.get(key, state.lower()) != state.lower():
            findings.append(
                Finding("links.review_conflict", "warning", Where(LINKS_FILE, row=line))
            )
            state = "REJECTED"
        decisions[key] = state.lower()
    return LinkReview(decisions, kept, tuple(findings))


def decided_links(
    links: pd.DataFrame, needs: pd.DataFrame, projects: pd.DataFrame, review: LinkReview
) -> pd.DataFrame:
    """Return links with what persons decided; a decided pair that was no candidate is added."""
    decided = pd.Series(dict(review.decisions), dtype="object")
    keys = pd.MultiIndex.from_frame(links[list(KEY)])
    state = keys.map(decided.to_dict()) if len(decided) else [None] * len(links)
    links = links.assign(
        reviewer_state=pd.Series(state, links.index, dtype="object").fillna("auto")
    )
    known = set(keys)
    here = (set(needs["need_id"]), set(projects["project_uid"]))
    further = [
        {"need_id": need, "project_uid": project, "score": float(state == "confirmed"),
         "method": "review", "reviewer_state": state}
        for (need, project), state in sorted(review.decisions.items())
        if (need, project) not in known and need in here[0] and project in here[1]
    ]  # fmt: skip
    if not further:
        return links
    added = pd.DataFrame(further)
    days = [
        added[key].map(rows.set_index(key)["as_of"])
        for key, rows in (("need_id", needs), ("project_uid", projects))
    ]
    added["as_of"] = np.fmax(days[0].to_numpy(), days[1].to_numpy())
    return pd.concat([links, added.reindex(columns=links.columns)], ignore_index=True)


def write_link_review(
    links: pd.DataFrame, needs: pd.DataFrame, projects: pd.DataFrame, review: LinkReview
) -> bytes:
    """Return the file anew: open pairs, the least certain first, then every decided pair.

    A decided pair whose need or project is not in the data stays, as the person left it.
    """
    score = dict(zip(map(tuple, links[list(KEY)].to_numpy()), links["score"], strict=True))
    undecided = [key for key in score if key not in review.decisions]
    doubt = sorted(undecided, key=lambda key: (abs(score[key] - 0.5), key))[:MOST_OPEN]
    told = _told(links, needs, projects)
    lines = []
    for key in [*doubt, *sorted(review.decisions)]:
        own = review.rows.get(key, {})
        shown = told.get(key, {name: own.get(name, "") for name in SHOWN})
        state = review.decisions.get(key, "open").upper()
        row = [state, own.get("who", ""), own.get("note", ""), *key]
        lines.append([*row, *(_plain(shown[name]) for name in SHOWN)])
    target = io.StringIO(newline="")
    writer = csv.writer(target, quoting=csv.QUOTE_ALL, lineterminator="\n")
    writer.writerow(
        [f"[{name}] {text(f'links.head_{name}', 'th')}" for name in (*OWN, *KEY, *SHOWN)]
    )
    writer.writerows(lines)
    return target.getvalue().encode("utf-8-sig")


def _told(
    links: pd.DataFrame, needs: pd.DataFrame, projects: pd.DataFrame
) -> dict[Key, dict[str, str]]:
    """Return what the file says of each link in words."""
    of_need, of_project = needs.set_index("need_id"), projects.set_index("project_uid")
    names = register().set_index("tambon_code")["tambon_th"]
    sectors = read_sectors().set_index("sector_code")["sector_th"]
    need, project = of_need.reindex(links["need_id"]), of_project.reindex(links["project_uid"])
    columns = {
        "score": links["score"].map("{:.2f}".format),
        "place": need["tambon_code"].map(names),
        "sector": need["sector_code"].map(sectors),
        "need": need["need_text_th"],
        "project": project["title_th"],
        "evidence": links["evidence"],
    }
    rows = zip(*(column.fillna("").astype("str") for column in columns.values()), strict=True)
    keys = map(tuple, links[list(KEY)].to_numpy())
    return {key: dict(zip(columns, row, strict=True)) for key, row in zip(keys, rows, strict=True)}


def _plain(value: str) -> str:
    """Return a cell that no spreadsheet takes for a formula."""
    return f"'{value}" if value.startswith(_RISKY) else value
