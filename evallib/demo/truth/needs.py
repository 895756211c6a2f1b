"""Needs that people state: which topic in which tambon, when, in which words, how often again."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.demo.wording import misspell, phrases, pick, stream, topic_weights, topics

if TYPE_CHECKING:
    from evallib.demo.truth.world import World

MEETING_RATE = 0.8  # councils that meet in a quarter
FEWEST, MOST = 18, 30  # needs that a tambon states in the whole time
RESTATED = 0.45  # of needs are said again at the next meeting, and so on
REWORDED = 0.12  # of restatements use other words
TWO_IN_ONE = 0.05  # of needs are said in one sentence with another
NON_NEEDS = 0.04  # of statements are no need at all
MISSPELT = 0.08  # of statements


@dataclass(frozen=True, slots=True, eq=False)
class Needs:
    """What people want, and what was written down of it.

    Parameters
    ----------
    met : ndarray of bool, shape (n tambons, T)
        Whether the council met.
    needs : pandas.DataFrame, shape (needs, 8)
        ``true_need_id``, ``unit``, ``topic`` (positions), ``first`` (quarter), ``moo`` (village
        number), ``people``, ``phrase``, ``number``. No tambon states a topic twice.
    statements : pandas.DataFrame, shape (rows, 8)
        One row a line that will be written: ``need``, ``second`` (positions in ``needs``, -1:
        none), ``unit``, ``t``, ``moo``, ``people``, ``votes``, ``text``.
    days_before : ndarray of int, shape (n tambons, T)
        Days from the meeting to the 24th of the last month of the quarter.
    """

    met: np.ndarray
    needs: pd.DataFrame
    statements: pd.DataFrame
    days_before: np.ndarray

    def meeting_day(self, world: World, unit: int, t: int) -> date:
        """Return the day on which a council met: up to ten weeks before the lists are closed."""
        closed = world.quarters[t].end.replace(day=24)
        return closed - timedelta(days=int(self.days_before[unit, t]))


def state_needs(world: World) -> Needs:
    """Return the needs of a world and every statement of them."""
    rng = stream(world.seed, "needs")
    met = rng.random((len(world.tambons), len(world.quarters))) < MEETING_RATE
    needs = _draw_needs(world, met, rng)
    rows = _statements(needs, met, rng)
    rows = _add_non_needs(rows, met, rng)
    rows["text"] = _words(rows, needs, world)
    rows["votes"] = rng.poisson(8 + 30 * rng.random(len(rows)) ** 2) + 1
    rows = rows.sort_values(["t", "unit", "votes", "need"], ascending=[True, True, False, True])
    return Needs(met, needs, rows.reset_index(drop=True), rng.integers(0, 70, met.shape))


def _draw_needs(world: World, met: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Draw topics without putting any back, so that a tambon states no topic twice."""
    n, quarters = int(met.shape[0]), int(met.shape[1])
    weight = topic_weights()
    keys = np.log(weight) + rng.gumbel(size=(n, len(weight)))
    order = np.argsort(-keys, axis=1)[:, :MOST]
    stated = np.arange(MOST)[None, :] < rng.integers(FEWEST, MOST + 1, n)[:, None]
    unit, place = np.nonzero(stated)
    wanted = rng.integers(0, quarters, len(unit))
    meeting = np.where(met, np.arange(quarters)[None, :], quarters)
    after = np.minimum.accumulate(meeting[:, ::-1], axis=1)[:, ::-1]  # next meeting, or none
    first = after[unit, wanted]
    needs = pd.DataFrame({
        "unit": unit, "topic": order[unit, place], "first": first,
        "moo": rng.integers(1, world.villages.shape[1] + 1, len(unit)),
        "people": rng.integers(4, 80, len(unit)) * 5,
        "phrase": rng.integers(0, 4, len(unit)), "number": rng.integers(3, 40, len(unit)),
    })  # fmt: skip
    needs = needs[needs["first"] < quarters].sort_values(["first", "unit", "topic"])
    needs = needs.reset_index(drop=True)
    needs.insert(0, "true_need_id", [f"TN-{i:05d}" for i in range(1, len(needs) + 1)])
    return needs


def _statements(needs: pd.DataFrame, met: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Say each need when it arises and, of those said, a share again at each next meeting."""
    alone = np.ones(len(needs), dtype=bool)
    second = np.full(len(needs), -1)
    same = (needs[["unit", "first"]].shift(-1) == needs[["unit", "first"]]).all(axis=1).to_numpy()
    for i in np.flatnonzero(same & (rng.random(len(needs)) < TWO_IN_ONE)):
        if alone[i]:
            second[i], alone[i + 1] = i + 1, False
    said = np.flatnonzero(alone)
    parts = []
    unit = needs["unit"].to_numpy()
    t = needs["first"].to_numpy().copy()
    fresh = np.ones(len(needs), dtype=bool)
    while len(said):
        parts.append(pd.DataFrame({
            "need": said, "second": second[said], "unit": unit[said], "t": t[said],
            "moo": needs["moo"].to_numpy()[said], "people": needs["people"].to_numpy()[said],
            "reworded": ~fresh[said] & (rng.random(len(said)) < REWORDED),
        }))  # fmt: skip
        fresh[said] = False
        t[said] += 1
        said = said[t[said] < met.shape[1]]
        skip = ~met[unit[said], t[said]]
        while skip.any():  # no meeting, no statement: it waits for the next one
            t[said[skip]] += 1
            said = said[t[said] < met.shape[1]]
            skip = ~met[unit[said], t[said]]
        said = said[rng.random(len(said)) < RESTATED]
    return pd.concat(parts, ignore_index=True)


def _add_non_needs(rows: pd.DataFrame, met: np.ndarray, rng: np.random.Generator) -> pd.DataFrame:
    """Add lines that state no need: thanks, nothing, noted."""
    unit, t = np.nonzero(met)
    chosen = np.sort(rng.choice(len(unit), round(NON_NEEDS * len(rows)), replace=False))
    extra = pd.DataFrame({
        "need": -1, "second": -1, "unit": unit[chosen], "t": t[chosen],
        "moo": rng.integers(1, 9, len(chosen)), "people": 0, "reworded": False,
    })  # fmt: skip
    return pd.concat([rows, extra], ignore_index=True)


def _words(rows: pd.DataFrame, needs: pd.DataFrame, world: World) -> list[str]:
    """Return what stands in each line; a need keeps its words unless it is reworded."""
    rng = stream(world.seed, "need words")
    said: list[dict[Any, Any]] = needs.to_dict("records")
    usual = [_sentence(need, world, rng) for need in said]
    non_needs = phrases()["words"]["non_needs"]
    texts: list[str] = []
    lines = zip(rows["need"].tolist(), rows["second"].tolist(), rows["reworded"], strict=True)
    for need, second, reworded in lines:
        if need < 0:
            texts.append(pick(rng, non_needs))
            continue
        text = usual[need]
        if reworded:
            other = {**said[need], "phrase": (said[need]["phrase"] + 1) % 4}
            text = _sentence(other, world, rng)
        if second >= 0:
            text = f"{text} {pick(rng, ('และ', 'กับ', 'แล้วก็', '/'))}{usual[second]}"
        texts.append(text)
    return texts


def _sentence(need: dict[Any, Any], world: World, rng: np.random.Generator) -> str:
    """Return a need in somebody's own words, now and then misspelt."""
    moo = need["moo"]
    village = world.villages[need["unit"], moo - 1]
    phrase = topics()[need["topic"]].needs[need["phrase"]]
    text = phrase + ("" if "{" in phrase else pick(rng, phrases()["words"]["suffixes"]))
    text = str(text).format(moo=moo, village=village, ban=f"บ้าน{village}", n=need["number"])
    if rng.random() < MISSPELT:
        text = misspell(text, pick(rng, ("tone_dropped", "vowel_swapped")), rng)
    return text
