"""Cumulative incidence: Gehan's published curve, other software, and a slow obvious twin."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from statsmodels.duration.survfunc import CumIncidenceRight, SurvfuncRight

from evallib.needs.measures.incidence import cumulative_incidence

# Weeks of remission of 21 children on 6-mercaptopurine and of 21 on placebo (Freireich 1963;
# Gehan 1965, https://doi.org/10.1093/biomet/52.1-2.203), "+" still in remission.
DRUG = "6 6 6 6+ 7 9+ 10 10+ 11+ 13 16 17+ 19+ 20+ 22 23 25+ 32+ 32+ 34+ 35+"
PLACEBO = "1 1 2 2 3 4 4 5 5 8 8 8 8 11 11 12 12 15 17 22 23"


def weeks(written: str) -> tuple[np.ndarray, np.ndarray]:
    words = written.split()
    return (
        np.array([float(w.rstrip("+")) for w in words]),
        np.array([0 if w.endswith("+") else 1 for w in words]),
    )


def test_gehans_remissions_as_published() -> None:
    found = cumulative_incidence(*weeks(DRUG), level=0.95)
    # Kalbfleisch and Prentice (2002), table 1.1 and chapter 1: estimate of each step
    assert found.time.tolist() == [6, 7, 10, 13, 16, 22, 23]
    assert found.waiting == pytest.approx(
        [0.857, 0.807, 0.753, 0.690, 0.627, 0.538, 0.448], abs=5e-4
    )
    assert found.share == pytest.approx(1 - found.waiting)
    assert found.at_risk.tolist() == [21, 17, 15, 12, 11, 7, 6]
    # published 95 per cent limits of the first step on the log-log scale: .620 to .952
    assert [1 - found.high[0], 1 - found.low[0]] == pytest.approx([0.620, 0.952], abs=5e-4)
    assert found.median() == pytest.approx((23, 13, np.nan), nan_ok=True)
    assert cumulative_incidence(*weeks(PLACEBO), level=0.95).median() == (8, 4, 11)


def test_without_withdrawals_the_error_is_greenwoods() -> None:
    time, event = weeks(DRUG)
    found = cumulative_incidence(time, event, level=0.95)
    error = SurvfuncRight(time, event).surv_prob_se
    # published errors of the curve
    assert error == pytest.approx(
        [0.0764, 0.0869, 0.0963, 0.1068, 0.1141, 0.1282, 0.1346], abs=5e-5
    )
    scale = found.waiting * -np.log(found.waiting)
    width = (np.log(-np.log(found.waiting)) - np.log(-np.log(1 - found.low))) / 1.959964
    assert width * scale == pytest.approx(error, rel=1e-6)


def slow_twin(time, event) -> tuple[list[float], list[float]]:
    """Return the share answered and the share waiting after each time of an event."""
    share, waiting, shares, curve = 0.0, 1.0, [], []
    for t in sorted({x for x, e in zip(time, event, strict=True) if e}):
        risk = sum(x >= t for x in time)
        here = [e for x, e in zip(time, event, strict=True) if x == t]
        share += waiting * here.count(1) / risk
        waiting *= 1 - (here.count(1) + here.count(2)) / risk
        shares.append(share)
        curve.append(waiting)
    return shares, curve


WAITS = st.lists(st.tuples(st.integers(0, 8), st.sampled_from([0, 1, 2])), max_size=25)


@settings(max_examples=150, deadline=None, derandomize=True)
@given(WAITS)
def test_it_equals_the_slow_twin_and_keeps_its_ranges(waits) -> None:
    time = np.array([w for w, _ in waits], dtype=float)
    event = np.array([e for _, e in waits], dtype=int)
    found = cumulative_incidence(time, event)
    shares, waiting = slow_twin(time.tolist(), event.tolist())
    assert found.share == pytest.approx(shares, abs=1e-12)
    assert found.waiting == pytest.approx(waiting, abs=1e-12)
    assert (np.diff(found.share) >= 0).all()
    assert (found.share + found.waiting <= 1 + 1e-12).all()
    assert ((found.low >= 0) & (found.low <= found.share + 1e-12)).all()
    assert ((found.high <= 1) & (found.high >= found.share - 1e-12)).all()
    value, low, high = found.median()
    assert not low > value
    assert not value > high
    order = np.random.default_rng(0).permutation(len(time))
    turned = cumulative_incidence(time[order], event[order])
    for one, other in zip(found, turned, strict=True):
        assert one.tolist() == other.tolist()


def test_with_withdrawals_share_and_error_are_those_of_statsmodels() -> None:
    rng = np.random.default_rng(3)
    time = rng.integers(1, 12, 80).astype(float)
    event = rng.choice([0, 1, 2], 80, p=[0.4, 0.4, 0.2])
    time[0], event[0] = 13.0, 0  # one still waits after all, so that the reference divides by none
    found = cumulative_incidence(time, event, level=0.95)
    other = CumIncidenceRight(time, event)
    at = np.isin(other.times, found.time)
    assert found.share == pytest.approx(other.cinc[0][at], abs=1e-12)
    left = 1 - found.share
    width = np.log(np.log(1 - found.high) / np.log(left)) / 1.959964
    assert width * -left * np.log(left) == pytest.approx(other.cinc_se[0][at], rel=1e-6)


@pytest.mark.slow
def test_intervals_cover_the_truth_at_their_level() -> None:
    rng, runs, truth = np.random.default_rng(11), 1500, 1 - 0.7**3
    covered = 0
    for _ in range(runs):
        answered, lost = rng.geometric(0.3, 60), rng.integers(1, 12, 60)
        event = (answered <= lost).astype(int)
        found = cumulative_incidence(np.minimum(answered, lost).astype(float), event)
        k = int(np.searchsorted(found.time, 3, side="right")) - 1
        covered += bool(found.low[k] <= truth <= found.high[k])
    assert abs(covered / runs - 0.90) <= 3 * (0.9 * 0.1 / runs) ** 0.5 + 0.01  # steps of a count


def test_nothing_that_happened_is_no_curve() -> None:
    for time in (np.empty(0), np.array([2.0, 5.0])):
        found = cumulative_incidence(time, np.zeros(len(time), dtype=int))
        assert [len(x) for x in found] == [0] * 7
        assert np.isnan(found.median()).all()
