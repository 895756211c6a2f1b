"""Numbers of chapters have one home: the order in which a notebook writes them."""

import json
import re
from pathlib import Path

import pandas as pd
import pytest

from evallib import report
from evallib.report.writer import Chapters, Writer
from tests.paths import ROOT

REPORTS = sorted((ROOT / "notebooks").glob("*_report.ipynb"))


def test_a_chapter_keeps_its_number_when_it_is_written_again() -> None:
    chapters = Chapters()
    names = ["brief", "projects", "projects", "needs", "brief", "needs", "sources"]
    assert [chapters.number(name) for name in names] == [1, 2, 2, 3, 1, 3, 4]
    assert Chapters().number("sources") == 1


def test_a_number_that_is_given_holds_and_the_next_chapter_follows_it() -> None:
    chapters = Chapters()
    assert chapters.number("impact", given=8) == 8
    assert [chapters.number(name) for name in ("quality", "impact")] == [9, 8]
    assert chapters.number("impact", given=2) == 2


@pytest.mark.parametrize("language", ["th", "en"])
def test_every_block_has_the_language_of_its_writer(language: str) -> None:
    write = Writer(language, 4)
    frame = pd.DataFrame({"period": ["2565-Q1", "2565-Q2"], "x": [1.0, 2.0]})
    blocks = [
        write.cover("t", "s", ()), write.heading("h"), write.subheading("h"), write.prose("p"),
        write.items(("a",)), write.key_numbers(()), write.table(frame, "c"),
        write.figure(report.trend_figure, frame, ylabel="baht"), write.findings(()),
        write.callout("note", "n"), write.footnote("f"),
    ]  # fmt: skip
    assert {type(block) for block in blocks} == set(report.Block.__subclasses__())
    assert {block.language for block in blocks} == {language}
    assert [block.number for block in blocks if isinstance(block, report.Heading)] == ["4", ""]
    drawn = report.trend_figure(frame, language=language, ylabel="baht")
    figure = next(block for block in blocks if isinstance(block, report.Figure))
    assert (figure.alt, figure.caption) == (drawn.alt_text, drawn.caption)


@pytest.mark.parametrize("path", REPORTS, ids=lambda path: path.stem)
def test_the_headings_of_a_notebook_name_the_numbers_that_its_chapters_get(path: Path) -> None:
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    said: list[int] = []
    written: list[str] = []
    for cell in cells:
        source = "".join(cell["source"])
        assert "number=" not in source  # a second home of the same number
        if cell["cell_type"] == "code":
            calls = re.findall(r"(\w+)_section\(", source)
            written += [name for name in calls if name != "cover"]
            assert len(written) == len(said)
        elif found := re.match(r"## (\d+)(?:-(\d+))?", source):
            first, last = int(found[1]), int(found[2] or found[1])
            said += range(first, last + 1)
    assert said == list(range(1, len(written) + 1))
    assert len(written) == len(set(written)) > 8
