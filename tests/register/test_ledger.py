"""The ledger: each baht once, exactly, against a plain count; lumps and their parts."""

from decimal import Decimal

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.register.ledger import AMOUNTS, baht_ledger, sector_ledger, total_ledger
from evallib.register.lump_budgets import counted_parts, find_parts
from evallib.tables import conform, empty

DAYS = pd.to_datetime(["2021-12-24", "2022-03-24", "2022-06-24", "2022-09-24"])


def baht(value) -> Decimal:
    return Decimal(str(value)).quantize(Decimal("0.01"))


def sent(rows):
    """Return submissions: (project, agency, quarter, baht)."""
    return pd.DataFrame([
        {"file": f"{a}-{q}.xlsx", "sheet": "", "row": i, "project_uid": p, "agency_id": a,
         "agency_raw": a, "fiscal_year": 2564 + int(p[-1]) % 2, "as_of": DAYS[q - 1],
         "budget_approved": b}
        for i, (p, a, q, b) in enumerate(rows)
    ])  # fmt: skip


def kept_by(rows):
    """Return the register: of each project the agency that reported it first."""
    ordered = rows.sort_values(["as_of", "agency_id"])
    return ordered.drop_duplicates("project_uid")[["project_uid", "agency_id"]]


def made_of(parent, *children, state="CONFIRMED"):
    return pd.DataFrame([
        {"parent_project_uid": parent, "project_uid": c, "fiscal_year": 2564, "probability": 0.6,
         "evidence": "", "budget_approved": 0.0, "state": state, "as_of": DAYS[0]}
        for c in children
    ])  # fmt: skip


def plain_ledger(rows, projects, parts):
    """Count baht one after the other, in decimals: the reference."""
    keeper = dict(zip(projects["project_uid"], projects["agency_id"], strict=True))
    last, first, sums, year = {}, {}, {}, {}
    for r in sorted(rows.to_dict("records"), key=lambda r: (r["as_of"], r["file"], r["row"])):
        key = r["project_uid"], r["agency_id"]
        year[r["project_uid"]] = r["fiscal_year"]
        first.setdefault(key, r["as_of"])
        last.setdefault(key, None)
        sums.setdefault(key, Decimal(0))
        if not np.isnan(r["budget_approved"]):
            last[key] = baht(r["budget_approved"])
            sums[key] += last[key]
    keeps, amount = {}, {}
    for p, agency in keeper.items():
        rank = [(own is None, key[1] != agency, first[key], key)
                for key, own in last.items() if key[0] == p]  # fmt: skip
        keeps[p] = min(rank)[-1]
        amount[p] = last[keeps[p]] or Decimal(0)
    ledger = {}
    for (p, a), known in last.items():
        line = ledger.setdefault((year[p], a), dict.fromkeys(AMOUNTS, Decimal(0)))
        own = known or Decimal(0)
        inside = sum(
            (
                amount.get(c.project_uid, Decimal(0))
                for c in parts.itertuples()
                if c.parent_project_uid == p and c.state == "CONFIRMED"
            ),
            Decimal(0),
        )
        line["reported"] += sums[p, a]
        line["repeated"] += sums[p, a] - own
        if keeps[p] != (p, a):
            line["duplicated"] += own
        else:
            line["contained"] += min(inside, own)
            line["unique_baht"] += own - min(inside, own)
    return ledger


AMOUNT = st.one_of(st.none(), st.integers(0, 10**12).map(lambda satang: satang / 100))
ROWS = st.lists(
    st.tuples(st.sampled_from([f"P-{i}" for i in range(6)]), st.sampled_from("ABC"),
              st.integers(1, 4), AMOUNT),
    min_size=1, max_size=30,
)  # fmt: skip


@settings(max_examples=60, deadline=None)
@given(ROWS, st.booleans())
def test_the_ledger_is_the_plain_count_and_its_identity_holds_to_the_satang(rows, lump) -> None:
    submissions = sent(rows).astype({"budget_approved": "float64"})
    projects = kept_by(submissions)
    parts = made_of("P-0", "P-2", "P-4") if lump else empty("project_parts")
    ledger = baht_ledger(submissions, projects, parts)
    plain = plain_ledger(submissions, projects, parts)

    assert len(ledger) == len(plain)
    for line in ledger.to_dict("records"):
        told = {name: baht(line[name]) for name in AMOUNTS}
        assert told == plain[line["fiscal_year"], line["agency_id"]]
        taken = told["repeated"] + told["duplicated"] + told["contained"]
        assert told["reported"] - taken == told["unique_baht"]
        assert min(told.values()) >= 0
    sectors = projects.assign(sector_code=["WAT", "ROD"][len(projects) % 2])
    by_sector = sector_ledger(submissions, sectors, parts)
    for name in AMOUNTS:
        assert sum(map(baht, by_sector[name])) == sum(map(baht, ledger[name]))
    accepted, refused = conform(ledger, "baht_ledger")
    assert (len(accepted), refused) == (len(ledger), [])
    total = total_ledger(ledger)
    for year in total["fiscal_year"]:
        mine = [line for (y, _), line in plain.items() if y == year]
        whole = total[total["fiscal_year"] == year].iloc[0]
        assert [baht(whole[n]) for n in AMOUNTS] == [sum(m[n] for m in mine) for n in AMOUNTS]


def test_quarterly_reports_count_once_with_the_last_budget() -> None:
    rows = sent([("P-1", "A", q, b) for q, b in ((1, 100.1), (2, 100.1), (3, 90.0), (4, None))])
    line = baht_ledger(rows, kept_by(rows), empty("project_parts")).iloc[0]
    assert line[["n_rows", "n_projects", *AMOUNTS]].tolist() == [4, 1, 290.2, 200.2, 0, 0, 90.0]


def test_baht_that_only_the_second_agency_knows_is_not_lost() -> None:
    rows = sent([("P-1", "A", 1, None), ("P-1", "B", 2, 70.0)])
    ledger = baht_ledger(rows, kept_by(rows), empty("project_parts")).set_index("agency_id")
    assert ledger["unique_baht"].to_dict() == {"A": 0.0, "B": 70.0}


def test_agencies_that_the_register_does_not_know_have_lines_of_their_own() -> None:
    rows = sent([("P-1", "A", 1, 5.0), ("P-3", "A", 1, 6.0), ("P-5", "A", 1, 7.0)])
    rows["agency_id"] = None
    rows["agency_raw"] = ["กลุ่ม ก", "กลุ่ม  ข", None]
    ledger = baht_ledger(rows, kept_by(rows), empty("project_parts"))
    assert ledger[["agency_id", "unique_baht"]].to_numpy().tolist() == [
        ["-", 7.0], ["กลุ่ม  ข", 6.0], ["กลุ่ม ก", 5.0]]  # fmt: skip


def test_no_submissions_give_an_empty_ledger() -> None:
    nothing = baht_ledger(empty("project_submissions"), empty("projects"), empty("project_parts"))
    assert len(nothing) == len(total_ledger(nothing)) == 0


PROVINCE = ("P-whole", "PAO-94", "พัฒนาแหล่งน้ำ จังหวัดปัตตานี", 900_000.0, None)


def lines(*rows):
    """Return a register: (uid, agency, title, baht, tambon; None is the province alone)."""
    return pd.DataFrame([
        {"project_uid": u, "agency_id": a, "title_th": t, "budget_approved": b, "fiscal_year": 2565,
         "tambon_code": c, "amphoe_code": c[:4] if c else None, "province_code": "94",
         "start_date": pd.NaT, "as_of": DAYS[0]}
        for u, a, t, b, c in rows
    ])  # fmt: skip


def part(uid, amount, tambon, *, agency="PAO-94", title="พัฒนาแหล่งน้ำ ต.บานา"):
    return uid, agency, title, amount, tambon


PARTS = [
    ([part("P-1", 5e5, "940103"), part("P-2", 4e5, "940104")], [0.95, 0.95]),
    ([part("P-1", 5e5, "940103"), part("P-2", 3e5, "940104")], [0.6, 0.6]),  # not all yet
    ([part("P-1", 5e5, "940103"), part("P-2", 5e5, "940104")], []),  # more than the whole
    ([part("P-1", 5e5, "940103")], []),  # one line is no breakdown
    ([part("P-1", 5e5, "940103"), part("P-2", 4e5, "950104")], [0.95, 0.95]),
    ([part("P-1", 5e5, "940103"), part("P-2", 4e5, "940104", title="ทุนการศึกษา")], []),
    ([part("P-1", 5e5, "940103", agency="A"), part("P-2", 4e5, "940104", agency="B")], [0.95] * 2),
    ([part("P-1", 5e5, "940103", agency="A"), part("P-2", 4e5, "940104", agency="A"),
      part("P-3", 1e5, "940105", agency="B")], [0.95, 0.95]),
]  # fmt: skip


@pytest.mark.parametrize(("rows", "expected"), PARTS)
def test_a_lump_budget_and_its_parts(rows, expected) -> None:
    register = lines(PROVINCE, *rows)
    register.loc[register["tambon_code"].str[:2] == "95", "province_code"] = "95"
    found = find_parts(register)
    if any(r[4].startswith("95") for r in rows):  # of another province: not inside the lump
        expected = []
    assert found["probability"].tolist() == expected
    assert set(found["parent_project_uid"]) <= {"P-whole"}
    assert conform(found, "project_parts")[1] == []


def test_parts_of_a_lump_are_subtracted_from_it_once() -> None:
    register = lines(PROVINCE, *PARTS[0][0])
    rows = sent([(u, "PAO-94", q, b) for q in (1, 2) for u, b in
                 (("P-0", 9e5), ("P-2", 5e5), ("P-4", 4e5))])  # fmt: skip
    ids = {"P-0": "P-whole", "P-2": "P-1", "P-4": "P-2"}
    rows["project_uid"] = rows["project_uid"].map(ids)
    (line,) = baht_ledger(rows, register, find_parts(register)).to_dict("records")
    assert [line[n] for n in AMOUNTS] == [3.6e6, 1.8e6, 0.0, 9e5, 9e5]


def test_a_person_decides_on_parts() -> None:
    short = lines(PROVINCE, *PARTS[1][0])
    both = {("P-1", "P-whole"): "CONFIRMED", ("P-2", "P-whole"): "REJECTED"}
    assert len(counted_parts(find_parts(short))) == 0
    found = find_parts(short, decisions=both)
    assert counted_parts(found)["project_uid"].tolist() == ["P-1"]
    whole = find_parts(lines(PROVINCE, *PARTS[0][0]), decisions={("P-1", "P-whole"): "REJECTED"})
    assert counted_parts(whole)["project_uid"].tolist() == ["P-2"]
