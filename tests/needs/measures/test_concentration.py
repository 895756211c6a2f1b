"""Concentration index: a published table, two other formulas, the jackknife by hand, coverage."""

import numpy as np
import pytest
import statsmodels.api as sm
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import t as student

from evallib.needs.measures.equity import concentration_index


def test_the_published_table_of_india() -> None:
    # Births and deaths under five a thousand of five groups of wealth, the poorest first, India
    # 1982-92: O'Donnell, van Doorslaer, Wagstaff and Lindelow (2008), Analyzing Health Equity Using
    # Household Survey Data, chapter 8, https://doi.org/10.1596/978-0-8213-6933-3: -0.1694
    births = np.array([29_939, 28_776, 26_528, 24_689, 19_739.0])
    deaths = np.array([154.7, 152.9, 119.5, 86.9, 54.3])
    found = concentration_index(deaths, np.array([5.0, 4, 3, 2, 1]), births)
    assert found.value == pytest.approx(-0.1694, abs=5e-5)


def some(seed: int, n: int = 40) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rng = np.random.default_rng(seed)
    return rng.gamma(1.0, 100.0, n), rng.integers(0, 12, n).astype(float), rng.uniform(1, 5, n)


def middle_ranks(deprivation: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """Return fractional ranks from the worst off, in loops."""
    total = weight.sum()
    return np.array([
        (weight[deprivation > d].sum() + weight[deprivation == d].sum() / 2) / total
        for d in deprivation
    ])  # fmt: skip


@pytest.mark.parametrize("seed", range(5))
def test_it_is_the_covariance_and_the_slope_of_the_convenient_regression(seed: int) -> None:
    y, d, w = some(seed)
    f, rank = w / w.sum(), middle_ranks(d, w)
    found = concentration_index(y, d, w)
    covariance = f @ ((y - f @ y) * (rank - f @ rank))
    assert found.value == pytest.approx(2 * covariance / (f @ y), abs=1e-12)
    variance = f @ (rank - f @ rank) ** 2
    line = sm.WLS(2 * variance * y / (f @ y), sm.add_constant(rank), weights=w).fit()
    assert found.value == pytest.approx(line.params[1], abs=1e-12)


def test_the_error_is_the_published_formula_in_loops() -> None:
    y, _, _ = some(9)
    n = len(y)
    d = np.random.default_rng(1).permutation(n).astype(float)
    found = concentration_index(y, d, np.ones(n))
    mean, so_far, total = y.mean(), 0.0, 0.0
    for place, i in enumerate(np.argsort(-d)):
        before, so_far = so_far, so_far + y[i] / (n * mean)
        r = (place + 0.5) / n
        total += (y[i] / mean * (2 * r - 1 - found.value) + 2 - before - so_far) ** 2
    assert found.std_error == pytest.approx(
        np.sqrt((total / n - (1 + found.value) ** 2) / n), abs=1e-12
    )


@pytest.mark.parametrize("seed", range(4))
def test_the_interval_is_the_jackknife_by_leaving_out_each(seed: int) -> None:
    y, d, w = some(seed, n=15)
    found = concentration_index(y, d, w)
    keep = [np.arange(15) != i for i in range(15)]
    without = np.array([concentration_index(y[k], d[k], w[k]).value for k in keep])
    error = np.sqrt(14 / 15 * ((without - without.mean()) ** 2).sum())
    reach = student.ppf(0.95, w.sum() ** 2 / (w**2).sum() - 1) * error
    assert [found.low, found.high] == pytest.approx(
        [max(-1, found.value - reach), min(1, found.value + reach)], abs=1e-10
    )


UNITS = st.lists(
    st.tuples(st.sampled_from([0.0, 1.0, 5.0, 80.0]), st.integers(0, 4), st.integers(1, 9)),
    min_size=1, max_size=20,
)  # fmt: skip


@settings(max_examples=150, deadline=None, derandomize=True)
@given(UNITS, st.randoms(use_true_random=False))
def test_ranges_and_what_must_not_matter(units, shuffled) -> None:
    y, d, w = (np.array(x, dtype=float) for x in zip(*units, strict=True))
    found = concentration_index(y, d, w)
    if not y.any():
        assert np.isnan(found).all()
        return
    assert -1 <= found.value <= 1
    assert found.std_error >= 0
    if not np.isnan(found.low):
        assert -1 <= found.low <= found.value + 1e-12
        assert found.value - 1e-12 <= found.high <= 1
    order = list(range(len(y)))
    shuffled.shuffle(order)
    turned = concentration_index(y[order], d[order], w[order])
    assert list(turned) == pytest.approx(list(found), abs=1e-9, nan_ok=True)
    other_units = concentration_index(y * 1000, np.exp(d), w * 3)
    assert list(other_units) == pytest.approx(list(found), abs=1e-9, nan_ok=True)
    assert concentration_index(y, -d, w).value == pytest.approx(-found.value, abs=1e-12)
    assert concentration_index(y, np.zeros(len(y)), w).value == pytest.approx(0, abs=1e-12)


def test_all_to_the_worst_off_and_all_alike() -> None:
    first = concentration_index(np.array([7.0, 0, 0, 0]), np.array([9.0, 3, 2, 1]), np.ones(4))
    assert first.value == pytest.approx(-0.75)  # -(1 - 1/n)
    assert np.isnan(first.low)  # without the one there is nothing
    alike = concentration_index(np.full(6, 3.0), np.arange(6.0), np.arange(1.0, 7.0))
    assert list(alike) == pytest.approx([0, 0, 0, 0], abs=1e-12)


@pytest.mark.slow
@pytest.mark.parametrize("n", [8, 20, 58])
def test_intervals_cover_where_few_units_get_most(n: int) -> None:
    rng = np.random.default_rng(0)

    def draw(size: int) -> tuple[np.ndarray, np.ndarray]:
        d = rng.normal(size=size)
        return rng.gamma(1.0, 1, size) * np.exp(d / 2) * (rng.random(size) < 0.8), d

    y, d = draw(400_000)
    truth = concentration_index(y, d, np.ones(len(y))).value
    runs, covered, narrow = 1500, 0, 0
    for _ in range(runs):
        y, d = draw(n)
        found = concentration_index(y, d, rng.lognormal(8.5, 0.6, n))
        covered += bool(found.low <= truth <= found.high)
        narrow += bool(abs(found.value - truth) <= 1.645 * found.std_error)
    assert 0.86 <= covered / runs <= 0.92  # measured .89, .90, .87 at a level of .90
    assert narrow < covered  # the published error alone: .70, .79, .82
