"""One copy of the made-up report for all tests here: drawing it takes a second."""

from __future__ import annotations

import importlib.util
from pathlib import Path
from types import ModuleType

import pytest

LANGUAGES = ("th", "en")


@pytest.fixture(scope="session")
def sample() -> ModuleType:
    spec = importlib.util.spec_from_file_location(
        "report_sample", Path(__file__).with_name("sample.py")
    )
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="session")
def blocks(sample: ModuleType) -> dict[str, list]:
    return {language: sample.blocks(language) for language in LANGUAGES}
