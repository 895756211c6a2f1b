"""Duplicates across agencies: which pairs are looked at, how probable each is, what is merged."""

import csv
import math
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from evallib.clean import read_submission
from evallib.demo import write_demo
from evallib.register import assemble, find_duplicates
from evallib.register.duplicates import merge_pairs, report_pairs
from evallib.register.likeness import (
    FIELDS,
    compare_pairs,
    duplicate_weights,
    probability_of,
)
from evallib.register.pairs import MOST, candidate_pairs
from evallib.register.titles import title_cores
from evallib.tables import conform
from tests.paths import DATA

MESS = (DATA / "mess_cases.csv").read_text(encoding="utf-8")
CASES = {row["kind"]: row for row in csv.DictReader(MESS.splitlines())}


def pair(**second):
    """Return a register of two projects that differ in what is given."""
    first = {
        "project_uid": "P-2565-1", "agency_id": "RID-94", "fiscal_year": 2565,
        "title_th": "ปรับปรุงระบบส่งน้ำ ต.สะดาวา", "budget_approved": 500_000.0,
        "start_date": pd.Timestamp("2022-01-05"), "tambon_code": "941002", "amphoe_code": "9410",
        "province_code": "94", "as_of": pd.Timestamp("2022-03-31"),
    }  # fmt: skip
    other = {"project_uid": "P-2565-2", "agency_id": "PAO-94", "as_of": pd.Timestamp("2022-06-30")}
    return pd.DataFrame([first, first | other | second])


def chance(**second):
    found = find_duplicates(pair(**second))
    return found["probability"].max() if len(found) else 0.0


PAIRS = [
    ({}, 0.95, 1.0),
    ({"title_th": "โครงการปรับปรุงระบบส่งน้ำ หมู่ที่ 2 ตำบลสะดาวา"}, 0.95, 1.0),
    ({"budget_approved": 900_000.0}, 0.0, 0.5),  # same title and place, another budget
    ({"title_th": "ก่อสร้างถนนคอนกรีต ต.สะดาวา"}, 0.0, 0.5),  # same budget, another work
    ({"agency_id": "RID-94"}, 0.0, 0.0),  # an agency that lists two projects means two
    ({"fiscal_year": 2564}, 0.0, 0.0),  # an obligation over years
    ({"tambon_code": "941012"}, 0.0, 0.0),
    ({"tambon_code": None}, 0.5, 0.9),  # the amphoe alone is known: for a person to see
    ({"start_date": pd.NaT}, 0.5, 0.9),  # a round sum and no date: for a person to see
]


@pytest.mark.parametrize(("second", "low", "high"), PAIRS)
def test_probability_of_a_duplicate(second, low, high) -> None:
    assert low <= chance(**second) <= high
    accepted, refused = conform(find_duplicates(pair(**second)), "project_duplicates")
    assert refused == []
    assert len(accepted) == (chance(**second) > 0)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ("ก่อสร้างถนนสายบ้านบน ระยะที่ 1", "ก่อสร้างถนนสายบ้านบน ระยะที่ ๒"),
        ("ซ่อมแซมอาคาร หมู่ที่ 3", "ซ่อมแซมอาคาร ม. 5"),
    ],
)
def test_another_phase_or_village_is_another_project_however_alike(first, second) -> None:
    rows = pair()
    rows["title_th"] = [first, second]
    assert len(find_duplicates(rows)) == 0


def test_probability_is_the_logistic_function_of_the_evidence() -> None:
    found = find_duplicates(
        pair(budget_approved=510_000.0, start_date=pd.Timestamp("2022-02-04"))
    )  # fmt: skip
    w = duplicate_weights()
    z = w["constant"] + w["title"] + w["dates_near"] * 2 ** (-30 / 30)
    z += w["amount_near"] * math.exp(-20 * math.log(510 / 500))
    assert found["probability"].tolist() == [pytest.approx(1 / (1 + math.exp(-z)), abs=1e-4)]


def test_a_round_sum_says_half_of_what_an_odd_one_says() -> None:
    rows = pair()
    for baht, said in ((500_000.0, 0.5), (1_000_000.0, 0.5), (512_300.0, 1.0), (0.0, 0.0)):
        evidence = compare_pairs(rows.assign(budget_approved=baht), np.array([0]), np.array([1]))
        assert evidence["amount_same"].tolist() == [said]


def test_a_field_that_one_of_the_two_lacks_says_nothing() -> None:
    lacking = pair(budget_approved=None, start_date=pd.NaT)
    evidence = compare_pairs(lacking, np.array([0]), np.array([1])).iloc[0]
    silent = [name for name in FIELDS if name.startswith(("amount", "date", "target"))]
    assert evidence[silent].tolist() == [0] * len(silent)


def test_evidence_does_not_depend_on_which_of_the_two_is_first() -> None:
    rows = pair(title_th="งานปรับปรุงคลองส่งน้ำ", budget_approved=505_500.0, tambon_code=None)
    a, b = np.array([0]), np.array([1])
    pd.testing.assert_frame_equal(compare_pairs(rows, a, b), compare_pairs(rows, b, a))


def test_every_weight_has_the_sign_of_its_meaning_and_a_source() -> None:
    against = {"numbers_differ", "amount_far", "dates_far", "place_coarse", "target_differs"}
    weights = duplicate_weights()
    assert set(weights) == {"constant", *FIELDS}
    assert all((weights[name] < 0) == (name in against) for name in FIELDS)
    assert probability_of(pd.DataFrame([dict.fromkeys(FIELDS, 0.0)]))[0] < 0.01


def random_register(n, seed):
    rng = np.random.default_rng(seed)
    works = ("ขุดบ่อบาดาล", "ซ่อมถนน", "ก่อสร้างถนนคอนกรีต", "ทุนการศึกษา", "ส่งเสริมอาชีพเลี้ยงแพะ")
    tambon = rng.choice(["941001", "941002", "950101"], n).astype(object)
    level = rng.choice([6, 4, 2, 0], n, p=[0.7, 0.1, 0.1, 0.1])
    return pd.DataFrame({
        "project_uid": [f"P-{i}" for i in range(n)], "agency_id": rng.choice(["A", "B", "C"], n),
        "title_th": [f"{works[i]}สาย {k}" for i, k in zip(rng.integers(5, size=n),
                                                         rng.integers(9, size=n), strict=True)],
        "fiscal_year": rng.choice([2564, 2565], n), "budget_approved": rng.integers(1, 9, n) * 1e4,
        "tambon_code": [c if k == 6 else None for c, k in zip(tambon, level, strict=True)],
        "amphoe_code": [c[:4] if k >= 4 else None for c, k in zip(tambon, level, strict=True)],
        "province_code": [c[:2] if k >= 2 else None for c, k in zip(tambon, level, strict=True)],
        "start_date": pd.Timestamp("2022-01-01"), "as_of": pd.Timestamp("2022-03-31"),
    })  # fmt: skip


def plain_pairs(rows):
    """Return candidate pairs, one project after the other: the reference."""
    finest = (
        rows["tambon_code"].fillna(rows["amphoe_code"]).fillna(rows["province_code"]).fillna("")
    )
    grams = [{core[k : k + 3] for k in range(max(len(core) - 2, 1))}
             for core in title_cores(rows["title_th"])["core"]]  # fmt: skip
    found = set()
    for i in range(len(rows)):
        for j in range(i):
            a, b = sorted((finest[i], finest[j]), key=len)
            shared = len(grams[i] & grams[j]) / math.sqrt(len(grams[i]) * len(grams[j]))
            same_sum = rows["budget_approved"][i] == rows["budget_approved"][j]
            if (rows["agency_id"][i] != rows["agency_id"][j] and b.startswith(a)
                    and rows["fiscal_year"][i] == rows["fiscal_year"][j]
                    and (shared >= 0.3 or same_sum)):  # fmt: skip
                found.add((j, i))
    return found


def test_candidate_pairs_are_those_of_the_plain_loop() -> None:
    rows = random_register(120, seed=1)
    found = candidate_pairs(rows)
    assert set(zip(found.first.tolist(), found.second.tolist(), strict=True)) == plain_pairs(rows)
    assert len(found.first) > 100
    assert len(found.crowded) == 0


def test_a_crowd_of_equal_projects_is_told_and_not_multiplied() -> None:
    many = pd.concat([pair()] * MOST, ignore_index=True)
    found = candidate_pairs(many)
    assert len(found.first) == 0
    assert len(found.crowded) == len(many)


def test_the_order_of_the_register_does_not_matter() -> None:
    rows = random_register(200, seed=2)
    shuffled = rows.sample(frac=1, random_state=3)
    pd.testing.assert_frame_equal(find_duplicates(rows), find_duplicates(shuffled))


def three():
    """Return a register of one project of RID-94 and two of another agency that look like it."""
    return pd.concat(
        [pair(), pair(project_uid="P-2565-3", title_th="ปรับปรุงระบบส่งน้ำ").iloc[1:]],
        ignore_index=True,
    )


def merged_with(decisions, projects=None):
    projects = three() if projects is None else projects
    pairs = find_duplicates(projects, decisions=decisions)
    return pairs, merge_pairs(pairs, projects)


def test_a_group_never_takes_in_two_projects_of_one_agency() -> None:
    pairs, merged = merged_with({})
    assert set(zip(pairs["project_uid"], pairs["duplicate_uid"], strict=True)) == {
        ("P-2565-1", "P-2565-2"), ("P-2565-1", "P-2565-3")}  # fmt: skip
    assert list(merged.values()) == ["P-2565-1"]


def test_a_rejected_pair_is_never_merged_and_the_next_takes_its_place() -> None:
    pairs, merged = merged_with({("P-2565-1", "P-2565-2"): "REJECTED"})
    assert merged == {"P-2565-3": "P-2565-1"}
    assert pairs["state"].tolist() == ["REJECTED", "OPEN"]
    assert [f.code for f in report_pairs(pairs, merged)] == ["duplicate.merged"]


def test_a_rejected_pair_stays_apart_also_through_a_third_project() -> None:
    projects = three().assign(agency_id=["RID-94", "PAO-94", "DGR"])
    pairs, merged = merged_with({("P-2565-2", "P-2565-3"): "REJECTED"}, projects)
    assert len(pairs) == 3
    assert len(merged) == 1


def test_a_confirmed_pair_merges_whatever_its_probability() -> None:
    projects = pair(title_th="ทุนการศึกษา", budget_approved=7.0, tambon_code="941012")
    assert len(find_duplicates(projects)) == 0
    pairs, merged = merged_with({("P-2565-1", "P-2565-2"): "CONFIRMED"}, projects)
    assert merged == {"P-2565-2": "P-2565-1"}
    assert pairs["probability"].item() < 0.01


def test_decisions_that_contradict_each_other_are_an_error_and_rejection_wins() -> None:
    decisions = {("P-2565-1", "P-2565-2"): "CONFIRMED", ("P-2565-1", "P-2565-3"): "CONFIRMED",
                 ("P-2565-2", "P-2565-3"): "REJECTED"}  # fmt: skip
    pairs, merged = merged_with(decisions)
    told = [f for f in report_pairs(pairs, merged) if f.severity == "error"]
    assert len(merged) == 1
    assert [f.code for f in told] == ["duplicate.confirmed_apart"]


def test_a_decision_on_projects_that_are_gone_or_of_other_years_merges_nothing() -> None:
    decisions = {("P-2565-1", "P-0"): "CONFIRMED", ("P-2565-1", "P-2565-2"): "CONFIRMED"}
    pairs, merged = merged_with(decisions, pair(fiscal_year=2564))
    assert (len(pairs), merged) == (0, {})


def test_mess_case_of_one_project_of_two_agencies_is_a_pair() -> None:
    titles = [part.split(" (")[0] for part in CASES["duplicate_agency"]["raw"].split(" = ")]
    rows = pair()
    rows["title_th"] = titles
    found = find_duplicates(rows)
    assert titles == ["ปรับปรุงระบบส่งน้ำ ต.สะดาวา", "ปรับปรุงระบบส่งน้ำ ตำบลสะดาวา"]
    assert found["state"].tolist() == ["OPEN"]
    assert found["probability"].item() >= 0.5


def test_mess_case_of_an_item_in_three_years_is_three_obligations() -> None:
    assert "2022,2023,2024" in CASES["duplicate_years"]["raw"]
    rows = pd.concat(
        [pair(project_uid=f"B-{y}").assign(fiscal_year=y + 543, project_uid=[f"A-{y}", f"B-{y}"])
         for y in (2022, 2023, 2024)], ignore_index=True)  # fmt: skip
    found = find_duplicates(rows)
    assert found["project_uid"].str[2:].tolist() == found["duplicate_uid"].str[2:].tolist()
    assert len(found) == 3


def test_mess_case_of_like_names_of_agencies_makes_no_kin_of_them() -> None:
    names = CASES["near_miss_names"]["raw"].split(" ~ ")
    rows = pair().assign(agency_id=None, agency_raw=names)
    evidence = compare_pairs(rows, np.array([0]), np.array([1]))
    assert evidence["agency_kin"].item() == 0
    assert len(find_duplicates(rows)) == 1  # two agencies: a pair, whatever the names are like


@pytest.mark.slow
def test_pairs_of_the_demo_are_merged_as_its_truth_says(tmp_path) -> None:
    """Three tenths of synthetic submissions; the weights were learnt on other seeds."""
    report = write_demo(tmp_path / "raw", fraction=0.3)
    truth = pd.read_csv(report.truth / "submissions.csv")
    files = [report.folder / name for name in sorted(truth["file"].unique())]
    sent = [read_submission(f, raw=report.folder) for f in files if f.exists()]
    frames = assemble(sent).frames
    rows = frames["project_submissions"].merge(truth, on=["file", "sheet", "row"])
    series = rows.drop_duplicates(["project_uid", "true_project_id", "agency"])
    merged = {frozenset(pair) for _, group in series.groupby("project_uid")
              for pair in combinations(zip(group["true_project_id"], group["agency"],
                                           strict=True), 2)}  # fmt: skip
    real = {frozenset(((d.true_project_id, d.agency), (d.true_project_id, d.other_agency)))
            for d in pd.read_csv(report.truth / "duplicates.csv").itertuples()}  # fmt: skip
    assert len(real) > 30
    assert len(merged & real) >= 0.98 * len(merged)
    assert len(merged & real) >= 0.95 * len(real)
    once = frames["baht_ledger"]["unique_baht"].sum()
    assert once == pytest.approx(frames["projects"]["budget_approved"].sum(), abs=0.01)
    assert len(frames["project_parts"]) <= 4  # the demo has no lump budgets; two look like one
