"""The index names every report, links only what is there, and believes no manifest."""

from __future__ import annotations

import json
from pathlib import Path
from urllib.parse import unquote

import pytest
from bs4 import BeautifulSoup

from evallib.errors import SchemaError
from evallib.report import write_index

MANIFEST = {
    "notebook": "quarterly_report", "title": "รายงานประเมินผลรายไตรมาส", "scope": "95",
    "scope_name": {"th": "ยะลา", "en": "Yala"}, "period": "2565-Q3", "as_of": "2022-06-24",
    "edition": "เบื้องต้น", "language": "th", "state": "ok", "run_id": "R1", "outputs": {},
}  # fmt: skip


def publish(root: Path, where: str, *files: str, **changes: object) -> None:
    folder = root / where
    folder.mkdir(parents=True, exist_ok=True)
    for name in files:
        (folder / name).write_text("x", encoding="utf-8")
    (folder / "manifest.json").write_text(
        json.dumps(MANIFEST | changes, ensure_ascii=False), encoding="utf-8"
    )


def read(root: Path, language: str = "th") -> BeautifulSoup:
    page = write_index(root, language=language)
    assert page == root / "index.html"
    return BeautifulSoup(page.read_text(encoding="utf-8"), "lxml")


def test_reports_stand_newest_first_and_every_link_leads_somewhere(tmp_path: Path) -> None:
    publish(tmp_path, "2565-Q2/95", "report.html", period="2565-Q2")
    publish(tmp_path, "2565-Q3/95", "report.html", "report.xlsx", "notes.txt")
    publish(
        tmp_path,
        "2565-Q3/94",
        "report.html",
        scope="94",
        scope_name={"th": "ปัตตานี", "en": "Pattani"},
    )
    publish(tmp_path, "2564/94", period="2564", state="failed")
    tree = read(tmp_path)
    assert [part["id"] for part in tree.find_all("details")] == ["2565-Q3", "2565-Q2", "2564"]
    assert [row.th.get_text() for row in tree.tbody.find_all("tr")] == [
        "ปัตตานี / Pattani",
        "ยะลา / Yala",
    ]
    files = [link["href"] for link in tree.find_all("a") if not link["href"].startswith("#")]
    assert sorted(set(files)) == [
        "./2565-Q2/95/report.html", "./2565-Q3/94/report.html", "./2565-Q3/95/report.html",
        "./2565-Q3/95/report.xlsx",
    ]  # fmt: skip
    assert all((tmp_path / unquote(file)).is_file() for file in files)
    assert "24 มิถุนายน 2565" in tree.get_text()
    assert "ไม่สำเร็จ" in tree.find("details", id="2564").get_text()
    english = read(tmp_path, "en")
    assert english.html["lang"] == "en"
    assert "Yala / ยะลา" in english.get_text()
    assert "24 June 2022" in english.get_text()


def test_the_index_obeys_the_same_policy_and_keeps_its_bytes(tmp_path: Path) -> None:
    publish(tmp_path, "2565-Q3/95", "report.html", title="<script>alert(1)</script>",
            edition='"><img src=x onerror=alert(1)>',
            scope_name={"th": "<b>", "en": "</td>"})  # fmt: skip
    tree = read(tmp_path)
    policy = tree.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy.startswith("default-src 'none'")
    assert tree.find(["script", "img", "b"]) is None
    assert "<script>alert(1)</script>" in tree.tbody.get_text()
    first = (tmp_path / "index.html").read_bytes()
    write_index(tmp_path)
    assert (tmp_path / "index.html").read_bytes() == first
    assert [file.name for file in tmp_path.glob(".index-*")] == []


@pytest.mark.parametrize(
    "written",
    ["", "{", "[]", "[1]", "null", '"x"', '{"period": 5}', '{"scope_name": [1]}', "[" * 9000],
)
def test_a_spoilt_manifest_is_listed_and_hides_no_other(tmp_path: Path, written: str) -> None:
    publish(tmp_path, "2565-Q3/95", "report.html")
    broken = tmp_path / "2565-Q3" / "96"
    broken.mkdir()
    (broken / "manifest.json").write_text(written, encoding="utf-8")
    tree = read(tmp_path)
    assert "2565-Q3/96" in tree.get_text()
    assert tree.find("a", href="./2565-Q3/95/report.html") is not None


def test_no_reports_and_no_such_language(tmp_path: Path) -> None:
    assert "ยังไม่มีรายงาน" in read(tmp_path / "none").get_text()
    with pytest.raises(SchemaError):
        write_index(tmp_path, language="fr")
