"""The register of what comes from elsewhere is what is installed."""

import hashlib
import importlib.util
import re
from importlib.metadata import version
from pathlib import Path

import pytest

from evallib.report.style import font_file
from tests.paths import ROOT

PAGE = (ROOT / "docs/data-sources.md").read_text(encoding="utf-8")
ROWS = [[cell.strip(" `") for cell in line.strip("|").split("|")]
        for line in PAGE.splitlines() if re.search("`[0-9a-f]{64}` [|]$", line)]  # fmt: skip


def installed(path: str) -> Path:
    package, *parts = path.split("/")
    return Path(importlib.util.find_spec(package).origin).parent.joinpath(*parts)


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row[0])
def test_a_row_tells_the_file_that_is_installed(row) -> None:
    path, _, whose, licence, keeper, written = row
    assert hashlib.sha256(installed(path).read_bytes()).hexdigest() == written
    if match := re.fullmatch(r"(\S+) ([\d.]+)", whose):
        told = [int(part) for part in version(match[1]).split(".")]
        assert [int(part) for part in match[2].split(".")] == told
    else:
        assert whose == "this package"
    assert licence
    assert keeper


def test_all_that_is_used_has_a_row() -> None:
    listed = {installed(row[0]) for row in ROWS}
    assert {font_file("Regular"), font_file("Bold")} <= listed
    places = set(installed("geothai/_data").glob("*.json"))
    assert {p for p in places if p.stem != "abolished-sources"} <= listed  # notes, read by nobody
    assert installed("evallib/reference/tambon_points.csv") in listed


def test_packages_can_be_kept_and_installed_without_an_index() -> None:
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "--no-index --find-links wheels" in recipe
    assert recipe.count("pip install -qq $(KEPT)") == 2
