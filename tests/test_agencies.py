"""Agencies: the table of aliases is sound, exact names resolve, near misses do not."""

from pathlib import Path

import pandas as pd
import pytest

from evallib.agencies import read_agencies, resolve_agencies

SHARED = Path(__file__).resolve().parents[2] / "shared" / "data"
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
