"""Links between needs and projects as arrays, their consequences, and their simulation."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

if TYPE_CHECKING:
    from collections.abc import Iterator

    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats


REVIEWED = {"confirmed": 1.0, "rejected": 0.0}
_CHUNK = 10_000_000  # simulated links held at once


@dataclass(frozen=True, slots=True)
class Network:
    """Links as positions: sorted by need, with the order that sorts them by project."""

    need: NDArray[np.intp]
    project: NDArray[np.intp]
    probability: Floats
    delivered: Floats
    n_needs: int
    n_projects: int

    def answers(self, kept: Floats) -> tuple[Floats, Floats, Floats]:
        """Return c (draws, needs), d (draws, needs) and a (draws, projects).

        ``kept`` (draws, links) holds probabilities, or 0 and 1 in a simulation. Its type is kept.
        """
        share = kept * self.delivered[self.project].astype(kept.dtype)
        return self.of_needs(kept), self.of_needs(share), self.of_projects(kept)

    def of_needs(self, kept: Floats) -> Floats:
        """Return the probability that any link of a need holds, shape (draws, needs)."""
        return _at_least_one(kept, self.need, self.n_needs)

    def of_projects(self, kept: Floats) -> Floats:
        """Return the probability that any link of a project holds, shape (draws, projects)."""
        by_project = np.argsort(self.project, kind="stable")
        return _at_least_one(kept.T[by_project].T, self.project[by_project], self.n_projects)

    def simulate(self, draws: int, seed: int) -> Iterator[NDArray[Any]]:
        """Yield draws of the links, zeros and ones, shape (some draws, links), float32.

        The draws of one link lie together in memory, which makes what follows fast.
        """
        rng = np.random.default_rng(seed)
        widest = max(1, len(self.probability), self.n_needs, self.n_projects)
        some = max(1, _CHUNK // widest)
        chance = self.probability.astype(np.float32)[:, np.newaxis]
        for start in range(0, draws, some):
            shape = (len(self.probability), min(some, draws - start))
            yield (rng.random(shape, dtype=np.float32) < chance).astype(np.float32).T


def _at_least_one(kept: Floats, group: NDArray[np.intp], size: int) -> Floats:
    """Return one minus the product of (1 - kept) over each group; ``group`` is sorted.

    The first links of all groups are taken at once, then the second of those that have one, and
    so on: rows of draws lie together in memory, which ``reduceat`` over links does not use.
    """
    answered = np.zeros((size, len(kept)), dtype=kept.dtype)
    if not len(group):
        return answered.T
    present, starts, counts = np.unique(group, return_index=True, return_counts=True)
    largest_first = np.argsort(-counts, kind="stable")
    present, starts, counts = (each[largest_first] for each in (present, starts, counts))
    of_links = kept.T
    none = 1.0 - of_links[starts]
    for step in range(1, int(counts[0])):
        longer = int(np.searchsorted(-counts, -step))  # groups with more than `step` links
        none[:longer] *= 1.0 - of_links[starts[:longer] + step]
    answered[present] = 1.0 - none
    return answered.T


def read_network(
    needs: pd.DataFrame, projects: pd.DataFrame, links: pd.DataFrame, delivered: Floats
) -> Network:
    """Return the links between counted needs and projects, in the order of both."""
    need = pd.Index(needs["need_id"]).get_indexer(links["need_id"])
    project = pd.Index(projects["project_uid"]).get_indexer(links["project_uid"])
    decided = links["reviewer_state"].map(REVIEWED).astype("float64")
    probability = decided.fillna(links["score"].astype("float64")).to_numpy()
    here = (need >= 0) & (project >= 0) & (probability > 0)
    need, project, probability = need[here], project[here], probability[here]
    order = np.lexsort((project, need))
    return Network(
        need=need[order], project=project[order], probability=probability[order],
        delivered=delivered, n_needs=len(needs), n_projects=len(projects),
    )  # fmt: skip
