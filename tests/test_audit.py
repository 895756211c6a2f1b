"""The audit of dependencies: what it accepts, what stops it, and a list that is always the same."""

import json
from dataclasses import replace

import pytest

from audit import run as audit
from tests.paths import ROOT

LOCKS = {name: audit.read_lock((ROOT / name).read_text(encoding="utf-8"))
         for name in (audit.LOCK, audit.TEST_LOCK)}  # fmt: skip
PART = audit.Part("numpy", "2.0", "BSD-3-Clause AND (MIT OR GPL-3.0-only)", True, ())


@pytest.fixture(scope="module")
def parts():
    return [part for part in audit.read_installed() if part.name != "evallib"]


@pytest.mark.parametrize(
    ("licence", "accepted"),
    [
        ("MIT", True), ("mit", True), ("MIT OR GPL-3.0-only", True), ("GPL-3.0-only", False),
        ("MIT AND GPL-3.0-only", False), ("(MIT OR AGPL-3.0-only) AND Zlib", True),
        ("BSD-3-Clause AND 0BSD AND MIT AND Zlib AND CC0-1.0", True), ("MIT, but not", False),
        ("GPL-2.0-only WITH Classpath-exception-2.0", False), ("()", False),
        ("MIT OR (GPL-3.0-only AND MIT)", True), ("GPL-3.0-only OR (GPL-3.0-only AND MIT)", False),
    ],
)  # fmt: skip
def test_every_side_of_and_and_one_side_of_or(licence, accepted) -> None:
    known = {row["licence"].casefold() for row in audit.read_csv("licences.csv")}
    assert audit.is_accepted(licence, known) is accepted


@pytest.mark.parametrize(
    ("part", "told"),
    [
        (PART, []),
        (replace(PART, licence=""), ["no licence is known"]),
        (replace(PART, licence="GPL-3.0-only"), ["is not in licences.csv"]),
        (replace(PART, version="2.1"), ["2.0 is in the lock"]),
        (replace(PART, version="2.00"), []),
        (replace(PART, name="stranger"), ["in no lock", "numpy: in the lock, and not installed"]),
    ],
)
def test_what_stops_it(part, told) -> None:
    found = audit.faults([part], {"numpy": ("2.0", ())})
    assert len(found) == len(told)
    assert all(words in line for words, line in zip(told, found, strict=True))


def test_all_that_is_installed_is_accepted_and_pinned(parts) -> None:
    made_by_venv = {"pip", "setuptools"}  # of an environment that make did not make
    wrong = audit.faults([p for p in parts if p.name not in made_by_venv], LOCKS[audit.TEST_LOCK])
    assert [line for line in wrong if not line.startswith("pip: in the lock")] == []
    assert len(parts) > 100


def test_what_was_clarified_is_still_unclear_and_installed(parts, monkeypatch) -> None:
    clarified = {row["package"] for row in audit.read_csv("clarified.csv")}
    rows = {"licences.csv": audit.read_csv("licences.csv"), "clarified.csv": []}
    monkeypatch.setattr(audit, "read_csv", rows.__getitem__)
    unclear = {line.split(":")[0] for line in audit.faults(audit.read_installed(), {})
               if "licence" in line}  # fmt: skip
    assert clarified <= unclear


def test_the_list_of_parts_is_complete_and_the_same_again(parts) -> None:
    lock, runtime = LOCKS[audit.TEST_LOCK], set(LOCKS[audit.LOCK])
    listed = audit.list_of_parts(parts, lock, runtime)
    again = audit.list_of_parts(audit.read_installed()[::1], lock, runtime)
    names = [c["name"] for c in listed["components"]]
    assert (listed["bomFormat"], listed["specVersion"]) == ("CycloneDX", "1.6")
    assert names == sorted(names)
    assert names == [p.name for p in parts]
    written = json.dumps(listed, sort_keys=True)
    assert written == json.dumps(
        again | {"components": [c for c in again["components"] if c["name"] != "evallib"],
                 "dependencies": [d for d in again["dependencies"] if "/evallib@" not in d["ref"]]},
        sort_keys=True,
    )  # fmt: skip
    assert "timestamp" not in written
    references = {c["bom-ref"] for c in listed["components"]}
    assert {edge["ref"] for edge in listed["dependencies"]} == references
    assert {to for edge in listed["dependencies"] for to in edge["dependsOn"]} <= references
    needed = {e["ref"].split("/")[1].split("@")[0]: e["dependsOn"] for e in listed["dependencies"]}
    assert any("/numpy@" in to for to in needed["pandas"])
    scopes = {c["name"]: c["scope"] for c in listed["components"]}
    assert (scopes["pandas"], scopes["hypothesis"]) == ("required", "excluded")


def test_pip_is_pinned_so_that_no_environment_keeps_an_old_one() -> None:
    assert all("pip" in lock for lock in LOCKS.values())
    recipe = (ROOT / "Makefile").read_text(encoding="utf-8")
    assert "pip uninstall -qq -y setuptools" in recipe
