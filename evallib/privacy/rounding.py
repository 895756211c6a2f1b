"""Numbers of people rounded once, up or down by a chance that nobody can repeat.

A number is rounded where it is finest, in one province and quarter; every wider one is the sum of
these. So all reports add up, and who subtracts one from another is left with a rounded number that
he knew already. A small number becomes nought or ten, whatever it is.
"""

from __future__ import annotations

import hashlib
from math import ceil
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    from collections.abc import Iterable

STEP = 10  # people; a difference of printed numbers is never a small number
ENOUGH = 5  # people whose answers together move a printed share or mean by a step
SURE_LEAST = 0.05  # so that neither nought nor ten excludes any small number
NOBODY_KNOWS = 2**64


class Bounds(NamedTuple):
    """Between what a reader who knows the rules knows a number to lie, both included."""

    low: float
    high: float


def digest(forms: Iterable[str]) -> str:
    """Return a digest of a set of forms, given by their digests in any order."""
    return hashlib.sha256("\n".join(sorted(forms)).encode()).hexdigest()


def chance(forms: str, *about: object) -> float:
    """Return a number from 0 to 1 that a set of forms decides for each thing told about it.

    Parameters
    ----------
    forms : str
        Digest of all forms of a province and quarter. Who does not know every answer of all these
        people cannot work the chance out, and whenever they are counted it is the same.
    *about : object
        What is told of whom.

    Examples
    --------
    >>> forms = digest(["b", "a"])
    >>> chance(forms, "n") == chance(digest(["a", "b"]), "n") != chance(forms, "aware")
    True
    """
    joined = "\n".join([forms, *map(str, about)]).encode()
    return int.from_bytes(hashlib.sha256(joined).digest()[:8], "big") / NOBODY_KNOWS


def round_by_chance(number: int, draw: float, *, step: int, small: int) -> int:
    """Return a multiple of a step, less than a step from the number.

    Parameters
    ----------
    number : int
        At least 0.
    draw : float
        From 0 to 1, see `chance`.
    step : int
        Above ``small`` the nearer of two multiples is the likelier, so that the mean over the
        chance is the number.
    small : int
        Up to this the result is 0 or the first multiple that is not below ``small``, and either
        can stand for each number from 0 to ``small``.

    Examples
    --------
    >>> [round_by_chance(7, draw, step=10, small=10) for draw in (0.2, 0.9)]
    [10, 0]
    >>> [round_by_chance(83, draw, step=10, small=10) for draw in (0.2, 0.9)]
    [90, 80]
    """
    if number <= small:
        top = first_multiple(step, small)
        share = SURE_LEAST + (1 - 2 * SURE_LEAST) * number / top
        return top if draw < share else 0
    return (number // step + (draw < number % step / step)) * step


def first_multiple(step: int, small: int) -> int:
    """Return the first multiple of a step that is not below ``small``."""
    return ceil(small / step) * step


def bounds_of(rounded: int, *, step: int, small: int) -> Bounds:
    """Return what a rounded number tells: all numbers that `round_by_chance` may make it from.

    Examples
    --------
    >>> bounds_of(0, step=10, small=10), bounds_of(10, step=10, small=10)
    (Bounds(low=0, high=10), Bounds(low=0, high=19))
    >>> bounds_of(80, step=10, small=10)
    Bounds(low=71, high=89)
    """
    top = first_multiple(step, small)
    if rounded == 0:
        return Bounds(0, max(small, step - 1))
    if rounded == top:
        return Bounds(0, max(small, top + step - 1))
    return Bounds(max(small + 1, rounded - step + 1), rounded + step - 1)
