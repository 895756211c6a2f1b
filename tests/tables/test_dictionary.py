"""The page of the data dictionary is the one that the contracts make."""

from __future__ import annotations

from evallib.tables import contracts as tables
from evallib.tables.dictionary import data_dictionary
from tests.paths import ROOT


def test_the_data_dictionary_is_the_one_that_the_contracts_make() -> None:
    page = ROOT / "docs" / "data-dictionary.md"
    assert page.read_text("utf-8") == data_dictionary(), (
        "write it anew: Path('docs/data-dictionary.md').write_text(data_dictionary(), 'utf-8')"
    )


def test_the_data_dictionary_has_every_column_of_every_table_once() -> None:
    sections = data_dictionary().split("\n## ")[1:]

    assert len(sections) == len(tables.tables())
    for section, table in zip(sections, tables.tables().values(), strict=True):
        lines = [line for line in section.splitlines() if line.startswith("| `")]
        assert [line.split("`")[1] for line in lines] == table.names
        assert {line.count(" | ") for line in lines} == {5}
