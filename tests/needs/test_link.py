"""Links: who is a candidate, what moves a score, and that texts stay where they are."""

import math

import numpy as np
import pandas as pd
import pytest

from evallib import tables
from evallib.needs import link_projects, read_keywords
from evallib.needs.link import KEEP, PLACE

NEED = {
    "need_id": "N1", "need_text_th": "น้ำประปาไม่ไหล นางสาวสมมุติเดือดร้อน", "sector_code": "WAT",
    "tambon_code": "941012", "first_stated": "2565-Q2", "as_of": "2022-03-31",
}  # fmt: skip
PROJECT = {
    "project_uid": "P1", "title_th": "ปรับปรุงระบบประปา ต.เขาตูม", "sector_code": "WAT",
    "tambon_code": "941012", "start_date": "2022-02-01", "end_date": "2022-09-30",
    "as_of": "2022-06-24",
}  # fmt: skip


def needs(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([NEED | change for change in changes or ({},)])


def projects(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([PROJECT | change for change in changes or ({},)])


def score(project: dict[str, object], need: dict[str, object] | None = None) -> float:
    found = link_projects(needs(need or {}), projects(project))["score"]
    return float(found.iloc[0]) if len(found) else 0.0


def test_links_meet_their_contract() -> None:
    found = link_projects(needs(), projects())
    accepted, findings = tables.conform(found, "need_project_links")
    assert findings == []
    pd.testing.assert_frame_equal(found, accepted)
    row = found.iloc[0]
    assert (row["need_id"], row["project_uid"], row["reviewer_state"]) == ("N1", "P1", "auto")
    assert row["time_ok"]
    assert row["as_of"] == pd.Timestamp("2022-06-24")


def test_evidence_holds_keywords_and_nothing_else_of_the_need() -> None:
    found = link_projects(needs(), projects({"objective_th": "ช่วยนางสาวสมมุติเดือดร้อน"}))
    assert found["evidence"].tolist() == ["ประปา"]
    assert set(found["evidence"]) <= set(read_keywords()["keyword"])
    assert "สมมุติ" not in found.to_csv()


def test_the_score_is_the_documented_formula() -> None:
    from sklearn.feature_extraction.text import CountVectorizer

    need, project = "น้ำประปาไม่ไหล", "ระบบประปา"  # what is left of both texts
    counts = CountVectorizer(analyzer="char", ngram_range=(2, 4)).fit_transform([need, project])
    a, b = counts.toarray().astype(float)
    cosine = a @ b / np.sqrt((a @ a) * (b @ b))
    expected = 1 / (1 + math.exp(-(-1.6 + 0 + 5 * cosine + 1.2)))
    assert score({}, {"need_text_th": need}) == pytest.approx(expected, abs=5e-5)


@pytest.mark.parametrize(
    "change",
    [
        {"sector_code": "ROD"},
        {"sector_code": None},
        {"tambon_code": "941011"},  # the next tambon
        {"tambon_code": None, "amphoe_code": "9409"},
        {"tambon_code": None, "amphoe_code": None, "province_code": "95"},
        {"end_date": "2021-12-31"},  # over before the need was stated
        {"tambon_code": None},  # located nowhere
    ],
)
def test_who_is_no_candidate(change: dict[str, object]) -> None:
    assert link_projects(needs(), projects(change)).empty


def test_wider_places_score_lower_by_the_documented_odds() -> None:
    title = {"title_th": NEED["need_text_th"]}  # alike enough to stay above the threshold
    here = score(title)
    amphoe = score(title | {"tambon_code": None, "amphoe_code": "9410"})
    province = score(title | {"tambon_code": None, "province_code": "94"})

    def odds(p: float) -> float:
        return math.log(p / (1 - p))

    assert here > amphoe > province
    # scores are kept to four decimals, which is 0.05 in log-odds near one
    assert odds(amphoe) - odds(here) == pytest.approx(PLACE["amphoe_code"], abs=0.05)
    assert odds(province) - odds(here) == pytest.approx(PLACE["province_code"], abs=0.05)


def test_a_project_ending_on_the_first_day_counts_and_unknown_time_is_missing() -> None:
    edge = link_projects(needs(), projects({"end_date": "2022-01-01"}))
    assert edge["time_ok"].tolist() == [True]
    unknown = link_projects(needs(), projects({"end_date": None}))
    assert unknown["time_ok"].isna().all()


def test_shared_words_raise_the_score_and_place_names_do_not() -> None:
    assert score({"title_th": "ปรับปรุงระบบประปาไม่ไหล"}) > score({"title_th": "ขุดสระ"})
    plain = score({"title_th": "ขุดบ่อบาดาล"}, {"need_text_th": "น้ำประปาไม่ไหล"})
    named = score({"title_th": "ขุดบ่อบาดาล ต.เขาตูม"}, {"need_text_th": "น้ำประปาไม่ไหล ต.เขาตูม"})
    assert named == pytest.approx(plain, abs=1e-9)


def test_links_depend_on_the_pair_alone_and_not_on_order() -> None:
    many_needs = needs(
        {}, {"need_id": "N2", "need_text_th": "ขุดลอกคลองส่งน้ำ"},
        {"need_id": "N3", "sector_code": "ROD", "need_text_th": "ถนนเป็นหลุมบ่อ"},
    )  # fmt: skip
    many_projects = projects(
        {}, {"project_uid": "P2", "title_th": "ขุดลอกคลอง"},
        {"project_uid": "P3", "title_th": "ซ่อมถนนหลุมบ่อ", "sector_code": "ROD", "tambon_code": None,
         "amphoe_code": "9410"},
    )  # fmt: skip
    found = link_projects(many_needs, many_projects)
    turned = link_projects(many_needs.iloc[::-1], many_projects.iloc[::-1])
    pd.testing.assert_frame_equal(found, turned)
    pairs = found.set_index(["need_id", "project_uid"])["score"]
    assert pairs["N1", "P1"] == score({})
    assert ("N2", "P2") in pairs.index
    assert ("N2", "P1") not in pairs.index  # one sector and tambon, no word in common: below 0.2
    assert ("N3", "P3") in pairs.index
    assert found["score"].between(KEEP, 1).all()


def test_empty_inputs_give_an_empty_table() -> None:
    for found in (
        link_projects(needs().head(0), projects()),
        link_projects(needs(), projects().head(0)),
        link_projects(tables.empty("needs"), tables.empty("projects")),
    ):
        pd.testing.assert_frame_equal(found, tables.empty("need_project_links"))


@pytest.mark.slow
def test_a_whole_area_is_linked_in_seconds() -> None:
    from time import process_time

    from evallib.places import area

    rng = np.random.default_rng(0)
    words = read_keywords().query("sector_code != '-'").reset_index(drop=True)
    tambons = area()["tambon_code"].to_numpy()

    def rows(n: int, key: str, text: str) -> pd.DataFrame:
        chosen = words.iloc[rng.integers(len(words), size=n)].reset_index(drop=True)
        return pd.DataFrame({
            key: [f"{key}{i:06d}" for i in range(n)],
            text: "ขอ" + chosen["keyword"] + " แห่งที่ " + pd.Series(range(n)).astype(str),
            "sector_code": chosen["sector_code"],
            "tambon_code": rng.choice(tambons, size=n),
        })  # fmt: skip

    offered = rows(6_000, "project_uid", "title_th")
    wide = rng.random(6_000) < 0.3
    offered["province_code"] = offered["tambon_code"].str[:2]
    offered["tambon_code"] = offered["tambon_code"].mask(wide)
    begun = process_time()
    found = link_projects(rows(14_000, "need_id", "need_text_th"), offered)
    assert len(found) > 1_000
    assert process_time() - begun < 30
