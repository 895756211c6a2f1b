"""What the truth says was planted is what an independent reader finds in the raw files."""

from __future__ import annotations

import hashlib
import re

import numpy as np
import pytest
from python_calamine import CalamineError, CalamineWorkbook

from evallib.demo.files.identifiers import citizen_id, plant_identifiers
from evallib.demo.wording import DECOMPOSED_SARA_AM, misspell, stream

THAI_TO_ARABIC = str.maketrans("๐๑๒๓๔๕๖๗๘๙", "0123456789")
THIRTEEN = re.compile(r"(?<!\d)\d(?:[- ]?\d){12}(?!\d)")
PHONE = re.compile(r"(?<!\d)080[- ]?000[- ]?0\d{3}(?!\d)")
EMAIL = re.compile(r"[a-z0-9]+@example\.\w+")
SHORT_MONTH = "เม.ย.|มิ.ย.|ก.ย.|พ.ย.|เมษายน|มิถุนายน|กันยายน|พฤศจิกายน"
IMPOSSIBLE = re.compile(rf"^31 (?:{SHORT_MONTH}) |^31/(?:4|6|9|11)/")
COMMON_ERA = re.compile(r"พ\.ศ\. 20\d\d|^\d+/\d+/20\d\d$")


def checksum_holds(digits: str) -> bool:
    total = sum(int(d) * w for d, w in zip(digits[:12], range(13, 1, -1), strict=True))
    return (11 - total % 11) % 10 == int(digits[12])


def row_text(cells: list[object]) -> str:
    return " | ".join(str(cell) for cell in cells)


def projects_rows(demo):
    sent = demo.truth("submissions")
    keys = list(zip(sent["file"], sent["sheet"], sent["row"], strict=True))
    return {key: demo.rows[key] for key in keys}


def planted(demo, kind: str) -> set[tuple[str, str, int]]:
    table = demo.truth("defects")
    table = table[table["kind"] == kind]
    return set(zip(table["file"], table["sheet"], table["row"], strict=True))


def test_every_identifier_stands_where_the_truth_says(demo) -> None:
    table = demo.truth("identifiers")
    assert set(table["kind"]) == {"citizen_id", "phone", "name", "email"}
    for note in table.itertuples():
        assert note.value in row_text(demo.rows[note.file, note.sheet, note.row])


def test_no_identifier_stands_anywhere_else(demo) -> None:
    found = {"citizen_id": [], "phone": [], "email": []}
    for key, cells in demo.rows.items():
        text = row_text(cells).translate(THAI_TO_ARABIC)
        for number in THIRTEEN.findall(text):
            if checksum_holds(re.sub(r"\D", "", number)):
                found["citizen_id"].append((*key, number))
                text = text.replace(number, "")
        found["phone"] += [(*key, number) for number in PHONE.findall(text)]
        found["email"] += [(*key, address) for address in EMAIL.findall(text)]
    table = demo.truth("identifiers")
    for kind, places in found.items():
        notes = table[table["kind"] == kind]
        values = notes["value"].str.translate(THAI_TO_ARABIC)
        told = zip(notes["file"], notes["sheet"], notes["row"], values, strict=True)
        assert sorted(places) == sorted(told), kind


def test_identifiers_pass_the_checksum_and_belong_to_nobody() -> None:
    rng = np.random.default_rng(1)
    numbers = [citizen_id(rng) for _ in range(500)]
    assert all(len(n) == 13 and checksum_holds(n) and n[1:3] == "99" for n in numbers)
    for _ in range(200):
        sentence, values = plant_identifiers(rng)
        assert values
        assert all(value in sentence for _, value in values)


@pytest.mark.parametrize(
    ("kind", "pattern"), [("date_impossible", IMPOSSIBLE), ("year_common_era", COMMON_ERA)]
)
def test_spoilt_dates_are_those_of_the_truth(demo, kind: str, pattern: re.Pattern[str]) -> None:
    found = {
        key
        for key, cells in projects_rows(demo).items()
        if any(pattern.search(str(c).translate(THAI_TO_ARABIC)) for c in cells)
    }
    assert found == planted(demo, kind)
    assert len(found) > 10


def test_decomposed_sara_am_is_where_the_truth_says(demo) -> None:
    found = {key for key, cells in demo.rows.items() if DECOMPOSED_SARA_AM in row_text(cells)}
    assert found == planted(demo, "sara_am_decomposed")


def test_misspelt_places_are_written_wrong_and_the_rest_right(demo) -> None:
    table = demo.truth("defects")
    for note in table[table["kind"] == "place_misspelt"].itertuples():
        right, wrong = note.note.split(" -> ")
        text = row_text(demo.rows[note.file, note.sheet, note.row])
        assert wrong in text.translate(THAI_TO_ARABIC)
        assert right != wrong


def test_other_project_rows_name_their_tambon(demo) -> None:
    from evallib.places import register

    names = register().set_index("tambon_code")["tambon_th"]
    wrong = planted(demo, "place_misspelt") | planted(demo, "sara_am_decomposed")
    true = demo.truth("projects").set_index("true_project_id")["tambon_code"]
    checked = 0
    for note in demo.truth("submissions").itertuples():
        key = (note.file, note.sheet, note.row)
        code = true[note.true_project_id]
        if code and key not in wrong:
            assert names[code] in row_text(demo.rows[key])
            checked += 1
    assert checked > 1_500


def test_wrong_totals_are_those_of_the_truth(demo) -> None:
    """Add up the budgets of the truth: forms A and D show their totals as numbers."""
    budget = demo.truth("projects").set_index("true_project_id")["budget"].astype(float)
    twins = demo.truth("duplicates")
    seconds = set(zip(twins["true_project_id"], twins["other_agency"], strict=True))
    told = {key[:2] for key in planted(demo, "total_mismatch")}
    checked = found = 0
    for (file, sheet), sent in demo.truth("submissions").groupby(["file", "sheet"]):
        if seconds & set(zip(sent["true_project_id"], sent["agency"], strict=True)):
            continue  # a second agency may state another budget
        total = next(
            cells for key, cells in demo.rows.items()
            if key[:2] == (file, sheet) and str(cells[0]) in {"รวม", "รวมทั้งสิ้น"}
        ) if "export_" not in file else [""]  # fmt: skip
        shown = next((c for c in total if isinstance(c, float)), None)
        if shown is None or shown < 1_000:
            continue  # Thai digits or million baht
        differs = sum(budget[sent["true_project_id"]]) != shown
        assert differs == ((file, sheet) in told), file
        checked, found = checked + 1, found + differs
    assert checked >= 15
    assert found >= 1


def test_files_sent_twice_and_cut_off(demo) -> None:
    folder = demo.report.folder
    table = demo.truth("defects")
    hashes: dict[str, list[str]] = {}
    for file in sorted(folder.rglob("*.xlsx")):
        name = file.relative_to(folder).as_posix()
        hashes.setdefault(hashlib.sha256(file.read_bytes()).hexdigest(), []).append(name)
    twins = {names[1] for names in hashes.values() if len(names) == 2}
    assert twins == set(table.loc[table["kind"] == "file_repeated", "file"])
    for note in table[table["kind"] == "file_cut_off"].itertuples():
        with pytest.raises(CalamineError):
            CalamineWorkbook.from_path(folder / note.file)
        assert (folder / note.note).is_file()


@pytest.mark.parametrize(
    ("text", "kind", "expected"),
    [
        ("บ้านา", "tone_dropped", {"บานา"}),
        ("ตาลี", "vowel_swapped", {"ตาลิ"}),
        ("ลำใหม่", "sara_am_decomposed", {"ลําใหม่"}),
        ("บานา", "tone_dropped", {"บานา"}),
        ("ยะ", "one_edit", {"ยะ"}),
    ],
)
def test_slips_of_the_hand(text: str, kind: str, expected: set[str]) -> None:
    assert {misspell(text, kind, stream(seed, "x")) for seed in range(5)} == expected
