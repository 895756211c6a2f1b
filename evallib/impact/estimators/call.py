"""What every estimator does around its numbers: check, describe and record the call."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from evallib.impact.design import check_numbers
from evallib.version import __version__

if TYPE_CHECKING:
    from evallib.impact.arrays.columns import Flags, Floats
    from evallib.impact.design import Design


@dataclass(frozen=True, slots=True)
class Call:
    """One call of an estimator.

    Parameters
    ----------
    method : str
        Name of the public function.
    design : Design
    level, draws, seed
        As the user gave them.
    """

    method: str
    design: Design
    level: float
    draws: int
    seed: int

    def check(self, **counts: int) -> None:
        """Refuse a level beyond 0 to 1, and counts below 0, draws among them.

        Raises
        ------
        SchemaError
        """
        check_numbers(level=self.level, draws=self.draws, **counts)

    def fields(self, **choices: Any) -> dict[str, Any]:
        """Return the fields of an Effect that tell what was asked; ``choices`` in JSON types."""
        roles: dict[str, Any] = asdict(self.design)
        roles["covariates"] = list(self.design.covariates)
        if isinstance(self.design.cluster, tuple):
            roles["cluster"] = list(self.design.cluster)
        return {
            "method": self.method,
            "outcome": self.design.outcome,
            "level": self.level,
            "spec": {"design": roles, **choices, "draws": self.draws, "level": self.level},
            "seed": self.seed if self.draws else None,
            "version": __version__,
        }


def count_units(treated: Flags) -> dict[str, int]:
    """Return the units of an Effect: all, those ever treated, and the others."""
    n_treated = int(treated.sum())
    return {
        "n_units": len(treated), "n_treated": n_treated, "n_control": len(treated) - n_treated,
    }  # fmt: skip


def baseline(y: Floats, weight: Floats | None, before: Flags) -> float:
    """Return the weighted mean outcome of the rows before treatment, NaN when there is none."""
    if not before.any():
        return float("nan")
    return float(np.average(y[before], weights=None if weight is None else weight[before]))


def error_name(*, clustered: bool, few: bool) -> str:
    """Return how the headline error is called."""
    return "cr2" if few else "cluster" if clustered else "unit"
