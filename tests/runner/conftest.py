"""Small report notebooks, and a settings object whose folders are temporary."""

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from evallib.config import Settings

PARAMETERS = 'province = "94"\nperiod = "2565-Q3"\nas_of = ""\nlanguage = "th"\nstore = ""\n'
COVER = (
    "from evallib.report import Cover, show\n"
    'show(Cover(f"รายงาน {province}", period, language=language))\n'
)


def write_notebook(file: Path, *cells: str, parameters: str = PARAMETERS) -> Path:
    """Write a notebook of one parameters cell and the given code cells."""
    sources = [(parameters, ["parameters"]), *((cell, []) for cell in cells)]
    content = {
        "cells": [
            {"cell_type": "code", "id": f"c{i}", "execution_count": None, "outputs": [],
             "metadata": {"tags": tags} if tags else {}, "source": source}
            for i, (source, tags) in enumerate(sources)
        ],
        "metadata": {"kernelspec": {"display_name": "Python 3", "language": "python",
                                    "name": "python3"}},
        "nbformat": 4, "nbformat_minor": 5,
    }  # fmt: skip
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_text(json.dumps(content), encoding="utf-8")
    return file


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return Settings(
        raw=tmp_path / "raw", store=tmp_path / "processed", reports=tmp_path / "reports",
        notebooks=tmp_path / "notebooks",
    )  # fmt: skip


@pytest.fixture
def notebook(settings: Settings) -> Callable[..., Path]:
    def write(*cells: str, name: str = "quarterly_report", parameters: str = PARAMETERS) -> Path:
        file = settings.notebooks / f"{name}.ipynb"
        return write_notebook(file, COVER, *cells, parameters=parameters)

    return write
