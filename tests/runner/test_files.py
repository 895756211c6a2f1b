"""Work spread over processes: in order, whatever becomes of a worker."""

import os
from functools import partial

import pytest

from evallib.runner.files import spread


def squares(numbers: list[int]) -> list[int]:
    return [number * number for number in numbers]


def squares_until(numbers: list[int], *, parent: int, deadly: int) -> list[int]:
    """End the worker, but not the process of the test, at one number."""
    if deadly in numbers and os.getpid() != parent:
        os._exit(1)
    return squares(numbers)


@pytest.mark.parametrize("workers", [1, 2])
@pytest.mark.parametrize("each", [1, 3, 100])
def test_answers_come_in_the_order_of_what_was_asked(each: int, workers: int) -> None:
    told: list[int] = []
    found = spread(squares, range(7), each=each, workers=workers, tell=told.append)
    assert found == squares(list(range(7)))
    assert told == sorted(told)
    assert told[-1] == 7


@pytest.mark.parametrize("deadly", [0, 3, 6])
def test_what_a_dead_worker_leaves_is_done_here(deadly: int) -> None:
    task = partial(squares_until, parent=os.getpid(), deadly=deadly)
    assert spread(task, range(7), each=1, workers=2) == squares(list(range(7)))


def test_nothing_to_do_is_nothing_done() -> None:
    assert spread(squares, [], each=3, workers=2) == []
