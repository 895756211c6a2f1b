"""The gate: what it refuses, at each edge, and what it lets pass unchanged."""

import json
from dataclasses import FrozenInstanceError, asdict, replace
from importlib import resources
from pathlib import Path

import pandas as pd
import pytest

import evallib.privacy
from evallib.errors import DisclosureError, SchemaError
from evallib.i18n import text, three_parts
from evallib.privacy import Gate, release_counts, suppress_table

ANSWERS = pd.DataFrame({"sex": ["f"] * 30 + ["m"] * 12 + ["x"] * 3})
PROJECTS = pd.DataFrame({"agency": ["a", "b"], "budget": [1.0, 2.0], "projects": [1, 2]})


def code_of(call) -> str:
    with pytest.raises((DisclosureError, SchemaError)) as refused:
        call()
    return refused.value.code


def test_people_pass_only_after_suppression() -> None:
    gate = Gate()
    table = release_counts(ANSWERS, rows="sex")
    released = gate.release(table, about="people", place_level="province", traits=["sex"])
    pd.testing.assert_frame_equal(released, table.published())
    raw = ANSWERS.value_counts().reset_index()
    assert code_of(lambda: gate.release(raw, about="people", place_level="province")) == (
        "privacy.not_suppressed"
    )


@pytest.mark.parametrize(
    ("made", "needed", "passes"), [(9, 10, False), (10, 10, True), (11, 10, True)]
)
def test_a_table_made_under_a_lower_threshold_is_refused(
    made: int, needed: int, *, passes: bool
) -> None:
    table = release_counts(ANSWERS, rows="sex", threshold=made)
    gate = Gate(threshold=needed)
    if passes:
        assert len(gate.release(table, about="people", place_level="province")) == 4
    else:
        call = lambda: gate.release(table, about="people", place_level="province")  # noqa: E731
        assert code_of(call) == "privacy.lower_threshold"


def test_projects_pass_as_they_are_even_when_few() -> None:
    released = Gate().release(PROJECTS, about="administrative")
    pd.testing.assert_frame_equal(released, PROJECTS)
    released.loc[0, "budget"] = 0.0
    assert PROJECTS.loc[0, "budget"] == 1.0


@pytest.mark.parametrize("mark", [[True, False], [None, False]])
def test_restricted_projects_and_people_called_projects_are_refused(mark: list[object]) -> None:
    gate = Gate()
    marked = PROJECTS.assign(restricted=pd.array(mark, dtype="boolean"))
    assert code_of(lambda: gate.release(marked, about="administrative")) == "privacy.restricted"
    open_ = PROJECTS.assign(restricted=False)
    assert len(gate.release(open_, about="administrative")) == 2
    table = release_counts(ANSWERS, rows="sex")
    assert code_of(lambda: gate.release(table, about="administrative")) == (
        "privacy.people_as_administrative"
    )
    assert code_of(lambda: gate.release(PROJECTS, about="other")) == "privacy.figure_class"  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("level", "columns", "traits", "code"),
    [
        ("province", [], ["religion"], None),
        ("area", [], ["religion", "disability", "sex"], None),
        ("amphoe", [], ["religion"], "privacy.section_26"),
        ("amphoe", ["disability"], [], "privacy.section_26"),  # not declared, yet there
        ("province", ["amphoe_code", "religion"], [], "privacy.section_26"),
        ("amphoe", [], ["sex", "age_group"], None),
        ("tambon", [], ["sex"], None),
        ("tambon", [], ["sex", "age_group"], "privacy.tambon_traits"),
        ("tambon", ["age_group"], ["sex"], "privacy.tambon_traits"),
        ("tambon", ["sex"], ["sex"], None),
        ("amphoe", ["tambon_code"], ["sex", "age_group"], "privacy.tambon_traits"),
        ("village", [], [], "privacy.below_tambon"),
        ("person", [], [], "privacy.below_tambon"),
        ("tambon", ["village_no"], [], "privacy.below_tambon"),
        ("hamlet", [], [], "privacy.place_level"),
        (None, [], [], "privacy.place_level"),
    ],
)
def test_places_and_traits(
    level: str | None, columns: list[str], traits: list[str], code: str | None
) -> None:
    frame = pd.DataFrame({name: ["a"] for name in [*columns, "n"]})
    call = lambda: Gate().check_people_table(frame, place_level=level, traits=traits)  # noqa: E731
    if code is None:
        call()
    else:
        assert code_of(call) == code


@pytest.mark.parametrize("column", ["need_text_th", "problem_text", "note"])
def test_words_of_people_pass_in_neither_class(column) -> None:
    frame = pd.DataFrame({"n": [1, 2], column: ["น้ำไม่ไหล", None]})
    gate = Gate()
    for held in (frame, frame.set_index(column)):
        assert code_of(lambda h=held: gate.release(h, about="administrative")) == (
            "privacy.text_in_table"
        )
    assert code_of(lambda: gate.check_people_table(frame, place_level="area")) == (
        "privacy.text_in_table"
    )


@pytest.mark.parametrize(
    ("threshold", "set_by", "code"),
    [
        (4, "director", "privacy.threshold_floor"),
        (5, "default", "privacy.threshold_by_nobody"),
        (9, " ", "privacy.threshold_by_nobody"),
        (5, "director", None),
        (20, "default", None),
    ],
)
def test_who_lowers_the_threshold_is_named(threshold: int, set_by: str, code: str | None) -> None:
    if code is None:
        gate = Gate(threshold=threshold, set_by=set_by)
        assert asdict(gate) == {"threshold": threshold, "set_by": set_by}
    else:
        assert code_of(lambda: Gate(threshold=threshold, set_by=set_by)) == code


def test_a_gate_cannot_be_changed() -> None:
    with pytest.raises(FrozenInstanceError):
        Gate().threshold = 1  # type: ignore[misc]
    with pytest.raises(DisclosureError):
        replace(Gate(), threshold=1)


def test_a_withheld_table_is_released_as_nothing() -> None:
    cells = pd.DataFrame({"sex": ["f", "m"], "n": [2, 3]})
    table = suppress_table(cells, counts="n", rows="sex")
    assert Gate().release(table, about="people", place_level="area")["n"].isna().all()


def test_every_code_of_the_room_has_words_and_every_word_is_used() -> None:
    file = resources.files("evallib") / "locale" / "privacy.json"
    words = json.loads(file.read_text(encoding="utf-8"))
    folder = Path(evallib.privacy.__file__).parent
    source = "".join(f.read_text(encoding="utf-8") for f in sorted(folder.rglob("*.py")))
    unused = [code for code in words if f'"{code}"' not in source]
    assert unused == []
    for code, entry in words.items():
        for language in ("th", "en"):
            say = text if isinstance(entry[language], str) else three_parts
            assert say(code, language)
    import re

    assert sorted(set(re.findall(r'"(privacy\.[a-z_0-9]+)"', source)) - set(words)) == []


def test_public_names_are_all_there() -> None:
    for name in evallib.privacy.__all__:
        assert getattr(evallib.privacy, name).__module__.startswith("evallib.privacy.")
    with pytest.raises(AttributeError):
        evallib.privacy.nothing  # noqa: B018
