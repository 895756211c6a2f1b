"""Gram matrices of standardised columns: solved, inverted, or told to be singular."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Floats

NEARLY_SINGULAR = 1e9  # length of the inverse of a Gram matrix of columns of length one

LITTLE = 1e-8  # share of a column's squares that is left when others explain it
NOTHING = 1e-12  # the same, where effects that were taken out may explain nearly all of it


class CollinearError(ArithmeticError):
    """Columns repeat one another, or do not vary."""


def solve_gram(gram: Floats, right: Floats) -> Floats:
    """Solve for a step on the way; at its end `invert_gram` looks at the matrix more closely."""
    try:
        out = np.linalg.solve(gram, right).astype(np.float64, copy=False)
    except np.linalg.LinAlgError as trouble:
        raise CollinearError from trouble
    if not np.isfinite(out).all():
        raise CollinearError
    return out


def invert_gram(gram: Floats) -> Floats:
    """Invert a Gram matrix, or say that it is singular."""
    size = np.sqrt(gram.diagonal())
    if not size.min() > 0:
        raise CollinearError
    scale = size[:, None] * size
    try:
        inverse: Floats = np.linalg.inv(gram / scale)
    except np.linalg.LinAlgError as trouble:
        raise CollinearError from trouble
    if not np.square(inverse).sum() < NEARLY_SINGULAR**2:
        raise CollinearError
    inverse /= scale
    return inverse


def repeated_columns(gram: Floats, size: Floats | None = None) -> list[int]:
    """Return which columns those before them explain, or of which nothing is left.

    ``size`` (p,) holds the squares of columns before effects were taken out, if any were.
    """
    left, out = gram.copy(), []
    least = LITTLE * np.diag(gram) if size is None else NOTHING * size
    for j in range(len(gram)):
        if left[j, j] > least[j]:
            left[j + 1 :, j + 1 :] -= np.outer(left[j + 1 :, j], left[j, j + 1 :] / left[j, j])
        else:
            out.append(j)
            left[j + 1 :, j] = left[j, j + 1 :] = 0.0
    return out
