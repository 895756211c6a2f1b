"""The house: every room loads, no circle, no hall, no file that hides a public name."""

import ast
import subprocess
import sys
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import grimp
import pytest

import evallib
from tests.paths import ROOT

PACKAGE = ROOT / "evallib"
ROOMS = sorted(p.parent.name for p in PACKAGE.glob("*/__init__.pyi"))
MOST_LINES, MOST_MODULES, LONGEST_FUNCTION = 400, 15, 40
TWICE = """
import importlib, pkgutil, sys, types
import evallib
rooms = [evallib, *(getattr(evallib, name) for name in {rooms!r})]
def names():
    return {{(r.__name__, n): getattr(r, n) for r in rooms for n in r.__all__}}
def modules():
    for each in pkgutil.walk_packages(evallib.__path__, "evallib."):
        if each.name != "evallib.__main__":
            importlib.import_module(each.name)
first = (names() if {names_first} else modules())
modules()
seen = names()
assert not first or {{k: id(v) for k, v in first.items()}} == {{k: id(v) for k, v in seen.items()}}
for (room, name), value in seen.items():
    is_room = room == "evallib" and not name[0].isupper() and isinstance(value, types.ModuleType)
    assert is_room or not isinstance(value, types.ModuleType), (room, name)
assert len(seen) > 150
"""


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("evallib", include_external_packages=False, cache_dir=None)


def python_files() -> list[Path]:
    return sorted(PACKAGE.rglob("*.py"))


@pytest.mark.parametrize("names_first", [True, False])
def test_every_public_name_is_the_same_before_and_after_its_module(names_first: bool) -> None:
    script = TWICE.format(rooms=ROOMS, names_first=names_first)
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", script],
        capture_output=True, text=True, cwd=ROOT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_rooms_are_public_and_every_public_module_says_what_is() -> None:
    folders = {p.parent.name for p in PACKAGE.glob("*/__init__.py")}
    assert folders - set(ROOMS) == {"cli", "reference", "thai"}  # no doors of their own
    for room in ROOMS:
        assert room in evallib.__all__
        assert getattr(evallib, room).__all__
    for file in PACKAGE.glob("*.py"):
        if file.stem in evallib.__all__:
            assert getattr(evallib, file.stem).__all__, file.name


@pytest.mark.parametrize("room", ROOMS)
def test_no_file_or_folder_bears_a_public_name_of_its_face(room: str) -> None:
    public = set(getattr(evallib, room).__all__)
    stems = {p.stem for p in (PACKAGE / room).rglob("*.py")} - {"__init__"}
    folders = {p.name for p in (PACKAGE / room).rglob("*") if p.is_dir()}
    assert public & (stems | folders) == set()


def test_no_circle_of_files_type_only_imports_counted(graph: grimp.ImportGraph) -> None:
    faces = {f"evallib.{room}" for room in ROOMS} | {"evallib"}
    needs = {m: graph.find_modules_directly_imported_by(m) for m in graph.modules}
    try:
        order = list(TopologicalSorter(needs).static_order())
    except CycleError as circle:
        pytest.fail(" -> ".join(circle.args[1]))
    assert len(order) == len(graph.modules)
    # The names of a face are loaded late, so a circle through it would not be seen above.
    inside = [
        (m, face) for face in faces for m in graph.modules
        if m.startswith(f"{face}.") and face in needs[m]
        and (face != "evallib" or (m.count(".") < 2 and m != "evallib.__main__"))
    ]  # fmt: skip
    assert inside == []


def test_no_folder_is_a_hall() -> None:
    for folder in {file.parent for file in python_files()}:
        modules = [f for f in folder.glob("*.py") if not f.name.startswith("__")]
        assert len(modules) <= MOST_MODULES, folder.relative_to(ROOT)


def test_files_and_functions_stay_small() -> None:
    long = []
    for file in python_files():
        text = file.read_text(encoding="utf-8")
        if len(text.splitlines()) > MOST_LINES:
            long.append(file.name)
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.FunctionDef):
                body = node.body[1:] if ast.get_docstring(node) else node.body
                lines = body[-1].end_lineno - body[0].lineno + 1 if body else 0
                if lines > LONGEST_FUNCTION:
                    long.append(f"{file.name}: {node.name} {lines}")
    assert long == []
