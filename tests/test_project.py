"""What is written twice agrees: packaging, conda face, decisions, README, notebooks, names."""

import ast
import importlib.util
import json
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner

import evallib
from evallib.cli import main
from evallib.runner.batch.plan import declared_parameters
from tests.paths import ROOT

PYPROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
NOTEBOOKS = sorted((ROOT / "notebooks").glob("*.ipynb"))


def names_of(requirements: list[str]) -> set[str]:
    written = (re.split(r"[<>=!\[ ;]", line, maxsplit=1)[0] for line in requirements)
    return {name.lower().replace("_", "-") for name in written}


def pinned(lock: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for line in (ROOT / lock).read_text(encoding="utf-8").splitlines():
        if match := re.match(r"([a-z0-9][a-z0-9._-]*)==([^ ]+)", line):
            found.setdefault(match[1], set()).add(match[2])
    return found


def test_every_dependency_has_its_reason_and_its_pin() -> None:
    wanted = names_of(PYPROJECT["project"]["dependencies"])
    table = (ROOT / "docs/decisions/0002-dependencies.md").read_text(encoding="utf-8")
    assert set(re.findall(r"^\| ([a-z0-9-]+) \|", table, re.MULTILINE)) - {"library"} == wanted
    assert wanted <= set(pinned("requirements.lock"))


def test_every_asked_for_package_is_a_dependency() -> None:
    asked = {"jupyterlab", "pandas", "statsmodels", "scikit-learn", "matplotlib", "papermill",
             "pythainlp"}  # fmt: skip
    assert asked <= names_of(PYPROJECT["project"]["dependencies"])


def test_the_test_lock_is_the_lock_and_more() -> None:
    runtime, testing = pinned("requirements.lock"), pinned("requirements-test.lock")
    assert {name: testing.get(name) for name in runtime} == runtime
    assert names_of(PYPROJECT["project"]["optional-dependencies"]["test"]) <= set(testing)


@pytest.mark.parametrize("lock", ["requirements.lock", "requirements-test.lock"])
def test_a_lock_has_a_hash_for_everything_and_names_no_index(lock: str) -> None:
    text = (ROOT / lock).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^--(index|extra-index|find-links)", text, re.MULTILINE)
    for block in re.split(r"\n(?=[a-z0-9])", text.strip()):
        assert "--hash=sha256:" in block, block.splitlines()[0]


def test_the_conda_face_installs_the_lock_for_the_same_pythons() -> None:
    face = (ROOT / "environment.yml").read_text(encoding="utf-8")
    assert f"python {PYPROJECT['project']['requires-python']}" in face
    assert "-r requirements.lock" in face
    listed = re.findall(r"^\s+- (\S.*)$", face, re.MULTILINE)
    assert listed == ["conda-forge", "python >=3.11,<3.14", "pip", "pip:", "-r requirements.lock"]


def test_versions_agree() -> None:
    version = PYPROJECT["project"]["version"]
    assert evallib.__version__ == version
    assert f"## {version}" in (ROOT / "CHANGELOG.md").read_text(encoding="utf-8")
    assert f"version: {version}" in (ROOT / "CITATION.cff").read_text(encoding="utf-8")


def test_public_names_load_and_are_all_listed() -> None:
    for name in evallib.__all__:
        assert getattr(evallib, name) is not None, name
    with pytest.raises(AttributeError, match="nonsense"):
        _ = evallib.nonsense


def test_importing_evallib_loads_nothing_heavy() -> None:
    code = "import sys, evallib; print(*sorted(m for m in sys.modules))"
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"numpy", "pandas", "scipy", "sklearn", "matplotlib", "papermill", "pandera",
             "deltalake", "duckdb", "pythainlp", "statsmodels", "click"}  # fmt: skip
    assert heavy.isdisjoint(loaded.stdout.split())


def test_planning_an_unchanged_run_loads_no_numbers() -> None:
    code = (
        "import sys, evallib.cli, evallib.runner.batch.batch, evallib.runner.intake.ingestion\n"
        "print(*sorted(sys.modules))"
    )
    loaded = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True
    )
    heavy = {"numpy", "pandas", "matplotlib", "papermill", "deltalake", "duckdb"}
    assert heavy.isdisjoint(loaded.stdout.split())


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda p: p.stem)
def test_a_notebook_holds_words_and_calls(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    code = [cell for cell in cells if cell["cell_type"] == "code"]
    assert len(code) <= 15
    assert all(cell["outputs"] == [] and cell["execution_count"] is None for cell in code)
    words = "".join("".join(c["source"]) + "\n" for c in cells if c["cell_type"] == "markdown")
    assert len(re.findall(r"^# ", words, re.MULTILINE)) == 1
    tagged = [cell for cell in code if "parameters" in cell["metadata"].get("tags", [])]
    assert len(tagged) == 1
    for cell in code:
        tree = ast.parse("".join(cell["source"]))
        assert not any(isinstance(n, ast.FunctionDef | ast.ClassDef) for n in ast.walk(tree))


def test_report_notebooks_take_the_agreed_parameters() -> None:
    quarterly = declared_parameters(ROOT / "notebooks/quarterly_report.ipynb")
    annual = declared_parameters(ROOT / "notebooks/annual_report.ipynb")
    assert quarterly == {"province", "period", "as_of", "language", "store"}
    assert annual == quarterly - {"province"}


def test_make_targets_in_the_readme_exist() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    targets = set(re.findall(r"^([a-z]+):.*##", (ROOT / "Makefile").read_text(), re.MULTILINE))
    named = set(re.findall(r"(?:^|`)make ([a-z]+)", readme, re.MULTILINE))
    assert {"reports", "test"} <= named <= targets


def test_commands_in_the_readme_are_real() -> None:
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    for line in re.findall(r"^evallib (.+?)(?:\s+#.*)?$", readme, re.MULTILINE):
        verb = line.split()[0]
        assert verb in main.commands, line
        known = {name for p in main.commands[verb].params for name in p.opts}
        assert set(re.findall(r"--[a-z-]+", line)) <= known, line


def test_every_command_has_help_with_an_example() -> None:
    def walk(command, path):
        for name, child in getattr(command, "commands", {}).items():
            yield [*path, name], child
            yield from walk(child, [*path, name])

    for path, command in walk(main, []):
        shown = CliRunner().invoke(main, [*path, "--help"])
        assert shown.exit_code == 0
        if not hasattr(command, "commands"):
            assert "Example" in shown.output, path
            assert "--json" in shown.output, path


def test_no_vague_file_names() -> None:
    vague = re.compile(r"(^|/)(utils?|helpers?|common|misc|manager)(\.py|/|$)")
    for file in (ROOT / "evallib").rglob("*.py"):
        assert not vague.search(file.relative_to(ROOT).as_posix()), file


@pytest.mark.parametrize("page", ["README.md", "CONTRIBUTING.md", *sorted(
    f"docs/{page.name}" for page in (ROOT / "docs").glob("*.md"))])  # fmt: skip
def test_paths_that_a_page_names_are_there(page: str) -> None:
    text = (ROOT / page).read_text(encoding="utf-8")
    named = re.findall(r"`((?:[a-z_]+/)+(?:[a-z_]+\.(?:py|md|csv|json|ipynb))?)`", text)
    of_offices = ("data/review/", "data/raw/", "data/corrections/", "data/reference/")
    there = [f"/{path.relative_to(ROOT).as_posix()}" for path in ROOT.glob("[a-z]*/**/*")] + [
        f"/{path.name}" for path in ROOT.iterdir()
    ]
    absent = [
        path for path in named
        if not path.startswith(of_offices)
        and not any(known.endswith(f"/{path.rstrip('/')}") for known in there)
    ]  # fmt: skip
    assert absent == []


@pytest.mark.parametrize("script", sorted(
    f"{file.parent.name}.{file.stem}" for folder in ("benchmarks", "fuzz")
    for file in (ROOT / folder).glob("*.py")))  # fmt: skip
def test_scripts_beside_the_package_load_and_find_their_files(script: str, monkeypatch) -> None:
    for folder in ("benchmarks", "fuzz"):
        monkeypatch.syspath_prepend(str(ROOT / folder))
    module = importlib.import_module(script)
    files = [value for value in vars(module).values() if isinstance(value, Path) and value.suffix]
    ours = [file for file in files if file.is_relative_to(ROOT)]
    assert [file.name for file in ours if not file.exists()] == []
    for node in ast.walk(ast.parse(Path(module.__file__).read_text(encoding="utf-8"))):
        source = str(node.module) if isinstance(node, ast.ImportFrom) else ""
        if source.startswith(("evallib", "tests")):
            held = importlib.import_module(source)
            for name in node.names:  # those that wait in a function break only when it is called
                found = hasattr(held, name.name)
                assert found or importlib.util.find_spec(f"{source}.{name.name}"), name.name
