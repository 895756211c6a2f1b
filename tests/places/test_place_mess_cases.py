"""Every collected case of places and agencies, through public functions.

The other kinds are held by ``tests/clean/values/test_mess_cases.py``. Where a case and the library
disagree, the check says why.
"""

import csv
import re

import pandas as pd
import pytest

from evallib.agencies import resolve_agencies
from evallib.places import find_villages, name_of, resolve_places
from tests.paths import DATA

with (DATA / "mess_cases.csv").open(encoding="utf-8", newline="") as file:
    CASES = list(csv.DictReader(file))


def place(text: str, **stated: str) -> pd.Series:
    return resolve_places(pd.Series([text], dtype="object"), reasons=True, **stated).iloc[0]


def exact(raw: str, expected: str) -> None:
    found = place(raw)
    assert (found["place_code"], found["reason"]) == (expected, "")
    assert (found["score"], found["level"]) == (100, {4: "amphoe", 6: "tambon"}[len(expected)])


def variant(raw: str, expected: str) -> None:
    for written in raw.split(" / "):
        assert place(written)["place_code"] == expected
    # The cell as a whole names the same place three times, so it is that place. สุไหงโก-ลก is an
    # amphoe and a tambon in it; standing alone it is read as the amphoe, which holds either.
    assert place(raw)["place_code"] == expected
    assert place(raw)["reason"] == ("nested" if " / " in raw else "")


def ambiguous(raw: str, expected: str) -> None:
    found = place(raw)
    assert pd.isna(found["place_code"])
    assert found["reason"] == "ambiguous"
    assert found["candidates"].split(";") == expected.removeprefix("REVIEW: ").split("|")


def council(raw: str, expected: str) -> None:
    # Expected as "tambon|amphoe|province or tambon|amphoe|province: needs amphoe".
    wanted = [names.split("|") for names in expected.split(":", 1)[0].split(" or ")]
    found = place(raw)
    assert (pd.isna(found["place_code"]), found["reason"]) == (True, "ambiguous")
    names = [[name_of(c[:n]) for n in (6, 4, 2)] for c in found["candidates"].split(";")]
    assert names == wanted
    for _, amphoe, province in wanted:
        assert name_of(place(raw, province=province, amphoe=amphoe)["place_code"][:4]) == amphoe


def municipality(raw: str, expected: str) -> None:
    found = place(raw)
    assert (pd.isna(found["place_code"]), found["reason"]) == (True, "municipality")
    assert found["candidates"] == re.search(r"\d{6}", expected)[0]


def false_positive(raw: str, expected: str) -> None:
    found = place(raw)
    if expected.startswith("province="):
        assert found["place_code"] == expected.removeprefix("province=")
    else:
        assert found[["place_code", "candidates"]].isna().all()


def wide_area(raw: str, expected: str) -> None:
    found = place(raw)
    assert (found["reason"], found[["place_code", "candidates"]].isna().all()) == ("area", True)
    assert place(raw, province="94")["reason"] == "area"  # nor is it the province of its column


def english(raw: str, expected: str) -> None:
    for written in (*raw.split(" / "), raw):
        assert place(written)["place_code"] == expected


def several(raw: str, expected: str) -> None:
    # "2 rows or multi-tambon": resolve_places keeps both codes; the row of intake takes the area
    # that holds both and a finding with both, for its amount cannot be divided between them.
    found = place(raw)
    assert (pd.isna(found["place_code"]), found["reason"]) == (True, "list")
    assert found["candidates"] == "940104;940105"


def whole(raw: str, expected: str) -> None:
    # "scope=province": which province, only the row or the sheet can tell.
    for written in raw.split(" / "):
        found = place(written, province="ปัตตานี")
        assert (found["place_code"], found["level"], found["reason"]) == ("94", "province", "whole")
    assert (pd.isna(place(raw)["place_code"]), place(raw)["reason"]) == (True, "whole")


def village(raw: str, expected: str) -> None:
    wanted = dict(part.split("=") for part in expected.split(";"))
    found = find_villages(pd.Series([raw])).iloc[0]
    assert found["village_no"] == int(wanted["moo"])
    assert (found["village_name"] == wanted["ban"]) if "ban" in wanted else True
    assert place(raw, province="94", amphoe="9401")["place_code"] == "9401"


def code_as_number(raw: str, expected: str) -> None:
    assert place(raw)["place_code"] == expected
    assert place(float(raw))["place_code"] == expected


def code_of_village(raw: str, expected: str) -> None:
    tambon, moo = re.findall(r"\d+", expected)
    for written in raw.split(" / "):
        assert place(written)["place_code"] == tambon
        assert find_villages(pd.Series([written]))["village_no"].tolist() == [int(moo)]


def different(raw: str, expected: str) -> None:
    one, other = raw.split(" ~ ")
    assert place(one)["place_code"] != place(other)["place_code"]
    found = resolve_agencies(pd.Series([one, other, "จังหวัดปัตตานี"]))["agency_id"]
    assert found.isna().tolist() == [True, True, False]  # neither is read as the other, or as ours


def abbreviation(raw: str, expected: str) -> None:
    # REVIEW: neither a place nor an agency of the register; both stay empty and are reported.
    assert place(raw)[["place_code", "candidates"]].isna().all()
    assert resolve_agencies(pd.Series([raw])).isna().all(axis=None)


CHECKS = {
    "place_prefix": exact, "place_short_amphoe": exact, "place_nospace": exact, "place_pdf": exact,
    "place_doubled": exact, "place_variant": variant, "place_ambiguous": ambiguous,
    "place_obt": council, "place_muni": municipality, "place_false_positive": false_positive,
    "place_abolished_area": wide_area, "place_en": english, "place_list": several,
    "place_all": whole, "moo": village, "code_float": code_as_number, "code_len": code_of_village,
    "near_miss_names": different, "abbrev": abbreviation,
}  # fmt: skip
OURS = [case for case in CASES if case["kind"] in CHECKS]


def test_all_kinds_are_held() -> None:
    assert {case["kind"] for case in OURS} == set(CHECKS)
    assert [c["kind"] for c in CASES if c["kind"].startswith("place_") and c not in OURS] == []


@pytest.mark.parametrize("case", OURS, ids=[f"{c['kind']}-{i}" for i, c in enumerate(OURS)])
def test_case(case: dict[str, str]) -> None:
    CHECKS[case["kind"]](case["raw"], case["expected"])
