"""How many projects no list holds: register completeness by capture and recapture."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import combinations
from typing import TYPE_CHECKING, Any

import numpy as np

from evallib.errors import SchemaError
from evallib.findings import Finding

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from evallib.needs.arrays import Floats


FEWEST_SHARED = 7  # units on both lists from which Chapman's estimate is nearly unbiased
MOST_LISTS = 5  # 2 ** 10 models of pairs of dependent lists
Pair = tuple[int, int]
Numbers = tuple[float, float, float]


@dataclass(frozen=True, slots=True, kw_only=True)
class Completeness:
    """How many units there are, those included that no list holds.

    Parameters
    ----------
    n_observed : int
        Units on any list.
    estimate, ci_low, ci_high : float
        Units in all, with an interval; NaN when they cannot be estimated.
    level : float
        Coverage of the interval.
    method : str
        ``"chapman"`` or ``"log-linear"``.
    dependent : tuple of (str, str)
        Pairs of lists that the chosen model holds dependent.
    findings : tuple of Finding
        What to know before the estimate is used.
    """

    n_observed: int
    estimate: float
    ci_low: float
    ci_high: float
    level: float
    method: str
    dependent: tuple[tuple[str, str], ...] = ()
    findings: tuple[Finding, ...] = field(default=())

    @property
    def completeness(self) -> float:
        """Share of all units that are on some list, 0-1."""
        return self.n_observed / self.estimate if self.estimate > 0 else float("nan")


def estimate_completeness(captures: pd.DataFrame, *, level: float = 0.95) -> Completeness:
    r"""Estimate how many units exist from the lists on which each was found.

    Parameters
    ----------
    captures : pandas.DataFrame of bool, shape (n, lists)
        One row a unit (a project), one column a list: True where the list holds it. Every list
        must be able to hold every unit, and none may have been made from another. A row without
        any True is left out.
    level : float, default 0.95
        Coverage of the interval, between 0 and 1.

    Returns
    -------
    Completeness
        Two lists: Chapman's estimate, :math:`(n_1 + 1)(n_2 + 1)/(m + 1) - 1`, with Sadinle's
        transformed logit interval. Three to five: the Poisson log-linear model of all lists and of
        the pairs that depend on each other with the least BIC, and a log-normal interval. Findings:
        ``completeness.no_overlap`` (error: no unit is on two lists, nothing can be estimated),
        ``completeness.few_shared`` (warning), ``completeness.untestable`` (info: whether two lists
        depend on each other cannot be told from two), ``completeness.dependent`` (warning) and
        ``completeness.contained`` (warning: one list holds no unit beyond another).

    Raises
    ------
    SchemaError
        Fewer than two or more than five lists, or ``level`` outside 0-1.

    Notes
    -----
    Lists that agencies copy from each other make the estimate too small; lists that divide the
    work among them make it too large. Chapman (1951), *Some properties of the hypergeometric
    distribution*. Sadinle (2009), *Transformed logit confidence intervals for small populations in
    single capture-recapture estimation*, Communications in Statistics 38(9),
    https://doi.org/10.1080/03610910903168595. Log-linear models: Fienberg (1972), Biometrika 59(3),
    https://doi.org/10.1093/biomet/59.3.591; selection by BIC: Baillargeon & Rivest (2007), Journal
    of Statistical Software 19(5), https://doi.org/10.18637/jss.v019.i05.

    Examples
    --------
    >>> import pandas as pd
    >>> first, second = [True] * 10 + [False] * 10, [True] * 5 + [False] * 5 + [True] * 10
    >>> found = estimate_completeness(pd.DataFrame({"agencies": first, "budget": second}))
    >>> round(found.estimate, 1), round(found.ci_low), round(found.ci_high)
    (28.3, 22, 65)
    """
    lists = captures.shape[1]
    if not 2 <= lists <= MOST_LISTS or not 0 < level < 1:
        raise SchemaError("completeness.arguments", most=MOST_LISTS, found=f"{lists}, {level}")
    seen = captures.astype("bool").to_numpy()
    seen = seen[seen.any(axis=1)]
    names = [str(name) for name in captures.columns]
    findings = _noted(seen, names)
    if not len(seen) or not (seen.sum(axis=1) > 1).any():
        none = float("nan")
        told = (Finding("completeness.no_overlap", "error", ", ".join(names)), *findings)
        return Completeness(n_observed=len(seen), estimate=none, ci_low=none, ci_high=none,
                            level=level, method="chapman" if lists == 2 else "log-linear",
                            findings=told)  # fmt: skip
    if lists == 2:
        first, second = seen.sum(axis=0)
        numbers = chapman(int(first), int(second), int(seen.all(axis=1).sum()), level=level)
        return _answer(seen, numbers, level, "chapman", (), findings)
    counts = np.bincount(seen @ (1 << np.arange(lists)), minlength=1 << lists)[1:]
    pairs, numbers = log_linear(counts.astype(np.float64), level=level)
    dependent = tuple((names[a], names[b]) for a, b in pairs)
    for pair in dependent:
        findings.append(Finding("completeness.dependent", "warning", ", ".join(pair)))
    return _answer(seen, numbers, level, "log-linear", dependent, findings)


def _answer(
    seen: NDArray[np.bool_], numbers: tuple[float, float, float], level: float, method: str,
    dependent: tuple[tuple[str, str], ...], findings: list[Finding],
) -> Completeness:  # fmt: skip
    estimate, low, high = numbers
    return Completeness(n_observed=len(seen), estimate=estimate, ci_low=low, ci_high=high,
                        level=level, method=method, dependent=dependent,
                        findings=tuple(findings))  # fmt: skip


def _noted(seen: NDArray[np.bool_], names: list[str]) -> list[Finding]:
    """Return what the lists themselves show."""
    findings = []
    shared = int((seen.sum(axis=1) > 1).sum())
    if 0 < shared < FEWEST_SHARED:
        findings.append(
            Finding("completeness.few_shared", "warning", ", ".join(names), str(shared))
        )
    if seen.shape[1] == 2:
        findings.append(Finding("completeness.untestable", "info", ", ".join(names)))
    for a, b in combinations(range(seen.shape[1]), 2):
        for inner, outer in ((a, b), (b, a)):
            if seen[:, inner].any() and not (seen[:, inner] & ~seen[:, outer]).any():
                where = f"{names[inner]}, {names[outer]}"
                findings.append(Finding("completeness.contained", "warning", where))
    return findings


def chapman(first: int, second: int, shared: int, *, level: float) -> tuple[float, float, float]:
    """Return Chapman's estimate and the limits of Sadinle's transformed logit interval."""
    from scipy.stats import norm  # heavy; needed only when lists are compared

    estimate = (first + 1) * (second + 1) / (shared + 1) - 1
    only_first, only_second, both = first - shared + 0.5, second - shared + 0.5, shared + 0.5
    unseen = only_first * only_second / both
    error = np.sqrt(1 / both + 1 / only_first + 1 / only_second + 1 / unseen)
    reach = np.exp(norm.ppf(0.5 + level / 2) * error)
    observed = first + second - shared - 0.5
    return float(estimate), float(observed + unseen / reach), float(observed + unseen * reach)


def log_linear(counts: Floats, *, level: float) -> tuple[tuple[Pair, ...], Numbers]:
    """Return the dependent pairs of the best model, and the estimate with its limits.

    Parameters
    ----------
    counts : ndarray, shape (2 ** lists - 1,)
        Units by pattern of lists: entry ``p - 1`` counts those on list i when bit i of p is set.
    level : float
        Coverage of the log-normal interval of the unseen.
    """
    lists = int(np.log2(len(counts) + 1))
    on = (np.arange(1, 1 << lists)[:, np.newaxis] >> np.arange(lists)) & 1
    every = list(combinations(range(lists), 2))
    best: tuple[float, int, tuple[Pair, ...], Any] | None = None
    for size in range(len(every) + 1):
        for pairs in combinations(every, size):
            design = np.column_stack(
                [np.ones(len(on)), on, *(on[:, a] * on[:, b] for a, b in pairs)]
            )
            if design.shape[1] > len(counts):
                continue
            fit = _poisson(design, counts)
            if fit is None:
                continue
            score = -2 * fit.llf + np.log(counts.sum()) * design.shape[1]
            if best is None or (score, size) < best[:2]:
                best = score, size, pairs, fit
    if best is None:
        none = float("nan")
        return (), (none, none, none)
    return best[2], _unseen(best[3], counts.sum(), level)


def _poisson(design: Floats, counts: Floats) -> Any:
    """Fit a Poisson model; None where it does not converge or its unseen cell runs away."""
    import warnings

    import statsmodels.api as sm  # a second to import

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # an empty pattern sends a weight to minus infinity
        fit = sm.GLM(counts, design, family=sm.families.Poisson()).fit(maxiter=200)
    error = np.sqrt(fit.cov_params()[0, 0])
    sound = fit.converged and np.isfinite(fit.llf) and np.isfinite(error) and error < 10
    return fit if sound else None


def _unseen(fit: Any, observed: float, level: float) -> tuple[float, float, float]:
    """Return all units with log-normal limits for those unseen, exp(intercept).

    Their variance is that of the fitted mean and of a Poisson count around it.
    """
    from scipy.stats import norm

    unseen = float(np.exp(fit.params[0]))
    error = np.sqrt(fit.cov_params()[0, 0] + 1 / unseen)
    reach = float(np.exp(norm.ppf(0.5 + level / 2) * error))
    return observed + unseen, observed + unseen / reach, observed + unseen * reach
