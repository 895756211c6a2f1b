"""Chances that any link holds, against products in loops."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.needs.inputs.link_network import Network

LINKS = st.lists(st.tuples(st.integers(0, 6), st.integers(0, 4)), max_size=30, unique=True)


def in_loops(kept: np.ndarray, group: np.ndarray, size: int) -> np.ndarray:
    """Multiply link by link."""
    none = np.ones((len(kept), size), dtype=kept.dtype)
    for link, g in enumerate(group):
        none[:, g] *= 1 - kept[:, link]
    return 1 - none


@settings(max_examples=60, deadline=None)
@given(links=LINKS, draws=st.integers(1, 3), seed=st.integers(0, 99))
def test_at_least_one_link_is_one_less_the_product(
    links: list[tuple[int, int]], draws: int, seed: int
) -> None:
    pairs = np.array(sorted(links), dtype=np.intp).reshape(-1, 2)
    net = Network(need=pairs[:, 0], project=pairs[:, 1], probability=np.ones(len(pairs)),
                  delivered=np.linspace(0, 1, 5), n_needs=7, n_projects=5)  # fmt: skip
    kept = np.random.default_rng(seed).random((draws, len(pairs)))
    c, d, a = net.answers(kept)
    assert c == pytest.approx(in_loops(kept, net.need, 7), abs=1e-15)
    share = kept * net.delivered[net.project]
    assert d == pytest.approx(in_loops(share, net.need, 7), abs=1e-15)
    assert a == pytest.approx(in_loops(kept, net.project, 5), abs=1e-15)
