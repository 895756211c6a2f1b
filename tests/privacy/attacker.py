"""A reader who wants to know a few people's answers, and joins everything that was published.

Written apart from the gate: he knows the rules as docs/privacy.md tells them, reads the texts of
finished tables, and asks a linear programme what each number of a province and quarter can be.
"""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np
from scipy.optimize import linprog
from scipy.sparse import csr_array

T, TEN, FIVE = 10, 10, 5
NEAR = 1e-6


@dataclass
class Knowledge:
    """What he knows: a line a statement, about unknowns that he names himself."""

    names: dict[tuple, int] = field(default_factory=dict)
    most: list[tuple[dict[int, float], float]] = field(default_factory=list)
    equal: list[dict[int, float]] = field(default_factory=list)
    made: dict[tuple, csr_array] = field(default_factory=dict)

    def at(self, *name) -> int:
        return self.names.setdefault(name, len(self.names))

    def between(self, weights: dict[int, float], low: float, high: float) -> None:
        if high < np.inf:
            self.most.append((weights, high))
        if low > -np.inf:
            self.most.append(({k: -w for k, w in weights.items()}, -low))

    def read_number(self, unknowns: list[int], text: str, blocks: int = 1) -> None:
        """Read a number of people; that of several blocks is the sum of rounded ones."""
        if text.startswith("≤"):
            low, high = 0.0, T * blocks
        else:
            value = float(text.replace(",", ""))
            # one block: 10 may be any number below 20; more is less than ten away, and above ten
            low = max(T + 1, value - TEN + 1) if blocks == 1 and value > TEN else 0.0
            if blocks > 1:
                low = max(0.0, value - (TEN - 1) * blocks)
            high = value + (TEN - 1) * blocks
        self.between(dict.fromkeys(unknowns, 1.0), low, high)

    def read_mean(self, points: int, people: int, text: str, base: str, scale, decimals) -> None:
        """Read a share or mean of one block: how far points can be from so many times the base."""
        least, greatest = scale
        most = greatest - least
        self.between({points: 1.0, people: -float(most)}, -np.inf, 0.0)
        if text == "–" or base.startswith("≤"):
            return
        unit = 100.0 if scale == (0, 1) else 1.0
        half = 0.5 / 10**decimals / unit
        step = FIVE * most / float(base.replace(",", ""))
        if text[0] in "≤≥":
            limit = float(text[1:]) / unit - least
            sign = 1.0 if text[0] == "≤" else -1.0
            self.between({points: sign, people: -sign * limit}, -np.inf, 0.0)
            return
        value = float(text) / unit - least
        few = 3 * step  # fifteen people: ten, or what may have been rounded to ten of so many more
        if value <= 2 * step + half:
            low, high = 0.0, few + half
        elif value >= most - 2 * step - half:
            low, high = most - few - half, most
        else:
            low, high = value - step - half, value + step + half
            self.between({points: 1.0}, T * most + 1, np.inf)
            self.between({points: -1.0, people: float(most)}, T * most + 1, np.inf)
        self.between({points: 1.0, people: -high}, -np.inf, 0.0)
        self.between({points: -1.0, people: low}, -np.inf, 0.0)

    def _rows(self, lines: list[dict[int, float]]) -> csr_array:
        """Return lines as a matrix; one that was made is kept as long as nothing is added."""
        key = (id(self.most if lines is not self.equal else lines), len(lines), len(self.names))
        if key not in self.made:
            at = [(r, c, w) for r, line in enumerate(lines) for c, w in line.items()]
            rows, columns, values = zip(*at, strict=True) if at else ((), (), ())
            shape = (len(lines), len(self.names))
            self.made[key] = csr_array((values, (rows, columns)), shape=shape)
        return self.made[key]

    def bound(self, weights: dict[int, float]) -> tuple[float, float] | None:
        """Return the least and the greatest that a sum of unknowns can be; None: it cannot be."""
        n = len(self.names)
        above, equal = self._rows([line for line, _ in self.most]), self._rows(self.equal)
        cost = np.zeros(n)
        cost[list(weights)] = list(weights.values())
        ends = []
        for sign in (1.0, -1.0):
            found = linprog(sign * cost, A_ub=above, b_ub=[high for _, high in self.most],
                            A_eq=equal, b_eq=np.zeros(len(self.equal)),
                            bounds=(0, None), method="highs")  # fmt: skip
            if found.status == 2:
                return None
            ends.append(np.inf if found.status == 3 else sign * found.fun)
        return ends[0], ends[1]


@dataclass
class Recovered:
    """What an attack brought: of so many small numbers, exactly known, and bounded too closely."""

    asked: int = 0
    exact: int = 0
    missed: int = 0

    def note(self, ends: tuple[float, float] | None, *, small: int = T) -> None:
        self.asked += 1
        assert ends is not None, "what he takes for the rules does not fit what is printed"
        low, high = np.ceil(ends[0] - NEAR), np.floor(ends[1] + NEAR)
        self.exact += int(low == high)
        self.missed += int(low > 0 or high < small)
