"""Estimators hold BLAS to one thread and leave it as it was, whoever else runs or sets it."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from threading import get_ident

import numpy as np
import pandas as pd
import pytest
from threadpoolctl import threadpool_info, threadpool_limits

from evallib.errors import SchemaError
from evallib.impact import (
    Design,
    Effect,
    estimate_did,
    estimate_imputation,
    estimate_staggered,
    estimate_twoway,
)
from evallib.impact.threads import Library, Pools, one_blas_thread

ROLES = Design(outcome="y", unit="unit", time="t", cohort="cohort", covariates=("x",))
TREATED = Design(outcome="y", unit="unit", time="t", treated="d", covariates=("x",))
CALLS = {
    "staggered": lambda frame: estimate_staggered(frame, ROLES),
    "did": lambda frame: estimate_did(frame[frame["cohort"] != 4], ROLES),
    "imputation": lambda frame: estimate_imputation(frame, ROLES),
    "twoway": lambda frame: estimate_twoway(frame, TREATED),
}
Call = Callable[[pd.DataFrame], Effect]
SOLVERS = ("inv", "solve", "eigh")  # numpy.linalg's, of which every estimator calls one


def threads() -> set[int]:
    """Return what is set for numpy's products; other packages may bring a BLAS of their own."""
    pools = [pool for pool in threadpool_info() if pool["user_api"] == "blas"]
    of_numpy = [pool for pool in pools if re.search(r"numpy[^/\\]*[/\\]", pool["filepath"])]
    return {pool["num_threads"] for pool in of_numpy or pools}


@pytest.fixture(autouse=True)
def _three_threads() -> Iterator[None]:
    """Start from a number that no machine, environment or estimator would set."""
    if not threads():
        pytest.skip("threadpoolctl knows no BLAS here")
    with threadpool_limits(limits=3, user_api="blas"):
        yield


@pytest.fixture
def frame() -> pd.DataFrame:
    """Sixty units in five periods; cohorts 3, 4 and never."""
    rng = np.random.default_rng(0)
    unit, t = np.divmod(np.arange(300), 5)
    cohort = np.choose(unit % 3, [3.0, 4.0, np.nan])
    return pd.DataFrame({
        "unit": unit, "t": t + 1, "cohort": cohort, "d": (t + 1 >= cohort).astype(float),
        "x": rng.normal(size=60)[unit] * (t + 1), "y": rng.normal(size=300),
    })  # fmt: skip


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_products_have_one_thread_and_the_rest_as_before(
    call: Call, frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    seen: list[set[int]] = []

    def watched(solver: Callable[..., object]) -> Callable[..., object]:
        def run(*given: object, **named: object) -> object:
            seen.append(threads())
            return solver(*given, **named)

        return run

    for name in SOLVERS:
        monkeypatch.setattr(np.linalg, name, watched(getattr(np.linalg, name)))
    call(frame)

    assert seen
    assert all(found == {1} for found in seen)
    assert threads() == {3}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_a_refusal_gives_the_threads_back(call: Call, frame: pd.DataFrame) -> None:
    with pytest.raises(SchemaError):
        call(frame.drop(columns="y"))
    assert threads() == {3}


@pytest.mark.parametrize("call", CALLS.values(), ids=CALLS)
def test_what_breaks_within_gives_the_threads_back(
    call: Call, frame: pd.DataFrame, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*given: object, **named: object) -> None:
        raise KeyboardInterrupt

    for name in SOLVERS:
        monkeypatch.setattr(np.linalg, name, broken)
    with pytest.raises(KeyboardInterrupt):
        call(frame)
    assert threads() == {3}


def test_only_the_outermost_gives_the_threads_back() -> None:
    with one_blas_thread():
        with one_blas_thread():
            assert threads() == {1}
        assert threads() == {1}
    assert threads() == {3}


@pytest.mark.parametrize("first_ends_first", [True, False])
def test_estimators_of_several_threads_end_in_any_order(first_ends_first: bool) -> None:
    first, second = one_blas_thread(), one_blas_thread()
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        first.__enter__()
        elsewhere.submit(second.__enter__).result()
        ends = [
            lambda: first.__exit__(None, None, None),
            lambda: elsewhere.submit(second.__exit__, None, None, None).result(),
        ]
        for end in ends if first_ends_first else reversed(ends):
            assert threads() == {1}
            end()
        assert threads() == {3}  # while the other thread lives, and could still be in control


def test_a_thread_that_lives_on_does_not_keep_others_from_the_limit() -> None:
    def enter_and_leave() -> None:
        with one_blas_thread():
            pass

    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        elsewhere.submit(enter_and_leave).result()
        with one_blas_thread():
            assert threads() == {1}
        with threadpool_limits(limits=2, user_api="blas"):
            assert threads() == {2}
    assert threads() == {3}


def test_what_somebody_sets_meanwhile_stays() -> None:
    with one_blas_thread():
        threadpool_limits(limits=2, user_api="blas")
    assert threads() == {2}


def test_results_do_not_depend_on_the_threads_that_were_set(frame: pd.DataFrame) -> None:
    for call in CALLS.values():
        many = call(frame)
        with threadpool_limits(limits=1, user_api="blas"):
            one = call(frame)
        pd.testing.assert_frame_equal(many.effects, one.effects, rtol=0, atol=0)


def test_the_libraries_are_looked_for_once() -> None:
    searches: list[str] = []

    def find() -> list[Library]:
        searches.append("costs milliseconds")
        return []

    pools = Pools(find)
    assert not searches
    for _ in range(3):
        pools.hold()
        pools.release()
    assert len(searches) == 1


def test_a_process_without_a_known_library_goes_on() -> None:
    pools = Pools(list)
    pools.hold()
    pools.release()
    assert threads() == {3}


class OfOpenMP:
    """A library whose number of threads belongs to the Python thread, as OpenMP has it."""

    threading_layer = "openmp"

    def __init__(self) -> None:
        self.of: dict[int, int] = {}

    def get_num_threads(self) -> int:
        return self.of.get(get_ident(), 8)

    def set_num_threads(self, number: int) -> None:
        self.of[get_ident()] = number


def test_threads_of_openmp_are_limited_in_each_python_thread() -> None:
    control = OfOpenMP()
    pools = Pools(lambda: [Library(control)])
    with ThreadPoolExecutor(max_workers=1) as elsewhere:
        pools.hold()
        elsewhere.submit(pools.hold).result()
        assert elsewhere.submit(control.get_num_threads).result() == 1
        pools.release()
        assert control.get_num_threads() == 8
        assert elsewhere.submit(control.get_num_threads).result() == 1
        elsewhere.submit(pools.release).result()
        assert elsewhere.submit(control.get_num_threads).result() == 8
