"""Attacks on tables of several ways and levels, each published with all its sums."""

from itertools import combinations, product

import numpy as np
import pandas as pd
import pytest

from evallib.errors import DisclosureError, SchemaError
from evallib.privacy import Gate, round_table
from tests.paths import SHARED
from tests.privacy.attacker import Knowledge, Recovered
from tests.privacy.surveys import named

SECRET = "nobody reads this one"
SHAPES = ("two ways", "three ways", "levels", "levels and traits")


def cells(seed: int) -> tuple[pd.DataFrame, list[str], list[str]]:
    """Return a table of counts, its levels and its traits; most are small, some large or nought."""
    rng = np.random.default_rng(seed)
    shape = SHAPES[seed % len(SHAPES)]
    traits = {"two ways": ["a"], "three ways": ["a", "b"], "levels": [], "levels and traits": ["a"]}
    levels = ["amphoe", "tambon"] if shape.startswith("levels") else ["amphoe"]
    places = [
        (f"A{i}", f"A{i}T{j}") for i in range(rng.integers(2, 5)) for j in range(rng.integers(1, 5))
    ]
    if len(levels) == 1:
        places = sorted({place[:1] for place in places})
    ranges = [[f"{t}{k}" for k in range(rng.integers(2, 4))] for t in traits[shape]]
    rows = [(*place, *each) for place in places for each in product(*ranges)]
    people = rng.choice([0, rng.integers(1, 8), rng.integers(5, 40)], len(rows), p=[0.1, 0.5, 0.4])
    people = rng.poisson(people)
    frame = pd.DataFrame(rows, columns=[*levels, *traits[shape]]).assign(people=people)
    return frame, levels, traits[shape]


def attack(frame: pd.DataFrame, told: pd.DataFrame, keys: list[str]) -> Recovered:
    """Return what a reader of all cells and sums finds out of the small ones."""
    known, found = Knowledge(), Recovered()
    leaves = [known.at(*row) for row in frame[keys].itertuples(index=False)]
    members = {}
    for row in told.to_dict("records"):
        inside = np.ones(len(frame), dtype=bool)
        for key in keys:
            inside &= True if pd.isna(row[key]) else frame[key].eq(row[key]).to_numpy()
        at = [leaf for leaf, there in zip(leaves, inside, strict=True) if there]
        known.read_number(at, f"{row['value']}" if row["value"] else "≤ 10")
        members[tuple(at)] = int(frame["people"][inside].sum())
    for at, people in members.items():
        if people <= 10:
            found.note(known.bound(dict.fromkeys(at, 1.0)))
    return found


def total(seeds) -> Recovered:
    found = Recovered()
    for seed in seeds:
        frame, levels, traits = cells(seed)
        told = round_table(frame, counts="people", rows=levels, columns=traits, secret=SECRET)
        one = attack(frame, told, [*levels, *traits])
        found = Recovered(
            *(a + b for a, b in zip(vars(found).values(), vars(one).values(), strict=True))
        )
    return found


def test_twenty_tables_of_every_shape_give_nothing_away() -> None:
    found = total(range(20))
    assert found.asked > 100
    assert (found.exact, found.missed) == (0, 0)


@pytest.mark.simulation
@pytest.mark.parametrize("part", range(10))
def test_two_hundred_tables_give_nothing_away(part) -> None:
    found = total(range(1000 + part * 20, 1020 + part * 20))
    assert (found.exact, found.missed) == (0, 0)


HANDED = SHARED / "cases-trust" / "hierarchies.csv"


@pytest.mark.skipif(not HANDED.exists(), reason="the handed cases lie beside the project")
def test_tambons_beside_amphoe_beside_traits_give_nothing_away() -> None:
    for _, frame in pd.read_csv(HANDED).groupby("table"):
        keys = ["amphoe", "tambon", "trait"]
        told = round_table(frame, counts="people", rows=keys[:2], columns="trait", secret=SECRET)
        found = attack(frame.reset_index(drop=True), told, keys)
        assert found.asked > 5
        assert (found.exact, found.missed) == (0, 0)


def test_levels_add_up_as_they_are_told_and_say_where_the_truth_lies() -> None:
    frame, levels, traits = cells(3)
    told = round_table(frame, counts="people", rows=levels, columns=traits, secret=SECRET)
    n_levels = [frame[levels[: i + 1]].drop_duplicates().shape[0] for i in range(2)]
    assert len(told) == (1 + sum(n_levels)) * (1 + frame["a"].nunique())
    for row in told.to_dict("records"):
        part = frame
        for key in (*levels, *traits):
            part = part if pd.isna(row[key]) else part[part[key] == row[key]]
        assert row["low"] <= part["people"].sum() <= row["high"]
        assert row["value"] % 10 == 0


def test_the_same_table_gives_the_same_numbers_and_another_secret_others() -> None:
    frame, levels, traits = cells(7)
    call = {"counts": "people", "rows": levels, "columns": traits}
    one = round_table(frame, **call, secret=SECRET)
    pd.testing.assert_frame_equal(one, round_table(frame.copy(), **call, secret=SECRET))
    assert not one.equals(round_table(frame, **call, secret="another that nobody reads"))


@pytest.mark.parametrize(
    ("change", "error", "code"),
    [
        ({"people": -1}, SchemaError, "privacy.bad_counts"),
        ({"people": 2.5}, SchemaError, "privacy.bad_counts"),
        ({"amphoe": None}, SchemaError, "privacy.missing_keys"),
        ({"amphoe": "A0", "a": "a0"}, SchemaError, "privacy.double_cells"),
        ({"secret": "short"}, DisclosureError, "privacy.short_secret"),
        ({"threshold": 4}, DisclosureError, "privacy.threshold_floor"),
    ],
)
def test_tables_and_calls_that_cannot_be_are_refused(change, error, code) -> None:
    frame, levels, traits = cells(0)
    call = {"secret": SECRET} | {k: change.pop(k) for k in ("secret", "threshold") if k in change}
    with pytest.raises(error) as refused:
        round_table(frame.assign(**change), counts="people", rows=levels, columns=traits, **call)
    assert refused.value.code == code


def people(seed: int) -> pd.DataFrame:
    rng = np.random.default_rng(seed)
    n = int(rng.integers(40, 250))
    return pd.DataFrame({
        "form": named(n, seed), "province_code": "95", "fiscal_year": 2565, "quarter": 2,
        "sex": rng.choice(["f", "m"], n), "age": rng.choice(["1", "2", "3"], n, p=[0.2, 0.5, 0.3]),
        "amphoe_code": rng.choice(["9501", "9502", "9503", "9504"], n, p=[0.5, 0.3, 0.15, 0.05]),
    })  # fmt: skip


@pytest.mark.parametrize("seed", [*range(8), *(pytest.param(s, marks=pytest.mark.simulation)
                                               for s in range(8, 40))])  # fmt: skip
def test_crossings_of_a_survey_give_nothing_away(seed) -> None:
    forms = people(seed)
    columns = ["sex", "age", "amphoe_code"]
    there = {"sex": "fm", "age": "123", "amphoe_code": ["9501", "9502", "9503", "9504"]}
    crossings = [c for n in (2, 3) for c in combinations(columns, n)]
    numbers = Gate().protect(forms, tables=there, crossings=crossings)
    told = [numbers.table(c, everyone="all") for c in [*columns, *crossings]]
    frame = forms.value_counts(columns).reindex(product(*there.values()), fill_value=0)
    frame = frame.rename("people").reset_index().set_axis([*columns, "people"], axis=1)
    texts = pd.concat([t.frame for t in told]).replace("all", None)
    texts["value"] = texts["n"].where(~texts["n"].str.startswith("≤"), "0").str.replace(",", "")
    found = attack(
        frame, texts.assign(value=texts["value"].astype(int))[[*columns, "value"]], columns
    )
    assert found.asked > 5
    assert (found.exact, found.missed) == (0, 0)


@pytest.mark.parametrize(
    ("columns", "crossings"),
    [
        (["sex", "age"], ["sex"]),
        (["sex", "age"], [("sex", "sex")]),
        (["sex", "age"], [("sex", "trade")]),
        (["sex", "age"], [("sex", "age"), ("age", "sex")]),
        (["amphoe_code", "tambon_code"], [("amphoe_code", "tambon_code")]),
    ],
)
def test_crossings_that_cannot_be_counted_are_refused(columns, crossings) -> None:
    forms = people(1).assign(tambon_code=lambda f: f["amphoe_code"] + "01")
    there = {name: sorted(set(forms[name])) for name in columns}
    with pytest.raises(SchemaError) as refused:
        Gate().protect(forms, tables=there, crossings=crossings)
    assert refused.value.code == "privacy.crossing"


def test_a_tambon_is_crossed_with_one_trait_at_most() -> None:
    forms = people(1).assign(tambon_code="950101", age_group="1")
    with pytest.raises(DisclosureError):
        Gate().protect(forms, tables={"tambon_code": ["950101"], "sex": "fm", "age_group": "1"},
                       crossings=[("tambon_code", "sex", "age_group")])  # fmt: skip


def test_labels_are_as_many_as_categories() -> None:
    numbers = Gate().protect(people(1), tables={"sex": "fm"})
    assert numbers.table("sex", labels=["women", "men"]).frame["sex"].tolist() == ["women", "men"]
    with pytest.raises(SchemaError) as refused:
        numbers.table("sex", labels=["women"])
    assert refused.value.code == "privacy.labels"
