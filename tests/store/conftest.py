"""Frames that meet a contract, made at random from the contract itself."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from evallib.store import Store
from evallib.store.arrow import LARGEST_BAHT
from evallib.tables import contracts as tables

WORDS = ("โครงการ", "น้ำประปา", "ถนน คสล.", "ตำบลมั่นคง", '"quoted"', "a|b;c", "ปัตตานี", "ที่ ๓")
CODE_DIGITS = {"province_code": 2, "amphoe_code": 4, "tambon_code": 6}
MakeFrame = Callable[..., pd.DataFrame]


def make_frame(table: str, n: int = 40, *, seed: int = 0, missing: float = 0.3) -> pd.DataFrame:
    """Return n rows that meet a contract, sorted by its key."""
    rng = np.random.default_rng([seed, *table.encode()])
    agreed = tables.contract(table)
    frame = pd.DataFrame({c.name: _values(c, n, rng) for c in agreed.columns})
    for column in agreed.columns:
        if column.nullable and column.name not in agreed.key:
            frame.loc[rng.random(n) < missing, column.name] = pd.NA
    accepted, _ = tables.conform(frame.drop_duplicates(agreed.key or None), table)
    return accepted.sort_values(list(agreed.key or agreed.names), ignore_index=True)


def _values(column: tables.Column, n: int, rng: np.random.Generator) -> pd.Series:
    low = -1000 if column.low is None else column.low
    high = low + 5000 if column.high is None else column.high
    if column.kind == "int":
        return pd.Series(rng.integers(int(low), int(high) + 1, n), dtype="Int64")
    if column.kind == "bool":
        return pd.Series(rng.random(n) < 0.5, dtype="boolean")
    if column.kind == "date":
        return pd.Series(np.datetime64("2019-10-01") + rng.integers(0, 1500, n)).astype(
            "datetime64[s]"
        )
    if column.kind == "baht":
        satang = rng.integers(0, int(LARGEST_BAHT) * 100, n) >> rng.integers(0, 50, n)
        return pd.Series(satang / 100)
    if column.kind == "float":
        return pd.Series(low + rng.random(n) * (high - low))
    if column.allowed:
        return pd.Series(rng.choice(column.allowed, n), dtype="str")
    if column.name in CODE_DIGITS:
        codes = rng.choice(["940101", "950203", "960304", "900305"], n)
        return pd.Series([code[: CODE_DIGITS[column.name]] for code in codes], dtype="str")
    return pd.Series([f"{rng.choice(WORDS)} {rng.integers(10**6)}" for _ in range(n)], dtype="str")


@pytest.fixture(scope="session")
def random_frame() -> MakeFrame:
    return make_frame


@pytest.fixture(scope="session")
def ingest_frames() -> Callable[..., dict[str, pd.DataFrame]]:
    def make(*, n: int = 12, seed: int = 0) -> dict[str, pd.DataFrame]:
        names = [name for name, table in tables.tables().items() if not table.grown]
        return {name: make_frame(name, n, seed=seed) for name in names}

    return make


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store(tmp_path / "processed")
