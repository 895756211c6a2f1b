"""The page is parsed, not searched: nothing is live, everything is named, bytes are the same."""

from __future__ import annotations

import base64
import hashlib
import io
import os
import re
import subprocess
import sys
from itertools import pairwise

import pandas as pd
import pytest
from bs4 import BeautifulSoup

from evallib import report
from evallib.findings import Finding

LIVE_TAGS = {"script", "iframe", "object", "embed", "form", "base", "link", "svg", "math", "input",
             "button", "video", "audio", "applet", "frame", "template", "noscript"}  # fmt: skip
PAYLOADS = (
    "<script>alert(1)</script>", "</style><script>alert(1)</script>", "</title><script>x</script>",
    '"><img src=x onerror=alert(1)>', "'><svg onload=alert(1)>", "<iframe src=//evil.example>",
    "<a href=javascript:alert(1)>x</a>", "javascript:alert(1)", "<base href=//evil.example/>",
    "<meta http-equiv=refresh content=0;url=//evil.example>", "<link rel=stylesheet href=//e.ex>",
    "<style>@import '//evil.example'</style>", "}} {{7*7}} {% raw %}", "{{ config }}",
    "${7*7}", "#{7*7}",
    "<!--", "--><b>", "]]><b>", "<![CDATA[<b>]]>", "&lt;b&gt;", "&#60;script&#62;", "<b\x00old>",
    "\u202egnp.exe", "=cmd|' /C calc'!A0", "<math><mi//xlink:href='data:x'>",
    "\\3c/style\\3e<b>",
    "*/ body{background:url(//evil.example)}", '";}@import "//evil.example";a{b:"',
    "<form action=//e>",
    "%3Cscript%3E", "<ScRiPt >x</sCrIpT >", "<p style=behavior:url(x)>", "$\\frac{1}{2}$",
)  # fmt: skip


def parsed(page: str) -> BeautifulSoup:
    return BeautifulSoup(page, "lxml")


def everywhere(payload: str) -> list[report.Block]:
    """Return blocks with one text in every slot."""
    image = base64.b64decode(
        "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNkYAAAAAYAAjCB0C8AAAAASUVORK5CYII="
    )
    frame = pd.DataFrame({payload: [payload], "n": [1.0]})
    return [
        report.Cover(payload, payload, ((payload, payload),)),
        *(report.Heading(payload, level, payload) for level in (1, 2, 3)),
        report.Prose(payload),
        report.ItemList((payload,)),
        report.KeyNumbers((report.KeyNumber(payload, payload, payload),)),
        report.Table(frame, payload, columns=(payload, payload),
                     formats={"n": "baht"}, note=payload),
        report.Figure(image, payload, payload, payload),
        report.FindingList((Finding("tables.row_refused", "error", payload, payload),
                            Finding(payload, "info", payload, payload)), payload),
        report.Callout("note", payload),
        report.Footnote(payload),
    ]  # fmt: skip


def shape(page: str) -> list[tuple[str, tuple[str, ...]]]:
    """Return tags and attribute names in order: what a browser would build."""
    return [(tag.name, tuple(sorted(tag.attrs))) for tag in parsed(page).find_all(name=True)]


HARMLESS = "ก"


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_text_stays_text_in_every_slot(payload: str) -> None:
    page = report.render_html(everywhere(payload), title=payload, meta={payload: payload})
    plain = report.render_html(everywhere(HARMLESS), title=HARMLESS, meta={HARMLESS: HARMLESS})
    assert shape(page) == shape(plain)
    tree = parsed(page)
    assert not {tag.name for tag in tree.find_all(name=True)} & LIVE_TAGS
    told = payload.replace("\x00", "").replace("\u202e", "")
    assert tree.h1.get_text() == told
    assert tree.title.get_text() == told
    assert tree.img["alt"] == told
    assert tree.caption.get_text().endswith(told)
    css = tree.style.get_text()
    assert told not in css or told.isalnum()
    assert not re.search(r"@import|url\((?!data:font/woff;base64,)", css)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_a_hostile_text_stays_text_in_a_notebook_cell(payload: str) -> None:
    for block, harmless in zip(everywhere(payload), everywhere(HARMLESS), strict=True):
        shown = block._repr_mimebundle_()["text/html"]
        assert shape(shown) == shape(harmless._repr_mimebundle_()["text/html"])


@pytest.mark.parametrize("language", ["th", "en"])
def test_the_page_needs_nothing_from_outside(blocks, language: str) -> None:
    tree = parsed(report.render_html(blocks[language], language=language, meta={"run": "R-1"}))
    policy = tree.find("meta", attrs={"http-equiv": "Content-Security-Policy"})["content"]
    assert policy == (
        "default-src 'none'; img-src data:; style-src 'unsafe-inline'; font-src data:"
    )
    assert not {tag.name for tag in tree.find_all(name=True)} & LIVE_TAGS
    for tag in tree.find_all(name=True):
        assert not any(name.startswith("on") for name in tag.attrs)
        assert tag.get("src", "data:image/png;base64,").startswith("data:image/png;base64,")
        assert tag.get("href", "#").startswith("#")
        assert "style" not in tag.attrs
    assert set(re.findall(r"url\(([^,)]*)", tree.style.get_text())) == {"data:font/woff;base64"}
    assert "//" not in re.sub(r"base64,[A-Za-z0-9+/=]+", "", tree.style.get_text())


@pytest.mark.parametrize("language", ["th", "en"])
def test_everybody_can_find_their_way(blocks, language: str) -> None:
    tree = parsed(report.render_html(blocks[language], language=language))
    assert tree.html["lang"] == language
    assert len(tree.find_all("h1")) == 1
    assert tree.find("a", class_="skip")["href"] == f"#{tree.main['id']}"
    assert all(image["alt"].strip() for image in tree.find_all("img"))
    assert all(figure.figcaption for figure in tree.find_all("figure"))
    assert all(head["scope"] in {"col", "row"} for head in tree.find_all("th"))
    assert all(table.caption and table.thead and table.tbody for table in tree.find_all("table"))
    ids = [tag["id"] for tag in tree.find_all(id=True)]
    assert len(ids) == len(set(ids))
    wanted = [link["href"][1:] for link in tree.find_all("a")]
    wanted += [tag["aria-labelledby"] for tag in tree.find_all(attrs={"aria-labelledby": True})]
    assert set(wanted) <= set(ids)
    levels = [int(tag.name[1]) for tag in tree.main.find_all(["h1", "h2", "h3", "h4"])]
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_tables_and_figures_are_numbered_in_order(blocks) -> None:
    tree = parsed(report.render_html(blocks["th"]))
    figures = [f.figcaption.find(class_="ordinal").get_text() for f in tree.find_all("figure")]
    tables = [t.caption.find(class_="ordinal").get_text() for t in tree.find_all("table")]
    assert figures == [f"ภาพที่ {i + 1}" for i in range(10)]
    assert tables == [f"ตารางที่ {i + 1}" for i in range(3)]
    contents = [link.get_text(" ", strip=True) for link in tree.nav.find_all("a")]
    assert contents[:2] == ["1 บทสรุปสำหรับที่ประชุม", "1.1 เรื่องที่ขอให้ที่ประชุมพิจารณา"]


def cells_of(table: report.Table) -> list[list[str]]:
    tree = parsed(report.render_html([table], language=table.language))
    return [[cell.get_text() for cell in row.find_all(["th", "td"])] for row in tree.find_all("tr")]


def test_cells_are_written_as_a_reader_expects() -> None:
    frame = pd.DataFrame({
        "text": ["ก", None], "int": [1234567, -5], "one": [12.345, float("nan")],
        "baht": [1234567.5, 0.0], "million": [1234567.5, None], "share": [0.1234, 1.0],
        "day": pd.to_datetime(["2022-06-24", None]), "p": [0.0004, 0.0456],
    })  # fmt: skip
    formats = {"int": "int", "one": "number1", "baht": "baht", "million": "million_baht",
               "share": "percent", "day": "date", "p": "p"}  # fmt: skip
    labels = ("t", "i", "o", "งบประมาณ", "งบ (ล้านบาท)", "สัดส่วน", "วัน", "p")
    rows = cells_of(report.Table(frame, "c", columns=labels, formats=formats))
    assert rows[0] == ["t", "i", "o", "งบประมาณ (บาท)", "งบ (ล้านบาท)", "สัดส่วน (ร้อยละ)", "วัน", "p"]
    assert rows[1] == [
        "ก",
        "1,234,567",
        "12.3",
        "1,234,568",
        "1.23",
        "12.3",
        "24 มิถุนายน 2565",
        "< 0.001",
    ]
    assert rows[2] == ["–", "−5", "–", "0", "–", "100.0", "–", "0.046"]
    english = report.Table(frame, "c", columns=labels, formats=formats, language="en")
    assert cells_of(english)[1][6] == "24 June 2022"
    assert cells_of(report.Table(frame.iloc[:0], "c"))[1] == ["ไม่มีข้อมูลตามเงื่อนไขนี้"]


def test_findings_are_grouped_and_none_is_lost() -> None:
    many = [Finding("date.short_year", "info", str(i), "15/06/65") for i in range(9)]
    some = [Finding("tables.row_refused", "error", "projects | 1 | n", "ge(0)")]
    tree = parsed(report.render_html([report.FindingList((*many, *some))]))
    rows = [
        (row.th.get_text(), len(row.find_all("div")), row.find_all("td")[-1].get_text())
        for row in tree.tbody.find_all("tr")
    ]
    assert rows == [("ใช้ไม่ได้", 1, "1"), ("แจ้งทราบ", 4, "9")]
    assert "และอีก 6 รายการ" in tree.tbody.get_text()
    assert "ไม่พบข้อสังเกต" in report.render_html([report.FindingList(())])


def test_the_typeface_holds_every_character_and_the_rules_for_thai_marks(blocks) -> None:
    from fontTools.ttLib import TTFont

    page = report.render_html([*blocks["th"], report.Prose("ทุ่งยางแดง ± € ñ ๓๔")])
    embedded = re.findall(r"base64,([A-Za-z0-9+/=]+)\) format\('woff'\)", page)
    assert len(embedded) == 2
    for each in embedded:
        font = TTFont(io.BytesIO(base64.b64decode(each)))
        known = set(font.getBestCmap())
        shown = {ord(sign) for sign in parsed(page).body.get_text() if sign not in "\n"}
        assert shown <= known
        features = {record.FeatureTag for record in font["GPOS"].table.FeatureList.FeatureRecord}
        assert {"mark", "mkmk"} <= features
        assert "ccmp" in {r.FeatureTag for r in font["GSUB"].table.FeatureList.FeatureRecord}
        assert len(base64.b64decode(each)) < 40_000


SCRIPT = """
import hashlib, importlib.util, sys
spec = importlib.util.spec_from_file_location("sample", sys.argv[1])
sample = importlib.util.module_from_spec(spec)
spec.loader.exec_module(sample)
from evallib import report
page = report.render_html(sample.blocks("th"), meta={"run": "R-1"})
print(hashlib.sha256(page.encode()).hexdigest())
"""


@pytest.mark.slow
def test_the_same_report_has_the_same_bytes_under_any_hash_seed(sample) -> None:
    seen = set()
    for seed in ("1",):
        done = subprocess.run(
            [sys.executable, "-c", SCRIPT, sample.__file__], check=True, capture_output=True,
            env=os.environ | {"PYTHONHASHSEED": seed}, text=True,
        )  # fmt: skip
        seen.add(done.stdout.strip())
    here = report.render_html(sample.blocks("th"), meta={"run": "R-1"})
    assert seen == {hashlib.sha256(here.encode()).hexdigest()}


def test_printing_is_prepared(blocks) -> None:
    css = parsed(report.render_html(blocks["th"])).style.get_text()
    for rule in ("size: A4", "table-header-group", "counter(page)", "prefers-color-scheme: dark"):
        assert rule in css
    assert "letter-spacing" not in css  # it tears Thai marks from their letters
    stacked = [float(height) for height in re.findall(r"line-height: ([\d.]+)", css)]
    assert min(stacked) >= 1.45
    assert sorted(stacked)[2] >= 1.55  # only the two largest headings are tighter than 1.55
