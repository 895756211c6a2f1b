"""One project, two projects: every English number agrees with the noun that it counts."""

import ast
import re
from itertools import pairwise
from pathlib import Path
from string import Formatter

import pytest

from evallib import i18n
from evallib.errors import DesignError, EvallibError
from evallib.findings import Finding

PACKAGE = Path(i18n.__file__).parent

TABLE = [
    ("figure.agency.projects", {"n": 0}, "0 projects"),
    ("figure.agency.projects", {"n": 1}, "1 project"),
    ("figure.agency.projects", {"n": 2}, "2 projects"),
    ("figure.agency.projects", {"n": "1"}, "1 project"),
    ("figure.agency.projects", {"n": "1,234"}, "1,234 projects"),
    ("figure.agency.projects", {"n": "1 (row 7)"}, "1 (row 7) project"),
    ("figure.agency.projects", {"n": "11 (row 7)"}, "11 (row 7) projects"),
    ("figure.agency.projects", {"n": 1.0}, "1.0 projects"),
    ("figure.agency.projects", {"n": "–"}, "– projects"),
    ("figure.agency.projects", {"n": None}, "None projects"),
    ("figure.agency.projects", {}, "{n} projects"),
    ("figure.ledger.rest", {"n": 1}, "1 other agency"),
    ("figure.ledger.rest", {"n": 21}, "21 other agencies"),
    ("index.count", {"n": 1}, "1 report"),
    ("report.points", {"value": i18n.format_number(1, decimals=1)}, "1.0 points"),
    ("report.quarters", {"value": i18n.format_number(1)}, "1 quarter"),
    ("report.quarters", {"value": i18n.format_number(-1)}, "\N{MINUS SIGN}1 quarters"),
    ("report.cover.of_tambons", {"met": "0", "all": "1"}, "0 of 1 tambon"),
    ("report.cover.of_tambons", {"met": "1", "all": "58"}, "1 of 58 tambons"),
    (
        "report.limits.unplaced", {"n": "1"},
        "1 project is not located in one tambon, so its links to needs are coarse.",
    ),
    (
        "report.limits.unplaced", {"n": "2"},
        "2 projects are not located in one tambon, so their links to needs are coarse.",
    ),
    (
        "report.progress.summary", {"known": "0", "all": "1", "outside": "0", "points": 20},
        "0 of 1 project reports both work and money. "
        "In 0 of them the two differ by more than 20 points.",
    ),
    (
        "report.progress.summary", {"known": "1", "all": "5", "outside": "1", "points": 20},
        "1 of 5 projects reports both work and money. "
        "In 1 of them the two differ by more than 20 points.",
    ),
    (
        "report.progress.summary", {"known": "4", "all": "5", "outside": "2", "points": 20},
        "4 of 5 projects report both work and money. "
        "In 2 of them the two differ by more than 20 points.",
    ),
    (
        "figure.timing.alt", {"n": 2, "periods": 1, "treated": 1, "cohorts": 1, "never": 1},
        "Of 2 units over 1 period 1 starts in 1 cohort and 1 is never treated",
    ),
    (
        "figure.timing.alt", {"n": 20, "periods": 8, "treated": 12, "cohorts": 3, "never": 8},
        "Of 20 units over 8 periods 12 start in 3 cohorts and 8 are never treated",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("code", "values", "sentence"), TABLE)
def test_a_number_and_its_noun_agree(code, values, sentence) -> None:
    assert i18n.text(code, "en", **values) == sentence


def test_an_error_in_three_parts_and_a_finding_agree_too() -> None:
    found = [DesignError("impact.no_pre_period", units=n, period="1").message("en").splitlines()[1]
             for n in (1, 3)]  # fmt: skip
    assert found == [
        "found:  the only treated unit began in the first period 1 or earlier",
        "found:  all 3 treated units began in the first period 1 or earlier",
    ]
    stopped = [EvallibError("runner.interrupted", done=done, all=every).message("en")
               for done, every in ((0, 1), (1, 2), (2, 3))]  # fmt: skip
    assert [said.splitlines()[1].removeprefix("found:  stopped when ") for said in stopped] == [
        "0 of 1 job was done", "1 of 2 jobs was done", "2 of 3 jobs were done",
    ]  # fmt: skip
    rows = [Finding("forbidden.security", "warning", "s", n).message("en") for n in ("1", "2")]
    assert [said.split(" not kept")[0] for said in rows] == [
        "s: 1 row on security, incidents, guard duty or suspects was",
        "s: 2 rows on security, incidents, guard duty or suspects were",
    ]


def specs_of(words: str) -> list[str]:
    """Return the choice of every placeholder that makes one, those within choices too."""
    specs = [spec for _, _, spec, _ in Formatter().parse(words) if spec]
    return specs + [inner for spec in specs for inner in specs_of(spec)]


def sentences(language: str) -> list[tuple[str, str]]:
    entries = [(code, entry[language]) for code, entry in i18n.catalog().items()]
    return [(code, part) for code, words in entries
            for part in ([words] if isinstance(words, str) else words.values())]  # fmt: skip


def test_a_choice_has_two_forms_in_english_and_thai_has_none() -> None:
    assert [code for code, words in sentences("th") if specs_of(words)] == []
    chosen = [(code, spec) for code, words in sentences("en") for spec in specs_of(words)]
    assert len(chosen) > 90
    for code, spec in chosen:
        outer = re.sub(r"{[^{}]*}", "", spec)
        assert outer.count("|") == 1, code
        assert spec == spec.strip(), code
        one, other = outer.split("|")
        assert one != other, code


NO_PLURALS = r"(?!(?:is|was|has|its|this|as|less|anonymous)\b)"
NOT_OF_THE_NOUN = r"(?!(?:of|the|in|to|by|with|without|and|or|from|that|names|corrected)\b)"
PLURAL = re.compile(
    rf"(?: of them)?(?: {NOT_OF_THE_NOUN}{NO_PLURALS}[a-z-]+| anonymous){{0,3}}? "
    rf"({NOT_OF_THE_NOUN}{NO_PLURALS}[a-z]+s|people|men|women|children|are|were|have|do)\b"
)
CONSTANT = "a constant above one"
FLOOR = "a threshold, which is never below the floor of five people"
SHARE = "a part of a whole, such as 1/20, not a number"
NAME = "a name, not a number"
EXCEPTIONS = {
    ("completeness.arguments", "most"): CONSTANT,
    ("decision.open_copy", "mark"): NAME,
    ("demo.folder_not_empty", "folder"): NAME,
    ("demo.unknown_agency", "known"): "the number of agencies in the register of the package",
    ("duplicate.decision_carried", "value"): NAME,
    ("impact.cohort_in_one_cluster", "where"): NAME,
    ("impact.collinear", "columns"): NAME,
    ("impact.gaps", "value"): SHARE,
    ("privacy.block_not_safe", "found"): CONSTANT,
    ("privacy.columns_left_out", "value"): NAME,
    ("privacy.hidden", "value"): SHARE,
    ("privacy.low_threshold", "value"): FLOOR,
    ("privacy.lower_threshold", "needed"): FLOOR,
    ("privacy.measure_hidden", "value"): SHARE,
    ("privacy.no_total", "keys"): NAME,
    ("privacy.threshold_floor", "floor"): FLOOR,
    ("read.too_large", "limit"): CONSTANT,
    ("read.too_large", "found"): "bytes above a limit of millions",
    ("refused.too_large", "value"): "bytes above a limit of millions",
    ("report.brief.problems_note", "points"): CONSTANT,
    ("report.needs.voices", "women"): "a percentage",
    ("report.progress.late_caption", "n"): CONSTANT,
    ("report.progress.summary", "points"): CONSTANT,
    ("report.results.summary", "n"): "a multiple of ten",
    ("report.small_base", "needed"): CONSTANT,
    ("runner.parameters", "notebook"): NAME,
    ("text.too_long", "value"): "characters above a limit of hundreds",
}


def uncounted(words: str) -> set[str]:
    """Return the placeholders before a plural word that does not change with them."""
    bare = "".join(
        before + ("" if name is None else "|" if spec else f"{{{name}}}")
        for before, name, spec, _ in Formatter().parse(words)
    )
    return {hit[1] for hit in re.finditer(r"\{(\w+)\}", bare) if PLURAL.match(bare, hit.end())}


def test_the_search_for_plurals_finds_them() -> None:
    assert uncounted("in all {n} larger tambons of {all} amphoe") == {"n"}
    assert uncounted("{a} {a:row|rows} and {b} of {c} cells are full") == {"c"}
    assert uncounted("{a} anonymous forms, {b} of them were red, {c} anonymous") == {"a", "b"}
    assert uncounted("{a} {a:row is|rows are} read in {b}; {c} is {d} %") == set()


def test_no_english_number_stands_before_a_noun_that_is_always_plural() -> None:
    found = {(code, name) for code, words in sentences("en") for name in uncounted(words)}
    assert found == set(EXCEPTIONS)


IN_CODE = {
    ("clean/files/readers.py", "sheets"): "more than a limit of hundreds",
    ("clean/files/sniff.py", "entries"): "more than a limit of thousands",
    ("clean/files/sniff.py", "bytes"): "more than a limit of millions",
    ("privacy/respondent_key.py", "bytes"): "the number that was read where 32 are wanted",
    ("report/document.py", "bytes"): "something that is no image, in an error for programmers",
}


def test_no_english_number_in_code_stands_before_a_noun_that_is_always_plural() -> None:
    found = set()
    for file in sorted(PACKAGE.rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            parts = node.values if isinstance(node, ast.JoinedStr) else []
            for value, words in pairwise(parts):
                said = words.value if isinstance(words, ast.Constant) else ""
                hit = PLURAL.match(str(said)) if isinstance(value, ast.FormattedValue) else None
                if hit:
                    found.add((file.relative_to(PACKAGE).as_posix(), hit[1]))
    assert found == set(IN_CODE)
