"""The evaluation database: Delta tables in a folder, read as contracts, queried with SQL."""

from __future__ import annotations

from evallib.store.database import Store

__all__ = ["Store"]
