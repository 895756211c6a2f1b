"""Folders of an office that are temporary, and small notebooks of reports."""

import json
from pathlib import Path

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


def settings_in(home: Path) -> Settings:
    """Return settings all of whose folders lie in one."""
    return Settings(
        raw=home / "raw", store=home / "processed", reports=home / "reports",
        notebooks=home / "notebooks",
    )  # fmt: skip
