"""Links: who is a candidate, what moves a probability, what it says, and what persons decide."""

import hashlib
import json
import os
import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib import tables
from evallib.needs import classify_needs, link_projects, read_keywords
from evallib.needs.links.candidates import Candidates, candidate_pairs, place_rows
from evallib.needs.links.features import FEATURES, _dots, compare, read_texts
from evallib.needs.links.link import (
    KEEP,
    PASSES,
    RIVALS,
    beside_rivals,
    link_weights,
    probabilities,
    weigh_rivals,
)
from evallib.needs.links.review import LinkReview
from evallib.needs.sectors.classifier import classifier

NEED = {
    "need_id": "N1", "need_text_th": "น้ำประปาไม่ไหล นางสาวสมมุติเดือดร้อน",
    "tambon_code": "941012", "first_stated": "2565-Q2", "as_of": "2022-03-31",
}  # fmt: skip
PROJECT = {
    "project_uid": "P1", "title_th": "ปรับปรุงระบบประปา ต.เขาตูม", "tambon_code": "941012",
    "start_date": "2022-02-01", "end_date": "2022-09-30", "as_of": "2022-06-24",
}  # fmt: skip
NOWHERE = {"tambon_code": None}


def needs(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([NEED | change for change in changes or ({},)])


def projects(*changes: dict[str, object]) -> pd.DataFrame:
    return pd.DataFrame([PROJECT | change for change in changes or ({},)])


def features(need: dict[str, object], project: dict[str, object]) -> dict[str, float]:
    """Return the features of one pair, whatever its probability."""
    wanted, offered = place_rows(needs(need)), place_rows(projects(project))
    if "village_no" not in wanted:
        wanted["village_no"] = pd.NA
    model = classifier()
    one = read_texts(
        wanted["need_text_th"].fillna("").tolist(), wanted["village_no"].astype("Int64"), model
    )
    other = read_texts(
        offered["title_th"].fillna("").tolist(), pd.Series([pd.NA], dtype="Int64"), model
    )
    pairs = candidate_pairs(
        wanted, offered, (one.topics, one.sectors), (other.topics, other.sectors)
    )
    assert len(pairs) == 1, "no candidate"
    row = compare(pairs, wanted, offered, one, other)[0]
    return dict(zip(FEATURES, row.tolist(), strict=True))


def test_links_meet_their_contract() -> None:
    found = link_projects(needs(), projects())
    accepted, findings = tables.conform(found, "need_project_links")
    assert findings == []
    pd.testing.assert_frame_equal(found, accepted)
    row = found.iloc[0]
    assert (row["need_id"], row["project_uid"], row["reviewer_state"]) == ("N1", "P1", "auto")
    assert row["time_ok"]
    assert row["as_of"] == pd.Timestamp("2022-06-24")
    assert row["score"] > 0.5


def test_evidence_holds_keywords_and_nothing_else_of_the_need() -> None:
    found = link_projects(needs(), projects({"objective_th": "ช่วยนางสาวสมมุติเดือดร้อน"}))
    said = dict(field.split(" ", 1) for field in found["evidence"].item().split("; "))
    assert set(said) == {"terms", "similarity", "topics", "place", "time"}
    assert set(said["terms"].split(",")) <= set(read_keywords()["keyword"])
    assert (said["place"], said["time"]) == ("tambon", "within")
    assert "สมมุติ" not in found.to_csv()


@pytest.mark.parametrize(
    "change",
    [
        {"tambon_code": "941011"},  # the next tambon
        {"tambon_code": None, "amphoe_code": "9409"},
        {"tambon_code": None, "amphoe_code": None, "province_code": "95"},
        {"end_date": "2021-12-31"},  # over before the need was stated
        {"tambon_code": None},  # located nowhere
        {
            "tambon_code": None,
            "amphoe_code": "9410",
            "title_th": "อบรมเยาวชน",
        },  # wide, another topic
        {"title_th": "แข่งขันฟุตบอลเยาวชน"},  # in the tambon, about something else
    ],
)
def test_who_is_no_link(change: dict[str, object]) -> None:
    assert link_projects(needs(), projects(change)).empty


@pytest.mark.parametrize("place", [{"tambon_code": None, "amphoe_code": "9410"},
                                   {"tambon_code": None, "province_code": "94"}])  # fmt: skip
def test_a_project_of_a_wide_place_is_a_candidate_where_it_is_alike(place) -> None:
    near = link_projects(needs(), projects())["score"].item()
    wide = probabilities(np.array([list(features({}, place).values())], dtype=np.float32)).item()
    assert wide < near


def test_what_moves_a_feature() -> None:
    plain = features({}, {})
    assert plain["shared_term"] == 1.0
    assert features({"need_text_th": ""}, {})["similarity"] == 0.0
    assert features({"village_no": 3}, {"title_th": "ประปาหมู่ที่ 3"})["village_same"] == 1.0
    assert features({"village_no": 3}, {"title_th": "ประปาหมู่ที่ 4"})["village_differs"] == 1.0
    assert features({"village_no": 3}, {})["village_differs"] == 0.0
    assert plain["begins_within"] == 1.0
    assert features({}, {"start_date": "2021-11-01"})["begins_before"] == 1.0
    assert features({}, {"start_date": None})["begins_within"] == 0.0
    assert features({"first_stated": None}, {})["begins_before"] == 0.0
    later = features({}, {"start_date": "2023-05-01", "end_date": None})
    assert later["begins_within"] == later["begins_before"] == 0.0


def test_the_probability_is_logistic_in_the_features_with_signs_of_their_meaning() -> None:
    intercept, weights = link_weights("pair", FEATURES)
    last, of_rivals = link_weights(PASSES[-1], RIVALS)
    row = np.array([list(features({}, {}).values())], dtype=np.float32)
    odds = intercept + float(row[0].astype(float) @ weights)
    expected = 1 / (1 + np.exp(-(last + of_rivals[0] * odds)))  # a pair without rivals
    assert link_projects(needs(), projects())["score"].item() == pytest.approx(expected, abs=1e-4)
    weight = dict(zip((*FEATURES, *RIVALS), (*weights, *of_rivals), strict=True))
    against = {"amphoe_wide", "province_wide", "village_differs", "begins_before",
               "need_rivals", "project_rivals"}  # fmt: skip
    assert all((value <= 0) if name in against else (value >= 0) for name, value in weight.items())
    assert weight["profile"] > 0
    assert weight["need_rivals"] < 0


def test_a_rival_takes_its_share_and_says_so() -> None:
    alone = link_projects(needs(), projects()).iloc[0]
    twice = link_projects(needs(), projects({}, {"project_uid": "P2"}))
    assert (twice["score"] < alone["score"]).all()
    assert twice["score"].iloc[0] == twice["score"].iloc[1]
    assert "rivals" not in alone["evidence"]
    assert twice["evidence"].str.contains(r"; rivals 0\.[1-9]$|; rivals 1\.0$").all()


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_rivals_are_those_of_the_plain_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    member = np.unique(rng.integers(0, 5, (12, 2)), axis=0)
    p = rng.random(len(member)).round(rng.integers(0, 5))  # also certain ones
    alone = rng.random(len(member))
    found = weigh_rivals(Candidates(member[:, 0], member[:, 1], member[:, 0]), alone, p)
    assert np.isfinite(found).all()
    for k, (need, project) in enumerate(member):
        others = [q for (n, j), q in zip(member, p, strict=True) if n == need and j != project]
        wants = [q for (n, j), q in zip(member, p, strict=True) if j == project and n != need]
        expected = [np.log1p(sum(others)), np.log1p(sum(wants))]
        odds = (alone[k] + 1e-6) / (1 - alone[k] + 1e-6)  # a million to one at most
        assert found[k, 0] == pytest.approx(np.log(odds), abs=1e-9)
        assert found[k, 1:] == pytest.approx(expected, abs=1e-9)
    none = np.array([], dtype=np.intp)
    assert [x.shape for x in beside_rivals(Candidates(none, none, none), np.array([]))] == [
        (0,)
    ] * 2


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_dot_products_of_pairs_equal_those_of_whole_matrices(seed: int) -> None:
    from scipy.sparse import random_array

    rng = np.random.default_rng(seed)
    left, right = (
        random_array((n, 9), density=0.4, format="csr", dtype=np.float32, random_state=rng)
        for n in (6, 5)
    )
    i, j = np.sort(rng.integers(0, 6, 14)), rng.integers(0, 5, 14)
    whole = (left @ right.T).toarray()
    assert _dots(left, right, i, j) == pytest.approx(whole[i, j], abs=1e-5)


def plain_candidates(wanted, offered, topic, sector) -> set[tuple[int, int]]:
    """Read the rule of candidates in loops."""
    found = set()
    for i, need in wanted.iterrows():
        for j, project in offered.iterrows():
            level = next((k for k, c in enumerate(("tambon_code", "amphoe_code", "province_code"))
                          if pd.notna(project[c])), None)  # fmt: skip
            if level is None:
                continue
            name = ("tambon_code", "amphoe_code", "province_code")[level]
            over = project["end_date"] < need["begins"]
            alike = level == 0 or topic[i, j] >= 0.2 or sector[i, j] >= 0.6
            if need[name] == project[name] and not over and alike:
                found.add((i, j))
    return found


@settings(max_examples=60, deadline=None)
@given(st.integers(0, 2**32 - 1))
def test_candidates_are_those_of_the_plain_rule(seed: int) -> None:
    rng = np.random.default_rng(seed)
    codes = np.array(["941012", "941011", "940101", None], dtype=object)
    wanted = place_rows(pd.DataFrame({
        "tambon_code": rng.choice(codes[:3], 7),
        "first_stated": rng.choice(["2565-Q1", "2565-Q3", None], 7),
    }))  # fmt: skip
    lies = rng.choice(codes, 6)
    amphoe = np.where(rng.random(6) < 0.5, "9410", None)
    offered = place_rows(pd.DataFrame({
        "tambon_code": lies, "amphoe_code": [c[:4] if c else a for c, a in
                                             zip(lies, amphoe, strict=True)],
        "province_code": rng.choice(["94", None], 6),
        "end_date": pd.to_datetime(rng.choice(["2021-12-01", "2022-05-01", None], 6)),
    }))  # fmt: skip
    shares = [rng.dirichlet(np.full(4, 0.3), n).astype(np.float32) for n in (7, 6, 7, 6)]
    pairs = candidate_pairs(wanted, offered, (shares[0], shares[2]), (shares[1], shares[3]))
    begins = {"2565-Q1": "2021-10-01", "2565-Q3": "2022-04-01"}
    dated = wanted.assign(begins=pd.to_datetime(wanted["first_stated"].map(begins)))
    expected = plain_candidates(dated, offered, shares[0] @ shares[1].T, shares[2] @ shares[3].T)
    found = list(zip(pairs.need.tolist(), pairs.project.tolist(), strict=True))
    assert set(found) == expected
    assert found == sorted(found)


def test_several_needs_and_several_projects() -> None:
    stated = needs({}, {"need_id": "N2", "need_text_th": "ประปาหมู่บ้านน้ำขุ่น"})
    offered = projects({}, {"project_uid": "P2", "title_th": "ขยายเขตประปาหมู่บ้าน"})
    found = link_projects(stated, offered)
    assert len(found) == 4
    assert found[["need_id", "project_uid"]].to_numpy().tolist() == [
        ["N1", "P1"], ["N1", "P2"], ["N2", "P1"], ["N2", "P2"],
    ]  # fmt: skip


def test_links_depend_on_their_rivals_and_on_no_order_or_other_row() -> None:
    elsewhere = {"tambon_code": "941011"}
    stated = needs({}, {"need_id": "N2"} | elsewhere, {"need_id": "N0"} | elsewhere)
    offered = projects({}, {"project_uid": "P2", "title_th": "ก่อสร้างถนน คสล."} | elsewhere)
    found = link_projects(stated, offered)
    turned = link_projects(stated.iloc[::-1], offered.iloc[::-1])
    pd.testing.assert_frame_equal(found, turned)
    alone = link_projects(stated.iloc[:1], offered.iloc[:1])
    same = found[found["need_id"] == "N1"]
    pd.testing.assert_frame_equal(same.reset_index(drop=True), alone)


@pytest.mark.parametrize("text", ["", None, "?" * 50, "hello", "ประปา" * 2_000])
def test_odd_texts_are_linked_or_left_but_never_fail(text) -> None:
    offered = projects({}, {"title_th": text, "project_uid": "P2"})
    found = link_projects(needs({"need_text_th": text}), offered)
    assert found["score"].between(KEEP, 1).all()


def test_nothing_gives_nothing_and_missing_columns_are_allowed() -> None:
    assert link_projects(needs().head(0), projects()).empty
    assert link_projects(needs(), projects().head(0)).empty
    bare = link_projects(
        needs()[["need_id", "need_text_th", "tambon_code"]],
        projects()[["project_uid", "title_th", "tambon_code"]],
    )
    assert bare["time_ok"].isna().all()
    assert len(bare) == 1


def test_what_persons_decided_overrides() -> None:
    stated, offered = needs(), projects({}, {"project_uid": "P2", "title_th": "แข่งขันฟุตบอล"})
    review = LinkReview({("N1", "P1"): "rejected", ("N1", "P2"): "confirmed",
                         ("N9", "P1"): "confirmed"})  # fmt: skip
    found = link_projects(stated, offered, review=review).set_index("project_uid")
    assert found["reviewer_state"].to_dict() == {"P1": "rejected", "P2": "confirmed"}
    assert found.loc["P2", ["score", "method"]].tolist() == [1.0, "review"]
    assert found.loc["P2", "as_of"] == pd.Timestamp("2022-06-24")
    assert found.loc["P1", "score"] > 0.5  # what the model thought stays to be seen


def test_inputs_are_left_alone() -> None:
    stated, offered = needs(), projects()
    before = stated.copy(), offered.copy()
    link_projects(stated, offered)
    pd.testing.assert_frame_equal(stated, before[0])
    pd.testing.assert_frame_equal(offered, before[1])


def answers() -> dict[str, str]:
    """Return the fingerprint of what this process says of sectors, and of links."""
    said = classify_needs(["ขอถนนเข้าสวน", "น้ำแดงอาบไม่ได้", "ขอบคุณครับ"])
    linked = link_projects(needs(), projects())
    return {
        name: hashlib.sha256(frame.to_csv().encode()).hexdigest()
        for name, frame in (("sectors", said), ("links", linked))
    }


def test_sectors_and_links_are_the_same_in_every_process() -> None:
    """One other process answers for both: learning the model is what takes it long."""
    code = (
        "import json; from tests.needs.links.test_link import answers; print(json.dumps(answers()))"
    )
    other = "9" if os.environ.get("PYTHONHASHSEED") != "9" else "7"
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True,
        env={**os.environ, "PYTHONHASHSEED": other, "PYTHONPATH": "."},
    )  # fmt: skip
    assert json.loads(done.stdout) == answers()
