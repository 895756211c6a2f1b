"""What holds for every test: one thread of BLAS a process, and the longest tests first."""

from __future__ import annotations

import os

import pytest

# Workers share the cores: threads of BLAS that wait for each other took two thirds of all time.
for _name in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS"):
    os.environ.setdefault(_name, "1")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Begin with what takes long, so that no worker is left with it at the end."""
    items.sort(key=lambda item: item.get_closest_marker("slow") is None)
