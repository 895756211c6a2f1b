"""Arguments that many functions share have one spelling, one place and one default."""

from __future__ import annotations

import inspect
from collections.abc import Callable, Iterator
from importlib import import_module
from inspect import Parameter
from typing import Any

import pytest

import evallib
from evallib.errors import SchemaError
from evallib.needs import AlignmentInputs, alignment
from tests.needs.test_alignment import BY_HAND, QUARTER, VOTES

ROOMS = (
    "agencies", "clean", "config", "demo", "findings", "impact", "needs", "periods", "places",
    "privacy", "register", "report", "runner", "store", "tables",
)  # fmt: skip
DEFAULTS: dict[str, tuple[object, ...]] = {
    "language": ("th",), "seed": (0,), "draws": (0,), "level": (0.95,),
    "unit": ("บาท", None),  # of money; of what has a unit only where it is written
}  # fmt: skip
# Another thing under the same name: the level of a place, of event times.
OTHER_THINGS = {("places.resolve_places", "level"), ("impact.pre_trend_test", "level")}
# docs/decisions/0019 says why these have a default of their own.
OWN_DEFAULTS = {
    ("demo.write_demo", "seed"): 2565,
    ("needs.alignment", "draws"): 1000,
    ("needs.alignment", "level"): 0.90,
    ("report.alignment_of", "draws"): 1000,
}


def public_functions() -> Iterator[tuple[str, Callable[..., Any]]]:
    for room in ROOMS:
        module = import_module(f"evallib.{room}")
        names = getattr(module, "__all__", None) or vars(module)
        for name in sorted(n for n in names if not n.startswith("_")):
            found = getattr(module, name)
            if inspect.isfunction(found) and found.__module__.startswith("evallib"):
                yield f"{room}.{name}", found


SHARED = [
    (where, parameter)
    for where, function in public_functions()
    if where != "findings.text"  # of the words, on loan
    for parameter in inspect.signature(function).parameters.values()
    if parameter.name in DEFAULTS and (where, parameter.name) not in OTHER_THINGS
]


def test_the_walk_meets_every_room_and_the_arguments() -> None:
    assert {where.partition(".")[0] for where, _ in public_functions()} >= {
        "clean", "demo", "impact", "needs", "places", "register", "report", "runner", "tables",
    }  # fmt: skip
    assert {parameter.name for _, parameter in SHARED} == set(DEFAULTS)
    assert set(ROOMS) <= {*dir(evallib)}


@pytest.mark.parametrize(("where", "parameter"), SHARED, ids=str)
def test_a_shared_argument_is_given_by_its_name(where: str, parameter: Parameter) -> None:
    assert parameter.kind is Parameter.KEYWORD_ONLY


@pytest.mark.parametrize(("where", "parameter"), SHARED, ids=str)
def test_a_shared_argument_has_one_default(where: str, parameter: Parameter) -> None:
    own = OWN_DEFAULTS.get((where, parameter.name))
    assert parameter.default in (DEFAULTS[parameter.name] if own is None else (own,))


def test_a_default_of_its_own_belongs_to_a_function_that_there_is() -> None:
    met = {(where, parameter.name) for where, parameter in SHARED}
    assert met >= OWN_DEFAULTS.keys()


def test_alignment_takes_six_arguments() -> None:
    assert [*inspect.signature(alignment).parameters] == [
        "inputs", "period", "by", "draws", "level", "seed",
    ]  # fmt: skip


@pytest.mark.parametrize(("args", "kwargs", "call"), [
    (BY_HAND, {"votes": VOTES, "draws": 0},
     "alignment(AlignmentInputs(needs, projects, links, votes=votes), draws=draws)"),
    (BY_HAND, {}, "alignment(AlignmentInputs(needs, projects, links))"),
    ((), dict(zip(("needs", "projects", "links"), BY_HAND, strict=True)) | {"period": QUARTER},
     "alignment(AlignmentInputs(needs, projects, links), period=period)"),
    ((AlignmentInputs(*BY_HAND),), {"year_to_date": True, "tau": 0.6},
     "alignment(AlignmentInputs(needs, projects, links, year_to_date=year_to_date, tau=tau))"),
    ((), {}, "alignment(AlignmentInputs(needs, projects, links))"),
])  # fmt: skip
def test_the_former_call_is_refused_with_the_new_one(args: Any, kwargs: Any, call: str) -> None:
    with pytest.raises(SchemaError) as refused:
        alignment(*args, **kwargs)
    assert refused.value.code == "needs.alignment_inputs"
    for language in ("th", "en"):
        needed, found, do = refused.value.message(language).splitlines()
        assert "AlignmentInputs(needs, projects, links, ...)" in needed
        assert "alignment(" in found
        assert do.endswith(call)


def test_an_argument_that_there_never_was_is_an_ordinary_error() -> None:
    with pytest.raises(TypeError, match="drawz"):
        alignment(AlignmentInputs(*BY_HAND), drawz=10)


def test_tables_beyond_the_first_three_are_named() -> None:
    with pytest.raises(TypeError, match="positional"):
        AlignmentInputs(*BY_HAND, VOTES)
