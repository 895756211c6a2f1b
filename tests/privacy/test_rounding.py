"""Rounding by chance: right on average, never far off, and a small number stays open."""

from collections import Counter

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evallib.privacy.rounding import (
    bounds_of,
    chance,
    digest,
    first_multiple,
    round_by_chance,
)

GRAINS = [(10, 10), (5, 10), (20, 40), (10, 5), (10, 15)]  # step, small
draws = st.floats(0, 1, exclude_max=True)
forms = st.lists(st.text("abcdef0123456789", min_size=8, max_size=8), min_size=1, max_size=30)


@pytest.mark.parametrize(("step", "small"), GRAINS)
@given(number=st.integers(0, 2000), draw=draws)
def test_a_number_is_a_multiple_less_than_a_step_away_and_within_what_it_tells(
    step, small, number, draw
) -> None:
    rounded = round_by_chance(number, draw, step=step, small=small)
    low, high = bounds_of(rounded, step=step, small=small)
    assert rounded % step == 0
    assert low <= number <= high
    assert abs(rounded - number) < step or number <= small


@pytest.mark.parametrize(("step", "small"), GRAINS)
def test_every_small_number_can_become_both_and_both_leave_it_open(step, small) -> None:
    top = first_multiple(step, small)
    for number in range(small + 1):
        made = {round_by_chance(number, draw, step=step, small=small) for draw in (0.0, 0.999)}
        assert made == {0, top}
    for rounded in (0, top):
        low, high = bounds_of(rounded, step=step, small=small)
        assert low == 0
        assert high >= small


def test_what_a_number_tells_is_all_that_it_can_come_from_by_enumeration() -> None:
    for step, small in GRAINS:
        sources: dict[int, set[int]] = {}
        for number in range(200):
            for draw in np.linspace(0, 0.9999, 41):
                rounded = round_by_chance(number, draw, step=step, small=small)
                sources.setdefault(rounded, set()).add(number)
        for rounded, numbers in sources.items():
            if rounded < 150:
                assert (min(numbers), max(numbers)) == bounds_of(rounded, step=step, small=small)


def test_the_mean_over_the_chance_is_the_number() -> None:
    rng = np.random.default_rng(0)
    for number in (0, 3, 5, 10, 11, 47, 50, 99):
        made = [round_by_chance(number, d, step=10, small=10) for d in rng.random(40_000)]
        assert np.mean(made) == pytest.approx(number, abs=0.65 if number <= 10 else 0.1)


@given(forms, st.randoms())
def test_the_same_people_have_the_same_chance_in_any_order(people, random) -> None:
    shuffled = list(people)
    random.shuffle(shuffled)
    assert digest(people) == digest(shuffled) != digest([*people, "another"])
    assert 0 <= chance(digest(people), "n") < 1
    assert chance(digest(people), "age", "60+") != chance(digest(people), "age", "40–59")


def test_chances_are_spread_evenly() -> None:
    found = Counter(int(10 * chance(f"{i}", "n")) for i in range(20_000))
    assert min(found.values()) > 1_850
    assert max(found.values()) < 2_150
