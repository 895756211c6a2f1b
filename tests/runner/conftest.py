"""Settings whose folders are temporary, and what writes a notebook into them."""

from collections.abc import Callable
from pathlib import Path

import pytest

from evallib.config import Settings
from tests.runner.homes import COVER, PARAMETERS, settings_in, write_notebook


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    return settings_in(tmp_path)


@pytest.fixture
def notebook(settings: Settings) -> Callable[..., Path]:
    def write(*cells: str, name: str = "quarterly_report", parameters: str = PARAMETERS) -> Path:
        file = settings.notebooks / f"{name}.ipynb"
        return write_notebook(file, COVER, *cells, parameters=parameters)

    return write
