"""Agencies: the table of aliases is sound, exact names resolve, near misses do not."""

from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib import agencies
from evallib.agencies import read_agencies, resolve_agencies
from evallib.errors import SchemaError
from evallib.places import area
from tests.paths import SHARED

GROUPS = {"ส่วนราชการจังหวัด", "ศอ.บต.", "ทหาร", "ตำรวจ", "ฝ่ายปกครอง", "อปท.", "อื่นๆ"}

WRITTEN_TO_ID = {
    "ศอ.บต.": "SBPAC",
    "ศอ บต.": "SBPAC",
    "ศอบต": "SBPAC",
    "ศูนย์อำนวยการบริหารจังหวัดชายแดนภาคใต้": "SBPAC",
    "ศูนยอ์าํนวยการบริหารจงัหวดัชายแดนภาคใต": "SBPAC",
    "กอ.รมน.ภาค ๔ ส่วนหน้า": "ISOC4",
    "สนง.เกษตรจังหวัดยะลา": "DOAE-95",
    "สำนักงานเกษตร จ.ยะลา": "DOAE-95",
    "สํานักงานปศุสัตว์จังหวัดยะลา": "DLD-95",
    "เกษตรและสหกรณ์จังหวัดยะลา": "MOAC-95",
    "สสจ.ปัตตานี": "MOPH-94",
    "สพป.ยะลา เขต ๒": "PESA-95-2",
    "อบจ.นราธิวาส": "PAO-96",
    "กศน.จังหวัดปัตตานี": "ONIE-94",
    "สกร.จังหวัดปัตตานี": "DOLE-94",
    "ภ.จว.นราธิวาส": "RTP-96",
    "จังหวัดปัตตานี": "PROV-94",
    "กรมอุทยานแห่งชาติ สัตว์ป่า และพันธุ์พืช P.": "DNP",
    "Rubber Authority of Thailand": "RAOT",
}
UNKNOWN = [
    "จังหวัดชลบุรี", "จังหวัดลพบุรี", "กก.ปพ.ภ.จว.นราธิวาส", "สำนักงานเกษตรจังหวัดพัทลุง", "กรมชลประทาน 2",
    "สำนักงานปศุสัตว์", "ไม่ระบุ", "", "โครงการของ อบต.บานา",
]  # fmt: skip


def ids(written: list[str | None]) -> list[str]:
    return resolve_agencies(pd.Series(written, dtype="object"))["agency_id"].tolist()


def test_the_table_is_sound() -> None:
    table = read_agencies()
    assert table["agency_id"].is_unique
    assert table["name_th"].is_unique
    assert set(table["group"]) == GROUPS
    assert table[["name_th", "name_en"]].notna().all(axis=None)
    closed = table.dropna(subset=["valid_from_fy", "valid_to_fy"])
    assert (closed["valid_from_fy"] <= closed["valid_to_fy"]).all()
    kinds = table["agency_id"].str.split("-").str[0].nunique()
    assert kinds >= 35


def test_no_alias_belongs_to_two_agencies() -> None:
    table = read_agencies().fillna({"abbr": "", "aliases": ""})
    own = [
        (name, row["agency_id"])
        for row in table.to_dict("records")
        for name in [row["name_th"], row["name_en"], row["abbr"], *row["aliases"].split("|")]
        if name
    ]
    found = ids([name for name, _ in own])
    assert found == [agency for _, agency in own]


@pytest.mark.parametrize(("written", "agency"), WRITTEN_TO_ID.items())
def test_names_as_agencies_write_them(written: str, agency: str) -> None:
    assert ids([written]) == [agency]


@pytest.mark.parametrize("written", [*UNKNOWN, None])
def test_what_the_table_does_not_hold_stays_unknown(written: str | None) -> None:
    assert resolve_agencies(pd.Series([written], dtype="object")).isna().all(axis=None)


def test_local_bodies_get_an_id_of_kind_and_name() -> None:
    found = resolve_agencies(
        pd.Series([
            "อบต.บานา", "องค์การบริหารส่วนตำบลบานา", "องค์การบริหารส่วนตำบลตำบลบานา", "อบต.บาราโหม",
            "ทม.เบตง", "เทศบาลเมืองในพื้นที่จังหวัดยะลา เทศบาลเมืองเบตง", "ทต.บานา",
        ])
    )  # fmt: skip
    assert set(found["group"]) == {"อปท."}
    assert len(set(found["agency_id"].iloc[:3])) == 1
    assert len(set(found["agency_id"].iloc[4:6])) == 1
    assert found["agency_id"].nunique() == 4
    assert found["name_th"].iloc[0] == "องค์การบริหารส่วนตำบลบานา"


def test_one_letter_more_or_less_is_another_agency() -> None:
    names = read_agencies()["name_th"]
    found = resolve_agencies(pd.Series([n[:-1] + "ฬ" for n in names] + [n + "ฬ" for n in names]))
    local = found["agency_id"].str.match("TAO|MUN").fillna(value=False)
    assert found["agency_id"][~local].isna().all()


def test_index_and_repeats_are_kept() -> None:
    found = resolve_agencies(pd.Series(["ศอ.บต.", None, "ศอ.บต."], index=[5, 5, 2]))
    assert found.index.tolist() == [5, 5, 2]
    assert found["group"].tolist()[::2] == ["ศอ.บต.", "ศอ.บต."]
    assert resolve_agencies(pd.Series([], dtype="str")).shape == (0, 3)


def test_every_unit_of_the_real_budget_bill_is_known() -> None:
    source = SHARED / "real" / "fy2565_budget_items.csv"
    if not source.is_file():
        pytest.skip("the real budget items are not beside the repository")
    units = pd.read_csv(source, dtype="str")["BUDGETARY_UNIT"].drop_duplicates()
    found = resolve_agencies(units)
    assert found["agency_id"].notna().all()
    assert found["agency_id"].is_unique


def in_year(name: str, year: int | None) -> pd.Series:
    return resolve_agencies(pd.Series([name]), fiscal_year=year, reasons=True).iloc[0]


@pytest.mark.parametrize(
    ("name", "year", "agency", "reason"),
    [
        ("กศน.จังหวัดปัตตานี", None, "ONIE-94", ""),
        ("กศน.จังหวัดปัตตานี", 2565, "ONIE-94", ""),
        ("กศน.จังหวัดปัตตานี", 2566, "ONIE-94", ""),  # the year of change: either name is right
        ("สกร.ปัตตานี", 2566, "DOLE-94", ""),
        ("กศน.จังหวัดปัตตานี", 2567, "DOLE-94", "successor"),
        ("สกร.ปัตตานี", 2565, "DOLE-94", "early"),
        ("สกย.", 2565, "RAOT", "successor"),
        ("สถาบันการพลศึกษา", 2565, "TNSU", "successor"),
        ("สพม. เขต 15", 2565, "SESA-Z15", "ended"),  # three offices succeeded it
        ("สพม. เขต ๑๖", 2565, "SESA-90", "successor"),
        ("ศอ.บต.", 2565, "SBPAC", ""),
        ("กองทุนส้มโอ", 2565, None, "unknown"),
    ],
)
def test_a_name_stands_for_the_agency_of_its_year(name, year, agency, reason) -> None:
    found = in_year(name, year)
    assert found["agency_id"] == agency or (agency is None and pd.isna(found["agency_id"]))
    assert found["reason"] == reason
    assert (found["written_id"] != found["agency_id"]) == (reason in {"successor", "unknown"})


def test_each_row_has_its_own_year() -> None:
    names = pd.Series(["กศน.ยะลา"] * 3 + [None], index=[4, 4, 1, 0])
    years = pd.Series([2565, 2567, None, 2567], dtype="Int64")
    found = resolve_agencies(names, fiscal_year=years)
    assert found["agency_id"].fillna("").tolist() == ["ONIE-95", "DOLE-95", "ONIE-95", ""]
    assert found.index.tolist() == [4, 4, 1, 0]
    assert found.columns.tolist() == ["agency_id", "name_th", "group"]
    with pytest.raises(SchemaError, match="fiscal_year"):
        resolve_agencies(names, fiscal_year=years.head(2))


def test_successions_are_sound() -> None:
    table = read_agencies().set_index("agency_id")
    source = Path(agencies.__file__).parent / "reference" / "agency_successions.csv"
    known = pd.read_csv(source)
    assert not known.duplicated(["predecessor", "successor"]).any()
    assert known["basis"].str.len().gt(10).all()
    for row in known.itertuples():
        last = table.loc[row.predecessor, "valid_to_fy"]
        first = table.loc[row.successor, "valid_from_fy"]
        assert first <= row.from_fy <= last + 1, row.predecessor  # no year without either
        assert row.predecessor not in set(known["successor"])  # a chain would be followed; none is
    ended = table.index[table["valid_to_fy"].notna()]
    assert sorted(ended) == sorted(set(known["predecessor"]))


NAMES = read_agencies()["name_th"].tolist()
LOCAL = ["อบต.บานา", "องค์การบริหารส่วนตำบลบานา", "ทม.เบตง", "ทต.ยะรัง", "เทศบาลเมืองเบตง"]
THAI = str.maketrans("0123456789", "๐๑๒๓๔๕๖๗๘๙")
written = st.sampled_from([*NAMES, *LOCAL, *UNKNOWN])


@given(written, st.none() | st.integers(2550, 2580))
def test_the_name_of_what_was_found_is_found_again(name: str, year: int | None) -> None:
    once = in_year(name, year)
    if pd.notna(once["agency_id"]):
        again = in_year(once["name_th"], year)
        assert again["agency_id"] == once["agency_id"]
        assert again["reason"] in {"", once["reason"]}


@given(written, st.data())
def test_spaces_points_and_thai_digits_do_not_matter(name: str, data) -> None:
    at = data.draw(st.integers(0, len(name)))
    inserted = data.draw(st.sampled_from([" ", "\u200b", "\xa0", "  "]))
    ours = ids([name])[0]
    if name in NAMES:
        assert ids([name[:at] + inserted + name[at:]]) == [ours]
    assert ids([f"  {name} ".translate(THAI)])[0] in ([ours] if pd.notna(ours) else [ours, None])


@given(st.lists(st.tuples(written, st.integers(2550, 2580)), min_size=1, max_size=12), st.randoms())
def test_rows_may_come_in_any_order(rows, random) -> None:
    def found(pairs):
        names, years = (pd.Series(column) for column in zip(*pairs, strict=True))
        frame = resolve_agencies(names, fiscal_year=years, reasons=True).fillna("")
        return list(zip(pairs, frame.itertuples(index=False, name=None), strict=True))

    shuffled = random.sample(rows, len(rows))
    assert sorted(found(rows)) == sorted(found(shuffled))


@pytest.mark.parametrize(
    ("name", "known"),
    [
        ("อบต.บานา อ.เมือง จ.ปัตตานี", True), ("องค์การบริหารส่วนตำบลบานาอำเภอเมืองปัตตานี", True),
        ("เทศบาลตำบลยะรัง อ.ยะรัง จ.ปัตตานี", True), ("อบต.ตะโละ กาโปร์", False),
        ("อบต.บานา ร่วมกับชุมชน", False),
    ],
)  # fmt: skip
def test_only_an_address_may_follow_the_name_of_a_local_body(name: str, known: bool) -> None:
    assert pd.notna(ids([name])[0]) == known


def test_bodies_of_two_tambons_of_one_name_are_told_by_their_amphoe() -> None:
    names = area()
    repeated = names[names.duplicated("tambon_th", keep=False)]
    known = repeated.groupby("tambon_th")[["amphoe_th", "province_th"]].apply(
        lambda two: tuple(two.itertuples(index=False, name=None))
    )
    assert {n: sorted(two) for n, two in known.items()} == {
        n: sorted(two) for n, two in agencies._DOUBLED.items()
    }
    told = []
    for place in repeated.itertuples():
        body = f"อบต.{place.tambon_th}"
        assert in_year(body, 2565)["reason"] == "ambiguous"
        found = in_year(f"{body} อ.{place.amphoe_th} จ.{place.province_th}", 2565)
        assert in_year(found["name_th"], 2565)["agency_id"] == found["agency_id"]
        told.append(found["agency_id"])
    assert len(set(told)) == 10
    assert in_year("อบต.พร่อน จ.ยะลา", None)["name_th"].endswith("อำเภอเมืองยะลา")
    assert in_year("อบต.สะกอม จ.สงขลา", None)["reason"] == "ambiguous"  # both lie in Songkhla
