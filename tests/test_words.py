"""Errors, findings and catalogs: both languages, same placeholders, nothing unused or missing."""

import csv
import json
import pickle
import re
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest

from evallib import i18n
from evallib.errors import (
    DesignError,
    DisclosureError,
    EvallibError,
    NotFound,
    RefusedFile,
    SchemaError,
)
from evallib.findings import Finding, findings_frame

PACKAGE = Path(i18n.__file__).parent
CODE = re.compile(r"^[a-z_0-9]+(\.[A-Za-z_0-9]+)+$")
PARTS = {"needed", "found", "do"}


def rule_codes() -> list[str]:
    """Return the codes of the rules, whose words stand beside them; that each is used is held in
    ``tests/clean/rules/test_rules.py``, which breaks every rule once."""
    file = PACKAGE / "reference" / "rules.csv"
    return [row["rule"] for row in csv.DictReader(file.read_text(encoding="utf-8").splitlines())]


def placeholders(words: str | dict[str, str]) -> set[str]:
    return set(re.findall(r"{(\w+)}", json.dumps(words)))


def source_of_package() -> str:
    """Return all code and templates, catalogs and data aside."""
    files = [f for f in PACKAGE.rglob("*") if f.suffix in {".py", ".html", ".j2"}]
    return "\n".join(f.read_text(encoding="utf-8") for f in sorted(files))


def test_every_entry_has_both_languages_and_the_same_placeholders() -> None:
    for code, entry in i18n.catalog().items():
        assert CODE.match(code), code
        assert set(entry) == {"th", "en"}, code
        assert type(entry["th"]) is type(entry["en"]), code
        assert placeholders(entry["th"]) == placeholders(entry["en"]), code
        for words in entry.values():
            if isinstance(words, dict):
                assert set(words) == PARTS, code
                assert all(words.values()), code
            else:
                assert words.strip(), code


def keys_as_written(file: Path) -> list[list[str]]:
    """Return the keys of every object of a catalog, doubled ones too; the codes come last."""
    read = []

    def keep(pairs: list[tuple[str, object]]) -> None:
        read.append([key for key, _ in pairs])

    json.loads(file.read_text(encoding="utf-8"), object_pairs_hook=keep)
    return read


def test_a_catalog_bears_the_first_word_of_its_codes_and_is_sorted() -> None:
    for file in sorted((PACKAGE / "locale").iterdir()):
        *entries, codes = keys_as_written(file)
        assert codes, file.name
        assert {f"{code.split('.')[0]}.json" for code in codes} == {file.name}
        assert codes == sorted(set(codes)), f"{file.name}: out of order, or a code stands twice"
        for keys in entries:
            assert keys in (["th", "en"], ["needed", "found", "do"]), file.name


def test_no_rule_has_its_words_in_a_catalog_too() -> None:
    assert len(set(rule_codes())) == len(rule_codes())
    assert len(rule_codes()) > 40
    written = [json.loads(f.read_text(encoding="utf-8")) for f in (PACKAGE / "locale").iterdir()]
    assert set(rule_codes()) & {code for family in written for code in family} == set()
    assert len(i18n.catalog()) == len(rule_codes()) + sum(map(len, written))


def test_one_sentence_reads_the_catalog_of_its_family_alone() -> None:
    called = (
        "from evallib import i18n\n"
        "read = []\n"
        "loads = i18n.json.loads\n"
        "i18n.json.loads = lambda words: read.append(words) or loads(words)\n"
        "i18n.text('date.short_year'), i18n.text('date.serial'), i18n.text('status.unknown')\n"
        "assert i18n._rules.cache_info().currsize == 0\n"
        "assert [i18n.text('survey.age_unanswered'), i18n.text('need.weight_missing')]\n"
        "print([words.split('.')[0].split(chr(34))[1] for words in read])\n"
    )
    told = subprocess.run(
        [sys.executable, "-c", called], capture_output=True, text=True, check=True
    )
    assert told.stdout.strip() == "['date', 'status', 'survey']"


@pytest.mark.parametrize(
    "code",
    ["date.nothing", "nothing.at_all", "date", "", ".", "\0.a", "../reference/x.y", "a" * 999],
)
def test_a_code_without_words_is_named(code: str) -> None:
    with pytest.raises(KeyError, match=re.escape(repr(code))):
        i18n.text(code)


def test_thai_words_hold_no_decomposed_or_doubled_marks() -> None:
    for code, entry in i18n.catalog().items():
        words = json.dumps(entry["th"], ensure_ascii=False)
        assert "\u0e4d\u0e32" not in words, code
        assert "เเ" not in words, code


def test_every_code_of_the_catalog_is_used() -> None:
    """A code is written whole, or its room adds the beginning or the end of it."""
    source = source_of_package()
    quoted = set(re.findall(r"[\"'`]([A-Za-z_0-9.]+)[\"'`]", source))
    starts = {word for word in quoted if word.endswith(".")}
    starts |= set(re.findall(r"[\"']([a-z_.]*[._])\{", source))
    built = tuple(starts - {"report.", "."})

    def used(code: str) -> bool:
        tail = code.split(".", 1)[1]
        known = code in quoted or tail in quoted or f".{tail}" in source
        return known or code.startswith(built) or tail.startswith(built)

    rules = set(rule_codes())
    assert [code for code in i18n.catalog() if code not in rules and not used(code)] == []


def test_every_code_that_is_raised_or_found_has_words() -> None:
    called = re.compile(
        r"(?:SchemaError|DesignError|DisclosureError|NotFound|RefusedFile|EvallibError|Finding)"
        r"\(\s*\"([a-z_]+\.[a-z_0-9.]+)\""
    )
    for file in PACKAGE.rglob("*.py"):
        for code in called.findall(file.read_text(encoding="utf-8")):
            assert code in i18n.catalog(), f"{code} in {file.name}"


@pytest.mark.parametrize("kind", [SchemaError, DesignError, DisclosureError, NotFound, RefusedFile])
def test_an_error_speaks_both_languages_in_three_parts_and_crosses_processes(kind) -> None:
    error = kind("places.unknown_province", found="99", known="94, 95")
    assert error.message("en").splitlines()[1] == "found:  99"
    assert [line.split(":")[0] for line in str(error).splitlines()] == [
        "ต้องการ", "พบ", "ให้ทำ", "needed", "found", "do",
    ]  # fmt: skip
    copy = pickle.loads(pickle.dumps(error))
    assert type(copy) is kind
    assert str(copy) == str(error)
    assert isinstance(error, EvallibError)


def test_a_forgotten_value_leaves_the_message_readable() -> None:
    assert "{known}" in NotFound("places.unknown_province", found="99").message("en")


def test_findings_are_ranked_and_keep_their_columns_when_there_are_none() -> None:
    found = [Finding("date.short_year", "info", "2", "b"), Finding("date.short_year", "error", "1")]
    assert findings_frame(found)["severity"].tolist() == ["error", "info"]
    assert findings_frame([]).columns.tolist() == ["code", "severity", "where", "value"]


def test_numbers_money_and_dates_as_each_language_writes_them() -> None:
    assert i18n.format_number(-1234.5, decimals=1) == "\N{MINUS SIGN}1,234.5"
    assert i18n.format_number(-0.0001, decimals=1) == "0.0"
    assert i18n.format_number(float("nan")) == "–"
    assert i18n.format_baht(538_800) == "538,800 บาท"
    assert i18n.format_baht(None) == "–"
    assert i18n.format_percent(0.5, "en", decimals=0) == "50%"
    assert i18n.format_date(date(2024, 2, 29)) == "29 กุมภาพันธ์ 2567"


def test_a_message_in_three_parts_is_no_plain_text() -> None:
    with pytest.raises(KeyError, match="three parts"):
        i18n.text("places.unknown_province", "th")
