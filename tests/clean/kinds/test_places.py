"""The place of each row: which source serves, what is reported, and nothing twice."""

from datetime import date

import pandas as pd
import pytest

from evallib.clean.kinds.places import find_row_places
from evallib.clean.sheets.columns import Columns
from evallib.clean.sheets.sheet import SECTION, Sheet
from evallib.clean.sheets.title_rows import Context
from evallib.periods import FiscalPeriod

TITLE, TAMBON, AMPHOE, PROVINCE, PLACE = "ชื่อโครงการ", "ตำบล", "อำเภอ", "จังหวัด", "พื้นที่ดำเนินการ"


def found(rows: list[dict[str, str | None]], place: str | None = None):
    """Return the columns of codes of a sheet, and (code, row and column, value) of findings."""
    frame = pd.DataFrame(rows, index=range(7, 7 + len(rows)), dtype="object")
    if TITLE not in frame:
        frame.insert(0, TITLE, "ซ่อมสร้างถนน")
    frame = frame.where(frame.notna(), None)
    frame["งบประมาณ (บาท)"] = "1000"
    columns = Columns(Sheet("a.xlsx", "s", (), frame, (), kind="projects"))
    context = Context(
        FiscalPeriod(2565, 3), date(2022, 6, 24), None, None, place, place[:2] if place else None,
        (),
    )  # fmt: skip
    values = find_row_places(columns, context)
    told = [
        (
            f.code.removeprefix("intake."),
            f.where.removeprefix("a.xlsx | s | ").removeprefix(" | "),
            f.value,
        )
        for f in columns.findings
        if f.code.startswith(("intake.place", "intake.village"))
    ]
    return values, told


def one(place: str | None = None, **cells: str | None):
    """Return the finest code and the findings of one row."""
    headings = {"title": TITLE, "tambon": TAMBON, "amphoe": AMPHOE, "province": PROVINCE,
                "cell": PLACE}  # fmt: skip
    values, told = found([{headings[name]: text for name, text in cells.items()}], place)
    names = ("tambon_code", "amphoe_code", "province_code")
    return next((values[n].iloc[0] for n in names if values[n].iloc[0]), None), told


ADDRESS = {"amphoe": "ยะรัง", "province": "ปัตตานี"}
KHAO_TUM = "ต.เขาตูม อ.ยะรัง จ.ปัตตานี (941012)"


@pytest.mark.parametrize(
    "tambon", ["เขาตูม", "ต.เขาตูม", "ตำบล เขาตูม อำเภอยะรัง", "ตำบลเขาตูมอำเภอยะรัง", "941012"]
)
def test_what_is_written_as_in_the_register_is_not_reported(tambon) -> None:
    assert one(tambon=tambon, **ADDRESS) == ("941012", [])


def test_a_misspelt_name_is_on_record_with_what_it_was_read_as() -> None:
    for wrong in ("เขาตูมม", "เขขาตูม", "ต.เขาตูมมอ.ยะรัง"):
        code, [(told, where, value)] = one(tambon=wrong, **ADDRESS)
        assert (code, told, where) == ("941012", "place_similar", "7 | ตำบล")
        assert value.startswith(wrong.removeprefix("ต.").removesuffix("อ.ยะรัง") + " → เขาตูม (9")
    same_letters = ("place_corrected", "7 | ตำบล", "เขาตุม → เขาตูม")
    assert one(tambon="เขาตุม", **ADDRESS) == ("941012", [same_letters])
    assert one(tambon="เขาตูม", amphoe="ยะรงั", province="ปัตตานี") == (
        "941012", [("place_corrected", "7 | ตำบล", "ยะรงั → ยะรัง")],
    )  # fmt: skip


def test_an_amphoe_of_the_same_name_does_not_stand_for_a_misspelt_tambon() -> None:
    for right in ("ต.ยะหา อ.ยะหา จ.ยะลา", "ตำบลยะหาอำเภอยะหา", "อ.ยะหา ต.ยะหา"):
        assert one(cell=right) == ("950501", [])
    for wrong in ("ต.ยะหหา อ.ยะหา จ.ยะลา", "อำเภอยะหาตำบลยะหหา"):
        assert one(cell=wrong)[1] == [("place_similar", "7 | พื้นที่ดำเนินการ", "ยะหหา → ยะหา (94)")]


def test_each_reading_stays_on_record_with_its_count() -> None:
    tambons = ["เขาตุม", "เขาตูมม", "เขาตุม", "เขาตูม", "ปิตูมุดดี", "ปิตูมุดี"]
    values, told = found([{TAMBON: t, AMPHOE: "ยะรัง", PROVINCE: "ปัตตานี"} for t in tambons])
    assert values["tambon_code"].tolist() == ["941012"] * 4 + ["941006"] * 2
    assert told == [
        ("place_corrected", "ตำบล", "เขาตุม → เขาตูม (× 2)"),
        ("place_similar", "8 | ตำบล", "เขาตูมม → เขาตูม (95)"),
        ("place_similar", "11 | ตำบล", "ปิตูมุดดี → ปิตูมุดี (94)"),
    ]


DOUBT = {  # cell -> code that is certain, finding, what is shown to choose from
    "ต.ละหาร": (None, "place_ambiguous", "ต.ละหาร อ.สายบุรี จ.ปัตตานี (940708); "
                "ต.ละหาร อ.ยี่งอ จ.นราธิวาส (960402)"),
    "ต.บานา และ ต.ตันหยงลุโละ": ("9401", "place_list", "ต.บานา อ.เมืองปัตตานี จ.ปัตตานี (940104); "
                                "ต.ตันหยงลุโละ อ.เมืองปัตตานี จ.ปัตตานี (940105)"),
    "ทต.รูสะมิแล": ("9401", "place_municipality",
                    "ต.รูสะมิแล อ.เมืองปัตตานี จ.ปัตตานี (940110)"),
    "อ.หาดใหญ่": (None, "place_outside", "อ.หาดใหญ่ จ.สงขลา (9011)"),
    "ต.บานนา อ.เมือง จ.ปัตตานี": (None, "place_conflict",
                              "ต.บานา อ.เมืองปัตตานี จ.ปัตตานี (940104)"),
    "นราธิวาส": (None, "place_unknown", "จ.นราธิวาส (96)"),
    "ข้างสะพาน": (None, "place_unknown", ""),
}  # fmt: skip


@pytest.mark.parametrize("cell", DOUBT)
def test_doubt_is_a_warning_with_the_places_to_choose_from(cell) -> None:
    certain, code, shown = DOUBT[cell]
    assert one(cell=cell) == (certain, [(code, "7 | พื้นที่ดำเนินการ", shown)])


def test_doubt_never_reaches_beyond_what_other_columns_state() -> None:
    assert one(cell="ต.บานา และ ต.เขาตูม", province="ปัตตานี")[0] == "94"
    assert one(cell="ต.ข้างสะพาน", **ADDRESS)[0] == "9410"
    code, told = one(cell="ต.บาเจาะ", province="ปัตตานี")
    assert (code, [t[0] for t in told]) == ("94", ["place_conflict"])


RECORDED = {
    "5 จังหวัดชายแดนภาคใต้ 44 อำเภอ": ("94", "place_area", "จ.ปัตตานี (94)"),
    "ทุกตำบล": ("94", "place_whole", "จ.ปัตตานี (94)"),
    "ต.แม่ลาน อ.โคกโพธิ์": ("941201", "place_abolished", "940209 → 941201 แม่ลาน"),
    "ยะรัง": ("9410", "place_nested", "ต.ยะรัง อ.ยะรัง จ.ปัตตานี (941001); อ.ยะรัง จ.ปัตตานี (9410)"),
}


@pytest.mark.parametrize("cell", RECORDED)
def test_what_is_certain_in_another_way_is_for_the_record(cell) -> None:
    code, finding, value = RECORDED[cell]
    assert one(cell=cell, province="ปัตตานี") == (code, [(finding, "7 | พื้นที่ดำเนินการ", value)])


def test_a_column_of_tambons_says_that_its_names_are_tambons() -> None:
    assert one(tambon="ยะรัง", province="ปัตตานี") == ("941001", [])


def test_the_title_serves_where_the_cells_name_no_tambon() -> None:
    title = "ขุดลอกคลอง หมู่ที่ 4 ต.เขาตูม อ.ยะรัง จ.ปัตตานี"
    told = ("place_from_title", "7 | ชื่อโครงการ", "941012")
    assert one(title=title) == ("941012", [told])
    assert one(title=title, cell=None, province="ปัตตานี") == ("941012", [told])
    assert one(title=title, cell="ต.บานา")[0] == "940104"
    assert one(title="อบรมเยาวชนเขาตูม ยะรัง ปัตตานี") == (None, [])  # no address, whatever it says


def test_several_tambons_in_a_title_give_what_they_share() -> None:
    code, [first, second] = one(title="ซ่อมถนน ต.บานา และ ต.ตันหยงลุโละ อ.เมือง จ.ปัตตานี")
    assert (code, first[0], second[:2]) == (
        "9401", "place_list", ("place_from_title", "7 | ชื่อโครงการ")
    )  # fmt: skip


def test_rows_without_a_place_take_the_tambon_of_the_sheet() -> None:
    told = [("place_from_context", "7 | พื้นที่ดำเนินการ", "941012")]
    for cell in (None, "-", "หมู่ที่ 3", "หมู่ที่ 3 บ้านกรือเซะ", "ทุกหมู่บ้าน"):
        assert one(cell=cell, place="941012") == ("941012", told)
    assert one(cell="ต.ไม่มีชื่อนี้", place="941012")[0] == "9410"  # named, and not known
    assert one(cell=None, amphoe="ยะรัง", place="941012")[0] == "941012"
    assert one(cell=None, amphoe="มายอ", place="941012")[0] == "9405"  # the row knows better
    assert one(cell=None, place="9410") == ("9410", [])


def test_a_row_that_writes_its_amphoe_is_believed_against_its_sheet_and_reported() -> None:
    told = ("place_beyond", "7 | พื้นที่ดำเนินการ", "940104")
    assert one(cell="ต.บานา อ.เมือง จ.ปัตตานี", place="941012") == ("940104", [told])
    assert one(cell="ต.บานา", place="941012")[1][0][0] == "place_conflict"
    own = one(cell="ต.บานา อ.เมือง", amphoe="ยะรัง", province="ปัตตานี", place="941012")
    assert (own[0], own[1][0][0]) == ("9410", "place_conflict")  # the row contradicts itself


def test_a_column_that_cannot_be_read_is_not_replaced_by_the_sheet() -> None:
    code, told = one(cell=None, amphoe="ยะรัง", province="ยะลา", place="941012")
    assert (code, [t[0] for t in told]) == (None, ["place_conflict"])


def test_sections_name_the_amphoe_of_the_rows_below_them() -> None:
    values, told = found(
        [{TAMBON: "เขาตูม", SECTION: "รวม อ.ยะรัง"}, {TAMBON: "บานา", SECTION: None}]
    )
    assert (values["tambon_code"].tolist(), told) == (["941012", "940104"], [])


def test_villages_are_read_and_several_are_not_guessed_at() -> None:
    cells = ["หมู่ที่ ๓ ต.เขาตูม อ.ยะรัง", "ม.1-4 ต.เขาตูม อ.ยะรัง", "94101205", "ต.เขาตูม อ.ยะรัง"]
    values, told = found([{PLACE: cell} for cell in cells])
    assert values["village_no"].fillna(0).tolist() == [3, 0, 5, 0]
    assert values["location_precision"].tolist() == [2, 3, 2, 3]
    assert told == [("village_list", "8 | พื้นที่ดำเนินการ", "")]


def test_rows_may_come_in_any_order() -> None:
    cells = [*DOUBT, *RECORDED, "ต.เขาตุม อ.ยะรัง", None, "หมู่ที่ 3"]
    rows = [{PLACE: cell} for cell in cells]
    ahead, _ = found(rows, "941012")
    back, _ = found(rows[::-1], "941012")
    for name, values in ahead.items():
        assert values.astype("str").tolist() == back[name].astype("str").tolist()[::-1], name
