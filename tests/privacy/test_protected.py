"""What the gate prints of people: never a small number, true limits, the same everywhere."""

import numpy as np
import pandas as pd
import pytest

from evallib.errors import DisclosureError, SchemaError
from evallib.privacy import Gate, blocks
from evallib.privacy.blocks import round_blocks
from evallib.privacy.told import PEOPLE, Told
from tests.privacy.surveys import AGES, ANSWERS, TABLES, named, year

FORMS = year(1)
ONE = FORMS[(FORMS["province_code"] == "94") & (FORMS["quarter"] == 1)]
SOUTH = {"province_code": "95", "fiscal_year": 2565, "quarter": 3}


def people(n: int, **answers: object) -> pd.DataFrame:
    return pd.DataFrame({"form": named(n), "sex": "f", **SOUTH, **answers})


def protected(forms: pd.DataFrame = ONE):
    return Gate().protect(forms, tables=TABLES, answers=ANSWERS)


def test_numbers_are_tens_and_near_the_truth() -> None:
    shown = protected(FORMS).table("age_band", everyone="all").numbers
    true = [*FORMS["age_band"].value_counts().reindex(list(AGES)), len(FORMS)]
    assert (shown["n"] % 10 == 0).all()
    assert (shown["n"] - true).abs().max() < 16 * 10
    assert ((shown["n_low"] <= true) & (shown["n_high"] >= true)).all()


def test_shares_and_means_lie_where_they_say() -> None:
    for seed in range(6):
        forms = year(seed)
        for _, part in forms.groupby(["province_code", "quarter"]):
            shown = protected(part).table("age_band", measures=tuple(ANSWERS))
            for name in ANSWERS:
                true = part.groupby("age_band")[name].mean().reindex(list(AGES)).to_numpy()
                told = shown.numbers[name].notna() | shown.frame[name].str[0].isin(["≤", "≥"])
                low, high = shown.numbers[f"{name}_low"], shown.numbers[f"{name}_high"]
                assert ((low <= true + 1e-9) & (true - 1e-9 <= high))[told].all()


@pytest.mark.parametrize(
    ("n", "yes", "texts"),
    [(6, 3, {"–"}), (80, 4, {"≤ 15", "12", "13", "14"}),
     (80, 76, {"≥ 85", "86", "87", "88"}), (200, 0, {"≤ 6", "5"})],
)  # fmt: skip
def test_few_who_said_yes_or_no_are_never_told(n, yes, texts) -> None:
    numbers = Gate().protect(people(n, aware=[1] * yes + [0] * (n - yes)), tables={"sex": "f"},
                             answers={"aware": (0, 1)})  # fmt: skip
    text = numbers.table("sex", measures=["aware"]).frame["aware"][0]
    assert text in texts


def test_a_category_that_nobody_is_in_looks_like_one_with_a_few() -> None:
    shown = []
    for province in range(10, 90):
        forms = people(80).assign(form=named(80, province))
        numbers = Gate().protect(forms, tables={"sex": "fm"})
        shown.append(numbers.table("sex").frame["n"].tolist()[1])
    assert set(shown) == {"≤ 10", "10"}
    assert shown.count("10") < 12


def test_tables_and_categories_that_there_are_not_are_refused() -> None:
    with pytest.raises(SchemaError) as unknown:
        Gate().protect(people(80), tables={"sex": "m"})
    assert unknown.value.code == "privacy.unknown_category"
    with pytest.raises(SchemaError) as unknown:
        Gate().protect(people(80), tables={"sex": "fm"}).table("age_band")
    assert unknown.value.code == "privacy.unknown_table"


def test_rows_in_any_order_and_other_columns_change_nothing() -> None:
    mixed = ONE.sample(frac=1.0, random_state=3)[ONE.columns[::-1]].assign(other=1)
    pd.testing.assert_frame_equal(protected(mixed).rounded, protected().rounded)


def test_whoever_is_not_asked_about_is_left_out_with_a_finding() -> None:
    forms = people(50, aware=[None] * 3 + [1, 0] * 23 + [1])
    numbers = Gate().protect(forms, tables={"sex": "f"}, answers={"aware": (0, 1)})
    assert [f.code for f in numbers.findings] == ["privacy.left_out"]
    assert "3" not in numbers.findings[0].message("en")
    assert numbers.people().value in (40.0, 50.0)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"form": "same"}, "privacy.forms_twice"),
        ({"form": [f"{i}" for i in range(40)]}, "privacy.form_names"),
        ({"aware": 2}, "privacy.off_scale"),
        ({"aware": -1}, "privacy.off_scale"),
        ({"aware": 0.5}, "privacy.off_scale"),
        ({"aware": "yes"}, "privacy.not_numbers"),
    ],
)
def test_answers_that_cannot_be_are_refused(change, code) -> None:
    forms = people(40, aware=1).assign(**change)
    with pytest.raises(SchemaError) as refused:
        Gate().protect(forms, tables={"sex": "f"}, answers={"aware": (0, 1)})
    assert refused.value.code == code


@pytest.mark.parametrize("count", [-1, 2.5, None])
def test_counts_that_cannot_be_are_refused(count) -> None:
    told = Told(tables={"sex": ("f",)}, measures={}, threshold=10, count="came")
    with pytest.raises(SchemaError) as refused:
        round_blocks(people(3, came=[5, 5, count]), told)
    assert refused.value.code == "privacy.bad_counts"


@pytest.mark.parametrize(
    "tables", [["household_id"], ["tambon_code", "sex", "age_group"], ["village_no"]]
)
def test_places_and_traits_that_may_not_be_crossed_are_refused(tables) -> None:
    forms = people(40).assign(household_id="1", tambon_code="950101", age_group="1", village_no=1)
    with pytest.raises(DisclosureError):
        Gate().protect(forms, tables=dict.fromkeys(tables, "f"))


def test_a_block_that_no_chance_protects_is_refused(monkeypatch) -> None:
    monkeypatch.setattr(blocks, "given_away", lambda *_: [0])
    with pytest.raises(DisclosureError) as refused:
        protected()
    assert refused.value.code == "privacy.block_not_safe"


def test_many_people_of_a_row_count_as_many() -> None:
    meetings = pd.DataFrame({"form": named(4), **SOUTH, "amphoe_code": ["9501"] * 3 + ["9502"],
                             "came": [40, 30, 50, 6], "women": [10, 12, 20, 6]})  # fmt: skip
    numbers = Gate().protect(
        meetings, tables={"amphoe_code": ["9501", "9502"]}, answers={"women": (0, 1)}, count="came"
    )
    assert numbers.people("amphoe_code", "9501").value == 120.0
    assert numbers.measure("women", "amphoe_code", "9501").value == pytest.approx(0.35, abs=0.05)
    assert numbers.people("amphoe_code", "9502").value in (None, 10.0)
    assert numbers.measure("women", "amphoe_code", "9502").text == "–"


def test_a_threshold_of_an_office_is_heeded() -> None:
    gate = Gate(threshold=15)
    numbers = gate.protect(people(14), tables={"sex": "f"})
    assert numbers.people().value in (None, 20.0)
    assert numbers.people().low == 0


def test_nothing_of_the_rounded_numbers_is_less_than_ten_from_nought() -> None:
    values = protected(FORMS).rounded.query("measure == @PEOPLE")["value"]
    assert values.isin(np.arange(0, 400, 10)).all()
    assert PEOPLE == "people"
