"""Each hostile file ends as a finding that says why, in time, and the next file is read."""

import os
import re
import resource
import sys
from pathlib import Path

import pytest

from evallib.clean import read_submission
from evallib.clean.files import child
from evallib.errors import RefusedFile
from evallib.i18n import LANGUAGES
from tests.clean.files.hostile import GOOD, HOSTILE, NAMES
from tests.paths import ROOT

GREW = 400_000_000  # bytes that the parent may need for all files together


@pytest.fixture
def place(tmp_path: Path) -> Path:
    (tmp_path / "2565" / "Q3").mkdir(parents=True)
    return tmp_path


def send(place: Path, content: bytes, name: str = "ส่ง.xlsx"):
    file = place / "2565" / "Q3" / name
    file.write_bytes(content)
    return read_submission(file, raw=place)


def titles(sent) -> list[str]:
    return sent.frames["project_submissions"]["title_th"].tolist()


def cases() -> list[object]:
    """Name the files; those that are large or cost a child are slow."""
    slow = {n for n, (content, code) in HOSTILE.items() if len(content) > 500_000}
    slow |= {n for n, (_, code) in HOSTILE.items() if code == "refused.beyond_limits"}
    return [pytest.param(n, marks=[pytest.mark.slow] if n in slow else []) for n in HOSTILE]


@pytest.mark.parametrize("kind", cases())
def test_a_hostile_file_ends_as_a_finding_and_the_next_one_is_read(kind, place) -> None:
    content, code = HOSTILE[kind]
    sent = send(place, content)
    codes = [finding.code for finding in sent.findings]

    assert "refused.unforeseen" not in codes
    assert sent.state == ("refused" if any(c.startswith("refused.") for c in codes) else "read")
    if code:
        assert any(c.startswith(code) if code.endswith(".") else c == code for c in codes), codes
    else:
        assert titles(sent) == ["ซ่อมถนน", "ประปาหมู่บ้าน"]
    for finding in sent.findings:
        for language in LANGUAGES:
            assert len(finding.message(language)) > len(finding.where) + 10
    assert "refused.out_of_time" not in codes
    assert titles(send(place, GOOD, "ดี.xlsx")) == ["ซ่อมถนน", "ประปาหมู่บ้าน"]


def test_there_are_more_than_sixty_and_the_parent_stays_small(place) -> None:
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    for kind in ("a cell at XFD1048576", "a page of 250,000 rows", "an export of wide rows"):
        send(place, HOSTILE[kind][0])
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) * 1_024
    assert grown < GREW
    assert len(HOSTILE) >= 60


@pytest.mark.parametrize("name", NAMES)
def test_a_file_may_have_any_name(name, place) -> None:
    sent = send(place, GOOD, name)
    assert titles(sent) == ["ซ่อมถนน", "ประปาหมู่บ้าน"]
    assert len(os.fsencode(name)) <= 255


@pytest.mark.parametrize("kind", ["docx", "xls", "csv", "pdf", "exe", "none"])
def test_the_content_decides_whatever_the_extension_says(kind, place) -> None:
    assert titles(send(place, GOOD, f"file.{kind}")) == ["ซ่อมถนน", "ประปาหมู่บ้าน"]


@pytest.mark.skipif(sys.platform == "win32", reason="needs pipes and devices of Unix")
@pytest.mark.parametrize("kind", ["folder", "pipe", "device", "broken link", "link to a device"])
def test_what_is_no_file_is_never_opened(kind, place) -> None:
    path = place / "2565" / "Q3" / "x.xlsx"
    if kind == "folder":
        path.mkdir()
    elif kind == "pipe":
        os.mkfifo(path)
    elif kind == "device":
        path = Path("/dev/zero")
    else:
        path.symlink_to(place / "absent" if kind == "broken link" else "/dev/zero")
    with pytest.raises(RefusedFile) as refused:
        read_submission(path, raw=place)
    assert refused.value.code == "read.no_file"


def test_a_file_above_the_limit_is_refused_by_its_size(place) -> None:
    file = place / "2565" / "Q3" / "large.csv"
    with file.open("wb") as stream:
        stream.truncate(200_000_001)  # takes no space on the disk
    (finding,) = read_submission(file, raw=place).findings
    assert (finding.code, finding.value) == ("refused.too_large", "200,000,001")


def test_a_link_within_the_folder_is_read_as_the_file_that_it_is(place) -> None:
    send(place, GOOD, "ดี.xlsx")
    link = place / "2565" / "Q3" / "link.xlsx"
    link.symlink_to(place / "2565" / "Q3" / "ดี.xlsx")
    assert titles(read_submission(link, raw=place)) == ["ซ่อมถนน", "ประปาหมู่บ้าน"]


def test_the_page_on_untrusted_files_states_the_limits_and_codes_as_they_are() -> None:
    from evallib.clean.files import sniff
    from evallib.clean.files import time_limit as processor_limit
    from evallib.clean.values.distinct_cells import LONGEST
    from evallib.i18n import catalog

    page = (ROOT / "docs" / "untrusted-files.md").read_text(encoding="utf-8")
    assert {
        c for c in re.findall(r"`((?:read|refused|text)\.\w+)`", page) if c not in catalog()
    } == set()
    stated = (
        f"{sniff.MAX_FILE // 10**6} million |", f"{sniff.MAX_ENTRIES:,}; "
        f"{sniff.MAX_UNPACKED // 10**6} million; {sniff.MAX_RATIO} |",
        f"{sniff.MAX_ROWS:,}; {sniff.MAX_COLUMNS:,}; {sniff.MAX_CELLS // 10**6} million |",
        f"{sniff.SPARSE // 10**6} million and {sniff.CELLS_A_BYTE} for each byte",
        f"| {sniff.MAX_SHEETS} |", f"| {LONGEST} |",
        f"{child.MEMORY // 10**9} GB of memory, {child.SECONDS:.0f} s of processor time and "
        f"{child.SECONDS_A_MEGABYTE:.0f} s more for each megabyte from",
        f"stands still for {child.STILL:.0f} s",
        f"{processor_limit.SECONDS:.0f} s and {1000 * processor_limit.SECONDS_A_ROW:.0f} ms for "
        "each row",
    )  # fmt: skip
    assert [words for words in stated if words not in page] == []
