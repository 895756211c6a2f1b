"""Places: the register, addresses as officials write them, and everything that is not a place."""

import pandas as pd
import pytest

from evallib.config import Settings
from evallib.errors import NotFound, SchemaError
from evallib.places import area, find_province, name_of, register, resolve_places
from evallib.thai.keys import fold, skeleton
from tests.paths import ROOT, SHARED

AMBIGUOUS = {
    "ละหาร": "940708;960402", "พร่อน": "950114;960203", "บาเจาะ": "950302;960301",
    "ตลิ่งชัน": "900314;950305", "สะกอม": "900304;900507",
}  # fmt: skip

# Every place_* row of shared/data/mess_cases.csv, a few of its pdf_* rows, and traps of 2-data.md.
WRITTEN_TO_CODE = {
    "ต.ตันหยงลุโละ อ.เมือง จ.ปัตตานี": "940105",
    "อ.เมือง จ.ยะลา": "9501",
    "ตำบลโคกเคียนอำเภอเมืองนราธิวาสจังหวัดนราธิวาส": "960107",
    "ตาํบลโคกเคยีนอาํเภอเมอืงนราธิวาสจงัหวดันราธิวาส": "960107",
    "ตา  บลสะเตงอาเภอเมอืงยะลาจงัหวดัยะลา": "950101",
    "โรงพยาบาลทงุ่ยางแดงตาบลตะโละแมะนาอาเภอทงุ่ยางแดงจงัหวดัปตัตานี": "940601",
    "599 ถนน นราธิวาสราชนครินทร์ แขวงทุ่งมหาเมฆ เขตสาทร กรุงเทพมหานคร": "10",
    "ตำบลลาโล๊ะ อำเภอรือเสาะ": "960606",
    "เมือง ปัตตานี": "9401",
    "องค์การบริหารส่วนตำบลตำบลจะรัง": "940917",
    "Narathiwat / Narathiwas": "96",
    "อ าเภอหนองจิก": "9403",
    "จงัหวดัปตัตานี": "94",
    "ตาบลเชิงคีรี อาเภอศรีสาคร จังหวัดนราธวิ าส": "960704",
    "หน่วยเฉพาะกิจยะลา ตำบลเขาตูม อำเภอยะรัง จังหวัดปัตตานี": "941012",
    "หมู่ที่ ๓ ต.บานาอ.เมืองจ.ปัตตานี": "940104",
    "1 ต.ค. 64 ต.บานา": "940104",
    "จังหวัดปัตตานี อำเภอยะรัง ตำบลเขาตูม": "941012",
    "บานา อ.เมือง จ.ปัตตานี": "940104",
    "บานา เมือง ปัตตานี": "940104",
    "ทุกตำบลในอำเภอยะรัง จังหวัดปัตตานี": "9410",
    "ต.ละหาร อ.ยี่งอ": "960402",
    "เค(cid:201)รื่องมือ ต.บานา อ.เมือง(cid:202)ปัตตานี": "940104",
    "โครงการตำบลมั่นคง มั่งคั่ง ยั่งยืน ต.คลองมานิง อ.เมือง จ.ปัตตานี": "940106",
    "สภาสันติสุขตำบลเขาตูม อำเภอยะรัง จังหวัดปัตตานี": "941012",
    "อ.หาดใหญ่ จ.สงขลา": "9011",
    "940101.0": "940101",
    "94010101": "940101",
    "๙๔๐๑๐๑": "940101",
    "สุไหงโก-ลก / สุไหงโกลก / สุไหงโก–ลก": "9610",  # amphoe and a tambon in it: it holds both
    "Tase Mueang Yala Yala": "950118",
    "Narathiwas": "96",
    "ต.เขาตูม ยะรัง ปัตตานี": "941012",  # what lies behind the name is what it lies in
    "ต.บาเจาะ บันนังสตา": "950302",
    "ต.ละหาร ยี่งอ นราธิวาส": "960402",
    "ต.สะกอม เทพา สงขลา": "900507",
    "Tambon Bana, Amphoe Mueang Pattani, Pattani": "940104",
    "Yarang District, Pattani": "9410",
    "ต.วัดด อ.ยะรัง จ.ปัตตานี": "941007",  # a letter typed twice
    "ต.กรงปินัง อ.เมืองยะลา จ.ยะลา": "950801",  # its amphoe until it became one itself
    "950113": "950801",
    "กิ่งอำเภอกรงปินัง จ.ยะลา": "9508",
    "เขาตูมยะรังปัตตานี": "941012",
}
WRITTEN_TO_CANDIDATES = {
    **{f"ต.{name}": codes for name, codes in AMBIGUOUS.items()},
    "อบต.พร่อน": "950114;960203",
    "ทต.รูสะมิแล": "940110",
    "เทศบาลตำบลรูสะมิแล อ.เมือง จ.ปัตตานี": "940110",
    "ต.บานา และ ต.ตันหยงลุโละ": "940104;940105",
    "ต.บานา,ตันหยงลุโละ อ.เมือง จ.ปัตตานี": "940104;940105",
    "ต.บานา,ตันหยงลุโละ และรูสะมิแล อ.เมือง จ.ปัตตานี": "940104;940105;940110",
    "ตำบลบานา ตันหยงลุโละ รูสะมิแล อำเภอเมืองปัตตานี": "940104;940105;940110",
    "อำเภอเมือง ยะรัง มายอ จังหวัดปัตตานี": "9401;9410;9405",
    "จังหวัดปัตตานี ยะลา และนราธิวาส": "94;96;95",
    "นราธิวาส": "96",
    "อ.หาดใหญ่": "9011",
    "ต.บานนา อ.เมือง จ.ปัตตานี": "940104",  # exactly บ้านนา, a tambon elsewhere: never corrected
}
NO_PLACE = [
    "มหาวิทยาลัยนราธิวาสราชนครินทร์", "ถนนนราธิวาสราชนครินทร์", "โรงพยาบาลยะลา",
    "5 จังหวัดชายแดนภาคใต้ 44 อำเภอ", "3 จังหวัดชายแดนใต้ และ 4 อำเภอของจังหวัดสงขลา",
    "ทุกตำบล / ทั้งจังหวัด", "กก.ปพ.ภ.จว.นราธิวาส", "ศอ.บต. ยะลา",
    "ศูนย์นิติวิทยาศาสตร์จังหวัดชายแดนภาคใต้", "จ.ส.อ. ปัตตานี", "รพ.สต.บานา", "-", "", "หมู่ที่ 3", "99",
]  # fmt: skip


def resolve(text: str | None, **stated: object) -> pd.Series:
    return resolve_places(pd.Series([text]), **stated).iloc[0]


def test_register_holds_the_country_and_the_area_is_290_tambons() -> None:
    places = register()
    assert (len(places), places["amphoe_code"].nunique(), places["province_code"].nunique()) == (
        7436, 928, 77,
    )  # fmt: skip
    assert places["tambon_code"].is_unique
    assert places["tambon_code"].str[:4].equals(places["amphoe_code"].rename("tambon_code"))
    tambons = area()
    assert len(tambons) == 290
    assert tambons["lat"].between(5.6, 7.3).all()
    assert tambons["lon"].between(100.2, 102.1).all()
    assert places["lat"].notna().sum() == 290
    counts = tambons["province_code"].value_counts().to_dict()
    assert counts == {"94": 115, "96": 77, "95": 58, "90": 40}


def test_points_come_with_the_names_of_the_register() -> None:
    source = ROOT / "evallib/reference/tambon_points.csv"
    points = pd.read_csv(source, dtype="str")[["tambon_code", "tambon_th", "amphoe_th"]]
    points = points.sort_values("tambon_code", ignore_index=True)
    pd.testing.assert_frame_equal(points, area()[["tambon_code", "tambon_th", "amphoe_th"]])


def test_register_is_a_copy() -> None:
    places = register()
    places["tambon_th"] = "เปลี่ยน"
    assert name_of("941012") == "เขาตูม"
    assert register()["tambon_th"].nunique() > 5000


def test_area_follows_the_settings() -> None:
    whole = area(Settings(provinces=("90",), amphoe=()))
    part = area(Settings(provinces=("90",)))
    assert whole["amphoe_code"].nunique() == 16
    assert sorted(part["amphoe_code"].unique()) == ["9003", "9004", "9005", "9006"]
    with pytest.raises(NotFound, match="9999"):
        area(Settings(amphoe=("9999",)))


@pytest.mark.parametrize(
    "written", ["94", "ปัตตานี", "จังหวัดปัตตานี", "จ. ปัตตานี", "จงัหวดัปตัตานี", "Pattani", "PATTANI "]
)
def test_a_province_is_found_as_people_write_it(written: str) -> None:
    assert find_province(written) == "94"


def test_an_unknown_province_is_refused_with_the_list_and_the_nearest() -> None:
    with pytest.raises(NotFound) as error:
        find_province("Narathiwas")
    message = error.value.message("en")
    assert "94 ปัตตานี (Pattani)" in message
    assert "(~ 96" in message
    with pytest.raises(NotFound):
        find_province("เชียงใหม่")  # exists, but not in the area
    with pytest.raises(NotFound):
        find_province("")


def test_names_of_all_levels() -> None:
    assert [name_of("94", language="en"), name_of("9404"), name_of("900304")] == [
        "Pattani", "ปะนาเระ", "สะกอม",
    ]  # fmt: skip
    with pytest.raises(NotFound):
        name_of("999999")


@pytest.mark.parametrize(("written", "code"), WRITTEN_TO_CODE.items())
def test_places_as_officials_write_them(written: str, code: str) -> None:
    found = resolve(written)
    assert found["place_code"] == code
    assert found["level"] == {2: "province", 4: "amphoe", 6: "tambon"}[len(code)]
    assert found["score"] >= 85
    assert found["margin"] >= 4


@pytest.mark.parametrize(("written", "codes"), WRITTEN_TO_CANDIDATES.items())
def test_doubt_gives_candidates_and_no_code(written: str, codes: str) -> None:
    found = resolve(written)
    assert pd.isna(found["place_code"])
    assert pd.isna(found["level"])
    assert found["candidates"] == codes


@pytest.mark.parametrize("written", [*NO_PLACE, None])
def test_what_is_no_place_gives_nothing(written: str | None) -> None:
    assert resolve(written)[["place_code", "level", "candidates"]].isna().all()


def test_stated_columns_settle_what_the_text_leaves_open() -> None:
    assert resolve("ละหาร", province="ปัตตานี")["place_code"] == "940708"
    assert resolve("บาเจาะ", province="96", amphoe="บาเจาะ")["place_code"] == "960301"
    assert resolve("ทุกตำบล", province="94", amphoe="ยะรัง")["place_code"] == "9410"
    assert resolve("ทั้งจังหวัด", province="94")["place_code"] == "94"
    assert resolve(None, province="94", amphoe="อ.ยะรัง")["place_code"] == "9410"
    assert resolve(None, province="จังหวัดยะลา")["place_code"] == "95"
    assert resolve("อ.เมือง", province="96")["place_code"] == "9601"


def test_a_column_that_states_several_areas_narrows_to_them() -> None:
    for both in ("ปัตตานี/ยะลา", "ปัตตานี, ยะลา", "จังหวัดปัตตานี และยะลา", "ปัตตานี ยะลา"):
        assert resolve("ต.บานา", province=both)["place_code"] == "940104"
        assert resolve("ต.ละหาร", province=both)["place_code"] == "940708"  # the other: Narathiwat
        assert resolve("ต.พร่อน", province="ยะลา/นราธิวาส")["candidates"] == "950114;960203"
        found = resolve(None, province=both, reasons=True)
        assert (pd.isna(found["place_code"]), found["candidates"]) == (True, "94;95")
        assert found["reason"] == "list"
    assert resolve("ต.เขาตูม", province="94", amphoe="ยะรัง มายอ")["place_code"] == "941012"


def test_names_of_two_levels_stay_open_without_the_amphoe() -> None:
    assert resolve("ยะลา", province="95")["candidates"] == "950106;95"
    assert resolve("ยะรัง", province="94")["candidates"] == "941001;9410"
    assert resolve("ยะรัง", province="94", amphoe="ยะรัง")["place_code"] == "941001"


@pytest.mark.parametrize(
    ("written", "stated"),
    [
        ("ต.บานา อ.เมือง จ.ปัตตานี", {"province": "95"}),
        ("ต.เขาตูม อ.ยะรัง", {"province": "94", "amphoe": "มายอ"}),
        ("940101", {"province": "95"}),
        ("ต.เขาตูม", {"province": "ไม่มีจังหวัดนี้"}),
        ("ต.เขาตูม", {"amphoe": "9501"}),
    ],
)
def test_a_conflict_is_never_settled_silently(written: str, stated: dict[str, str]) -> None:
    assert pd.isna(resolve(written, **stated)["place_code"])


def test_columns_and_index_are_kept() -> None:
    texts = pd.Series(["บานา", None, "บานา"], index=["x", "y", "x"])
    province = pd.Series(["94", "95", None], index=[7, 8, 9])
    found = resolve_places(texts, province)
    assert found.index.tolist() == ["x", "y", "x"]
    assert found["place_code"].tolist() == ["940104", "95", "940104"]
    assert found.dtypes.astype(str).tolist() == ["str", "str", "float64", "float64", "str"]
    empty = resolve_places(pd.Series([], dtype="str"))
    assert empty.shape == (0, 5)
    with pytest.raises(SchemaError, match="province"):
        resolve_places(texts, province.head(2))


def test_every_tambon_in_columns_resolves_to_itself() -> None:
    tambons = area()
    by_name = resolve_places(tambons["tambon_th"], tambons["province_th"], tambons["amphoe_th"])
    by_english = resolve_places(tambons["tambon_en"], tambons["province_en"], tambons["amphoe_en"])
    for found in (by_name, by_english):
        assert found["place_code"].tolist() == tambons["tambon_code"].tolist()


def test_every_tambon_of_the_country_resolves_to_itself() -> None:
    places = register()
    # Bangkok has no ตำบล; จ.ป.ร., ปอภาร (ปอพาน) and สามตำบล contain what ends or begins a name
    odd = places["tambon_th"].str.contains(r"[.(]|ตำบล")
    places = places[(places["province_code"] != "10") & ~odd]
    written = (
        "ตำบล" + places["tambon_th"] + " อำเภอ" + places["amphoe_th"] + " จังหวัด"
        + places["province_th"]
    )  # fmt: skip
    found = resolve_places(written)["place_code"]
    assert (found == places["tambon_code"]).mean() == 1.0


def test_one_wrong_letter_is_read_right_or_not_at_all() -> None:
    tambons = area()
    wrong = [
        (f"ต.{t[:i]}ฆ{t[i + 1:]} อ.{a} จ.{p}", code)
        for t, a, p, code in zip(
            *(tambons[c] for c in ("tambon_th", "amphoe_th", "province_th", "tambon_code")),
            strict=True,
        )
        for i in range(1, len(t))
    ]  # fmt: skip
    found = resolve_places(pd.Series([text for text, _ in wrong]))["place_code"]
    right = found.to_numpy() == [code for _, code in wrong]
    accepted = found.notna().to_numpy()
    assert not (accepted & ~right).any()
    assert accepted.mean() > 0.5  # one letter of a short name is too much to be sure


def test_names_that_the_register_gave_up_have_the_code_of_their_successor() -> None:
    from geothai.abolished import abolished_areas

    checked = 0
    for old in abolished_areas():
        if old.code[:2] not in {"94", "95", "96"} or len(old.successors) != 1:
            continue
        assert resolve(old.code)["place_code"] == old.successors[0]
        amphoe = name_of(old.code[:4])
        found = resolve(f"ต.{old.name_th} อ.{amphoe} จ.{name_of(old.code[:2])}", reasons=True)
        assert (found["place_code"], found["reason"]) == (old.successors[0], "abolished")
        checked += 1
    assert checked >= 15
    assert pd.isna(resolve("9681")["place_code"])  # abolished without a successor


def test_real_budget_items_are_found_and_none_wrongly() -> None:
    source = SHARED / "real" / "fy2565_budget_items.csv"
    if not source.is_file():
        pytest.skip("the real budget items are not beside the repository")
    items = pd.read_csv(source, dtype="str")
    found = resolve_places(items["ITEM_DESCRIPTION"])["place_code"]
    truth = items["tambon_code"]
    one = ~truth.str.contains("|", regex=False)  # an item in two tambons has no single answer
    wrong = found.notna() & (found != truth)
    assert wrong.sum() == 0
    assert (found == truth)[one].mean() > 0.99
    assert found[~one].isna().all()


def test_answers_do_not_depend_on_other_rows_or_their_order() -> None:
    texts = pd.Series([*WRITTEN_TO_CODE, *WRITTEN_TO_CANDIDATES, *NO_PLACE])
    found = resolve_places(texts)
    shuffled = resolve_places(texts.sample(frac=1, random_state=3)).sort_index()
    pd.testing.assert_frame_equal(found, shuffled)
    alone = pd.concat([resolve_places(texts.iloc[[i]]) for i in range(len(texts))])
    pd.testing.assert_frame_equal(found, alone)


def test_the_two_keys() -> None:
    assert skeleton("เเขวง") == skeleton("แขวง")
    assert skeleton("ปัต\u200bตานี") == skeleton("ปัตตานี") == skeleton("ปตัตานี")
    assert fold("นํ้า") == fold("น้ำ")
