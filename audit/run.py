"""Print what is installed, under which licence, and write the list of parts to audit/sbom.json.

Ends with exit code 1 when a package has no licence that is known, or one that is not in
licences.csv, or when what is installed is not what the lock says.
"""

from __future__ import annotations

import csv
import json
import re
import sys
import tomllib
from dataclasses import dataclass
from importlib.metadata import Distribution, distributions
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from packaging.version import Version

HERE = Path(__file__).parent
ROOT = HERE.parent
LOCK, TEST_LOCK, SBOM = "requirements.lock", "requirements-test.lock", HERE / "sbom.json"
WORDLESS = {"", "unknown", "license", "dual license"}  # fields that say nothing


@dataclass(frozen=True, slots=True)
class Part:
    """One installed package: what it is, what it needs, and what its licence says."""

    name: str
    version: str
    licence: str
    is_expression: bool
    needs: tuple[str, ...]

    @property
    def reference(self) -> str:
        """Name and version as lists of parts write them."""
        return f"pkg:pypi/{self.name}@{self.version}"


def read_csv(name: str) -> list[dict[str, str]]:
    """Return the rows of a file beside this one."""
    with (HERE / name).open(encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file))


def read_lock(text: str) -> dict[str, tuple[str, tuple[str, ...]]]:
    """Return name -> version and hashes of what a lock wants on this Python and system."""
    found = {}
    for entry in re.split(r"\n(?=[a-z0-9])", text):
        requirement, *hashes = re.split(r"\s*\\?\s*--hash=sha256:", entry.strip())
        wanted = Requirement(requirement)
        if wanted.marker is None or wanted.marker.evaluate():
            version = str(wanted.specifier).removeprefix("==")
            found[canonicalize_name(wanted.name)] = (version, tuple(sorted(hashes)))
    return found


def stated_licence(package: Distribution) -> tuple[str, bool]:
    """Return what a package says of its licence, and whether that is an SPDX expression."""
    said = package.metadata
    if expression := said.get("License-Expression"):
        return expression, True
    classified = [c for c in said.get_all("Classifier") or [] if c.startswith("License ::")]
    names = [c.rsplit(" :: ", 1)[-1] for c in classified if c.count(" :: ") > 1]
    if names := [name for name in names if name != "OSI Approved"]:
        return " AND ".join(f"({name})" if " AND " in name else name for name in names), False
    first = next(iter((said.get("License") or "").strip().splitlines()), "")
    return ("" if first.casefold() in WORDLESS else first), False


def read_installed(path: list[str] | None = None) -> list[Part]:
    """Return what is installed beside the project itself, by name."""
    known = {row["package"]: row["licence"] for row in read_csv("clarified.csv")}
    parts = []
    for package in distributions(**({} if path is None else {"path": path})):
        name = canonicalize_name(package.metadata["Name"])
        licence, is_expression = stated_licence(package)
        if name in known:
            licence, is_expression = known[name], True
        needed = (Requirement(text) for text in package.requires or ())
        needs = {
            canonicalize_name(r.name)
            for r in needed
            if not r.marker or r.marker.evaluate({"extra": ""})
        }
        parts.append(Part(name, package.version, licence, is_expression, tuple(sorted(needs))))
    return sorted({p.name: p for p in parts}.values(), key=lambda part: part.name)


def is_accepted(licence: str, accepted: set[str]) -> bool:
    """Tell whether a licence may be lived with: one side of OR, every side of AND."""
    licence = licence.strip()
    if licence.casefold() in accepted:
        return True
    for word, enough in ((" OR ", any), (" AND ", all)):
        sides = _split(licence, word)
        if len(sides) > 1:
            return enough(is_accepted(side, accepted) for side in sides)
    inner = licence[1:-1] if licence.startswith("(") and licence.endswith(")") else ""
    return bool(inner) and is_accepted(inner, accepted)


def _split(text: str, word: str) -> list[str]:
    """Split at a word that stands outside of brackets."""
    sides, depth, start = [], 0, 0
    for at, letter in enumerate(text):
        depth += (letter == "(") - (letter == ")")
        if depth == 0 and text.startswith(word, at):
            sides.append(text[start:at])
            start = at + len(word)
    return [*sides, text[start:]]


def faults(parts: list[Part], lock: dict[str, tuple[str, tuple[str, ...]]]) -> list[str]:
    """Return what is wrong, one line a package."""
    accepted = {row["licence"].casefold() for row in read_csv("licences.csv")}
    found = []
    for part in parts:
        if not part.licence:
            found.append(f"{part.name}: no licence is known; read it and add it to clarified.csv")
        elif not is_accepted(part.licence, accepted):
            found.append(f"{part.name}: {part.licence} is not in licences.csv")
        pinned = lock.get(part.name)
        if pinned is None:
            found.append(f"{part.name} {part.version}: installed, and in no lock")
        elif Version(pinned[0]) != Version(part.version):  # 1.0 and 1.000 are one
            found.append(f"{part.name}: {part.version} is installed, {pinned[0]} is in the lock")
    missing = sorted(set(lock) - {part.name for part in parts})
    return found + [f"{name}: in the lock, and not installed" for name in missing]


def list_of_parts(
    parts: list[Part], lock: dict[str, tuple[str, tuple[str, ...]]], runtime: set[str]
) -> dict[str, object]:
    """Return the list of parts in CycloneDX 1.6; the same installation gives the same list."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    by_name = {part.name: part for part in parts}
    components = [
        {
            "type": "library", "bom-ref": part.reference, "name": part.name,
            "version": part.version, "purl": part.reference,
            "scope": "required" if part.name in runtime else "excluded",
            "licenses": [{"expression": part.licence} if part.is_expression
                         else {"license": {"name": part.licence or "unknown"}}],
            "properties": [{"name": "evallib:lock-sha256", "value": value}
                           for value in lock.get(part.name, ("", ()))[1]],
        }
        for part in parts
    ]  # fmt: skip
    edges = [
        {"ref": part.reference,
         "dependsOn": [by_name[name].reference for name in part.needs if name in by_name]}
        for part in parts
    ]  # fmt: skip
    whole = {"type": "application", "bom-ref": project["name"], "name": project["name"],
             "version": project["version"],
             "licenses": [{"expression": project["license"]}]}  # fmt: skip
    return {"bomFormat": "CycloneDX", "specVersion": "1.6", "version": 1,
            "metadata": {"component": whole}, "components": components,
            "dependencies": edges}  # fmt: skip


def main() -> int:
    """Print, write and judge; return the exit code."""
    parts = [part for part in read_installed() if part.name != "evallib"]
    locks = [read_lock((ROOT / name).read_text(encoding="utf-8")) for name in (LOCK, TEST_LOCK)]
    for part in parts:
        print(f"{part.name:30} {part.version:20} {part.licence or '?'}")
    content = json.dumps(list_of_parts(parts, locks[1], set(locks[0])), indent=1, sort_keys=True)
    SBOM.write_text(content + "\n", encoding="utf-8")
    wrong = faults(parts, locks[1])
    for line in wrong:
        print(line, file=sys.stderr)
    print(f"{len(parts)} packages, {len(wrong)} faults; list of parts: {SBOM.relative_to(ROOT)}")
    return int(bool(wrong))


if __name__ == "__main__":
    sys.exit(main())
