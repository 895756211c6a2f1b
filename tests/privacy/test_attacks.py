"""Attacks on all that is printed of years of small surveys, in every scope and period."""

from itertools import product

import numpy as np
import pandas as pd
import pytest

from evallib.privacy import Gate
from evallib.privacy.forms import form_digests, settle_forms
from tests.privacy.attacker import Knowledge, Recovered
from tests.privacy.surveys import AGES, AMPHOE, ANSWERS, CODES, year

SCALES = {"aware": ((0, 1), 0), "satisfaction": ((1, 5), 1), "trust_process": ((1, 5), 1)}


def scopes_and_periods():
    provinces, quarters = list(AMPHOE), [1, 2, 3, 4]
    scopes = [*([p] for p in provinces), provinces]
    periods = [*([q] for q in quarters), [1, 2], [1, 2, 3], quarters]
    return list(product(scopes, periods))


def published(forms: pd.DataFrame) -> dict:
    """Return the texts of the tables of every report that can be made of a year."""
    pages = {}
    for scope, period in scopes_and_periods():
        part = forms[forms["province_code"].isin(scope) & forms["quarter"].isin(period)]
        there = {"age_band": AGES, "amphoe_code": [code for p in scope for code in CODES[p]]}
        numbers = Gate().protect(part, tables=there, answers=ANSWERS)
        pages[tuple(scope), tuple(period)] = (
            numbers.table("age_band", measures=tuple(ANSWERS), everyone="all").frame,
            numbers.table("amphoe_code", everyone="all").frame,
        )
    return pages


def read(pages: dict, codes: dict = CODES) -> Knowledge:
    """Return what a reader of all pages knows."""
    known = Knowledge()
    for (scope, period), tables in pages.items():
        blocks = list(product(scope, period))
        for table in tables:
            by = str(table.columns[0])
            for row in table.to_dict("records"):
                category = row[by]
                of = [known.at(p, q, by if category != "all" else "", category)
                      for p, q in blocks
                      if by != "amphoe_code" or category == "all" or category[:2] == p]  # fmt: skip
                known.read_number(of, row["n"], len(of))
                for name, (scale, decimals) in SCALES.items() if len(blocks) == 1 else ():
                    if name in row:
                        points = known.at(
                            *blocks[0], by if category != "all" else "", category, name
                        )
                        known.read_mean(points, of[0], row[name], row["n"], scale, decimals)
    for p, q in product(AMPHOE, (1, 2, 3, 4)):  # tables of the same people have the same sum
        whole = known.at(p, q, "", "all")
        for by, names in (
            ("age_band", AGES),
            ("amphoe_code", codes[p]),
        ):
            parts = {known.at(p, q, by, name): 1.0 for name in names}
            known.equal.append(parts | {whole: -1.0})
        for name in SCALES:
            parts = {known.at(p, q, "age_band", age, name): 1.0 for age in AGES}
            known.equal.append(parts | {known.at(p, q, "", "all", name): -1.0})
    return known


def attack(seed: int, *, most: int = 250) -> tuple[Recovered, Recovered]:
    """Return what was recovered of small numbers of people, and of few who said yes or no."""
    forms = year(seed, most=most)
    known = read(published(forms))
    people, answers = Recovered(), Recovered()
    for p, q in product(AMPHOE, (1, 2, 3, 4)):
        here = forms[(forms["province_code"] == p) & (forms["quarter"] == q)]
        for by, names in (
            ("age_band", AGES),
            ("amphoe_code", CODES[p]),
        ):
            for name in names:
                part = here[here[by] == name]
                if len(part) <= 10:
                    people.note(known.bound({known.at(p, q, by, name): 1.0}))
                if by == "age_band":
                    n, yes = known.at(p, q, by, name), known.at(p, q, by, name, "aware")
                    if part["aware"].sum() <= 10:
                        answers.note(known.bound({yes: 1.0}))
                    if (1 - part["aware"]).sum() <= 10:
                        answers.note(known.bound({n: 1.0, yes: -1.0}))
    return people, answers


@pytest.mark.parametrize("seed", [1, 2])
def test_nothing_is_recovered_from_all_reports_of_a_year(seed) -> None:
    people, answers = attack(seed)
    assert people.asked > 60
    assert answers.asked > 20
    assert (people.exact, people.missed) == (0, 0)
    assert (answers.exact, answers.missed) == (0, 0)


@pytest.mark.simulation
@pytest.mark.parametrize("seed", range(100, 112))
def test_nothing_is_recovered_in_a_dozen_more_years(seed) -> None:
    people, answers = attack(seed)
    assert (people.exact, people.missed, answers.exact, answers.missed) == (0, 0, 0, 0)


def test_the_attacker_finds_what_is_there_to_be_found() -> None:
    """Exact numbers, with only the small ones left out, give them away."""
    known = Knowledge()
    parts = [known.at(name) for name in "abc"]
    for at, number in zip(parts[:2], (40, 33), strict=True):
        known.between({at: 1.0}, number, number)
    known.between(dict.fromkeys(parts, 1.0), 80, 80)
    told = Recovered()
    told.note(known.bound({parts[2]: 1.0}))
    assert (told.asked, told.exact, told.missed) == (1, 1, 1)


def test_numbers_of_wider_reports_are_sums_and_no_difference_is_a_small_number() -> None:
    forms = year(5)
    pages = published(forms)

    def number(scope, period, row: int) -> int:
        text = pages[tuple(scope), tuple(period)][0]["n"].tolist()[row]
        return 0 if text.startswith("≤") else int(text.replace(",", ""))

    for row in range(len(AGES) + 1):
        parts = [number([p], [q], row) for p in AMPHOE for q in (1, 2, 3, 4)]
        assert number(list(AMPHOE), [1, 2, 3, 4], row) == sum(parts)
        assert number(["95"], [1, 2, 3, 4], row) == sum(parts[4:8])


def late(forms: pd.DataFrame, rng: np.random.Generator, n: int, day: str) -> pd.DataFrame:
    """Return forms to which some came, changed or went; those that came bear a day."""
    kind = rng.choice(["late", "corrected", "withdrawn"])
    if kind == "withdrawn":
        return forms.drop(index=rng.choice(forms.index, n, replace=False))
    changed = forms.copy()
    if kind == "corrected":
        rows = rng.choice(forms.index, n, replace=False)
        changed.loc[rows, "aware"] = 1 - changed.loc[rows, "aware"]
        return changed
    more = forms.sample(n, random_state=int(rng.integers(1e6))).assign(as_of=day)
    more["resp_key"] = more["resp_key"] + f"-{day}"
    return pd.concat([changed, more], ignore_index=True)


def editions(seed: int, n_editions: int) -> list[pd.DataFrame]:
    """Return the forms on which each edition of one quarter rests, register and all."""
    rng = np.random.default_rng(seed)
    forms = year(seed)
    forms = forms[(forms["province_code"] == "95") & (forms["quarter"] == 4)]
    forms = forms.rename(columns={"form": "resp_key"}).assign(as_of="2022-09-30")
    register, made = None, []
    for edition in range(n_editions):
        if edition:
            n = int(rng.integers(1, 15))
            forms = late(forms.reset_index(drop=True), rng, n, f"2022-10-{edition:02d}")
        settled = settle_forms(forms, register, threshold=10).forms
        made.append(settled)
        new = settled.assign(set_id=f"set {edition}")
        register = new if register is None else pd.concat([register, new], ignore_index=True)
    return made


def differing(one: pd.DataFrame, other: pd.DataFrame) -> int:
    said = [dict(zip(f["resp_key"], form_digests(f.drop(columns="form")), strict=True))
            for f in (one, other)]  # fmt: skip
    return sum(said[0].get(key) != said[1].get(key) for key in said[0].keys() | said[1].keys())


@pytest.mark.parametrize("seed", range(20))
def test_no_two_editions_differ_by_a_few_people(seed) -> None:
    made = editions(seed, 4)
    for i, one in enumerate(made):
        for other in made[:i]:
            assert differing(one, other) == 0 or differing(one, other) >= 10


PAIRS = [pytest.param(seed, marks=[pytest.mark.simulation] if seed % 8 else [])
         for seed in range(200, 400)]  # fmt: skip


@pytest.mark.parametrize("seed", PAIRS)
def test_a_second_edition_tells_nothing_of_the_one_late_form(seed) -> None:
    rng = np.random.default_rng(seed)
    forms = year(seed).query("province_code == '96' and quarter == 2").reset_index(drop=True)
    forms = forms.rename(columns={"form": "resp_key"}).assign(as_of="2022-03-31")
    after = pd.concat([forms, forms.iloc[[int(rng.integers(len(forms)))]].assign(
        resp_key="late", as_of="2022-04-20")], ignore_index=True)  # fmt: skip
    tables = []
    for known in (forms, after):
        settled = settle_forms(known, threshold=10)
        numbers = Gate().protect(settled.forms, tables={"age_band": AGES}, answers=ANSWERS)
        tables.append(numbers.table("age_band", measures=tuple(ANSWERS), everyone="all").frame)
    assert settled.waiting == 1
    pd.testing.assert_frame_equal(tables[0], tables[1])


@pytest.mark.parametrize("seed", range(4))
def test_tambons_beside_their_amphoe_give_nobody_away(seed) -> None:
    rng = np.random.default_rng(seed)
    forms = year(seed).query("province_code == '95' and quarter == 1").reset_index(drop=True)
    forms["tambon_code"] = forms["amphoe_code"] + pd.Series(rng.integers(1, 4, len(forms))).map(
        "{:02d}".format
    )
    tambons = [f"{code}{i:02d}" for code in CODES["95"] for i in (1, 2, 3)]
    numbers = Gate().protect(forms, tables={"amphoe_code": CODES["95"], "tambon_code": tambons})
    known, told = Knowledge(), Recovered()
    for by in ("amphoe_code", "tambon_code"):
        for row in numbers.table(by, everyone="all").frame.to_dict("records"):
            known.read_number([known.at(row[by])], row["n"])
    for code in CODES["95"]:
        parts = {known.at(f"{code}{i:02d}"): 1.0 for i in (1, 2, 3)}
        known.equal.append(parts | {known.at(code): -1.0})
    known.equal.append({known.at(code): 1.0 for code in CODES["95"]} | {known.at("all"): -1.0})
    counts = pd.concat([forms[by].value_counts() for by in ("amphoe_code", "tambon_code")])
    for code in [*CODES["95"], *tambons]:
        if counts.get(code, 0) <= 10:
            told.note(known.bound({known.at(code): 1.0}))
    assert told.asked > 10
    assert (told.exact, told.missed) == (0, 0)
