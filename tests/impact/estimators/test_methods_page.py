"""docs/methods.md has a row, with a DOI, for every estimator."""

from __future__ import annotations

import re

import evallib.impact
import evallib.needs
from tests.paths import ROOT

REGISTER = ROOT / "docs" / "methods.md"


def test_every_estimator_has_a_row() -> None:
    rows = re.findall(r"^\| `(estimate_\w+)` \|(.*)\|$", REGISTER.read_text("utf-8"), re.MULTILINE)
    names = [*evallib.impact.__all__, *evallib.needs.__all__]
    public = [name for name in names if name.startswith("estimate_")]

    assert sorted(name for name, _ in rows) == sorted(public)
    assert public
    assert all("https://doi.org/" in row for _, row in rows)


def test_every_public_name_can_be_loaded() -> None:
    for name in evallib.impact.__all__:
        assert callable(getattr(evallib.impact, name))
    assert evallib.impact.verdict.__module__ == "evallib.impact.verdicts"
