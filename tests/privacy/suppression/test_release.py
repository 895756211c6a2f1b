"""Shares and means by group against readers who know everyone's number and the overall figure."""

from itertools import product

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.errors import DisclosureError, SchemaError
from evallib.privacy import release_counts, release_means, release_shares


def people(groups: dict[str, list[float]]) -> pd.DataFrame:
    rows = [(name, value) for name, values in groups.items() for value in values]
    return pd.DataFrame(rows, columns=["sex", "answer"])


def yes_no(sizes: list[tuple[int, int]]) -> pd.DataFrame:
    """Return people in groups g0, g1, ... of (yes, all)."""
    return people({f"g{i}": [1.0] * y + [0.0] * (n - y) for i, (y, n) in enumerate(sizes)})


def shown(column: pd.Series) -> list[float | None]:
    return [None if pd.isna(v) else float(v) for v in column]


def test_counts_by_hand() -> None:
    table = release_counts(people({"m": [0] * 12, "f": [0] * 30, "x": [0] * 3}), rows="sex")
    assert table.frame["sex"].tolist() == ["f", "m", "x"]
    assert shown(table.frame["n"]) == [None, 12, None]
    assert table.total == 45


def test_shares_by_hand() -> None:
    table = release_shares(yes_no([(5, 20), (12, 30)]), yes="answer", rows="sex")
    assert shown(table.frame["share"]) == [0.25, 0.4]
    assert shown(table.frame["n"]) == [20, 30]
    assert shown(table.totals["share"]) == [0.34]
    assert table.measure == "share"


def test_means_by_hand() -> None:
    groups = {"f": [1, 2, 3, 4, 5] * 4, "m": [5, 4] * 6}
    table = release_means(people(groups), value="answer", rows="sex")
    assert shown(table.frame["mean"]) == [3.0, 4.5]
    assert shown(table.totals["mean"]) == [3.5625]


@pytest.mark.parametrize(
    ("yes", "n", "visible"),
    [
        (3, 20, True), (2, 20, False), (0, 20, False), (17, 20, True), (18, 20, False),
        (20, 20, False), (5, 10, True), (5, 9, False),
    ],
)  # fmt: skip
def test_a_share_needs_a_base_and_people_on_either_side(yes: int, n: int, *, visible: bool) -> None:
    table = release_shares(yes_no([(100, 200), (100, 200), (yes, n)]), yes="answer", rows="sex")
    assert pd.notna(table.frame["share"].iloc[2]) == visible
    assert pd.isna(table.frame["share"].iloc[0]) != visible  # the first group covers for it


@given(
    sizes=st.lists(
        st.integers(5, 12).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))),
        min_size=2,
        max_size=4,
    )
)
@settings(max_examples=40, deadline=None)
def test_a_share_that_may_not_be_told_could_be_any_share(sizes: list[tuple[int, int]]) -> None:
    table = release_shares(yes_no(sizes), yes="answer", rows="sex", threshold=5)
    share, total = shown(table.frame["share"]), shown(table.totals["share"])[0]
    everyone = sum(n for _, n in sizes)
    options = [
        range(n + 1) if s is None else [round(s * n)]
        for s, (_, n) in zip(share, sizes, strict=True)
    ]
    fits = [
        guess for guess in product(*options)
        if total is None or round(sum(guess) / everyone, 4) == total
    ]  # fmt: skip
    for i, (s, (yes, n)) in enumerate(zip(share, sizes, strict=True)):
        if s is not None:
            assert 3 <= yes <= n - 3
        elif not 3 <= yes <= n - 3:
            assert {guess[i] for guess in fits} == set(range(n + 1))


@given(groups=st.lists(st.lists(st.integers(1, 5), min_size=5, max_size=9), min_size=2, max_size=4))
@settings(max_examples=40, deadline=None)
def test_the_mean_of_one_mind_could_be_either_end_of_the_scale(groups: list[list[int]]) -> None:
    frame = people({f"g{i}": values for i, values in enumerate(groups)})
    table = release_means(frame, value="answer", rows="sex", threshold=5)
    low, high = frame["answer"].min(), frame["answer"].max()
    hidden = table.frame["mean"].isna().to_numpy()
    for values, hide in zip(groups, hidden, strict=True):
        assert hide or len(set(values)) > 1
    if pd.isna(table.totals["mean"].iloc[0]):
        return
    rest = sum(sum(g) for g, h in zip(groups, hidden, strict=True) if h)
    n_hidden = sum(len(g) for g, h in zip(groups, hidden, strict=True) if h)
    for values in groups:
        if len(set(values)) == 1:
            others = n_hidden - len(values)
            for end in (low, high):
                assert low * others <= rest - end * len(values) <= high * others


def test_a_mean_that_two_people_make_is_hidden() -> None:
    incomes = [900_000.0, 800_000.0, *[1_000.0] * 18]
    even = [20_000.0 + i for i in range(20)]
    groups = {"a": even, "b": even, "c": incomes}
    mean = shown(release_means(people(groups), value="answer", rows="sex").frame["mean"])
    assert mean[2] is None
    kept = release_means(people(groups), value="answer", rows="sex", dominance=(2, 0.995))
    assert shown(kept.frame["mean"])[2] is not None


def test_a_group_of_one_mind_is_hidden_even_when_large() -> None:
    groups = {"a": [1, 5] * 40, "b": [2, 4] * 40, "c": [5.0] * 40}
    table = release_means(people(groups), value="answer", rows="sex")
    assert shown(table.frame["mean"]) == [None, 3.0, None]
    assert shown(table.frame["n"]) == [80, 80, 40]
    assert table.status.tolist() == ["complementary", "shown", "primary"]


def test_when_nothing_can_cover_all_means_are_hidden() -> None:
    table = release_means(
        people({"a": [5.0] * 40, "b": [1.0, 5.0] * 6}), value="answer", rows="sex"
    )
    assert shown(table.frame["mean"]) == [None, None]
    assert shown(table.frame["n"]) == [40, 12]
    assert shown(table.totals["mean"]) == [None]


def test_what_hides_a_count_hides_its_share() -> None:
    table = release_shares(yes_no([(10, 20), (10, 20), (2, 4)]), yes="answer", rows="sex")
    assert shown(table.frame["n"]) == [None, 20, None]
    assert shown(table.frame["share"]) == [None, 0.5, None]


def test_a_withheld_table_shows_no_share_at_all() -> None:
    table = release_shares(yes_no([(3, 6), (2, 5)]), yes="answer", rows="sex")
    assert table.withheld
    assert shown(table.frame["share"]) == [None, None]
    assert shown(table.totals["share"]) == [None]


def test_the_unanswered_and_the_unplaced_are_left_out_with_a_finding() -> None:
    frame = yes_no([(5, 20), (12, 30)])
    more = pd.DataFrame({"sex": ["g0", None], "answer": [None, 1.0]})
    table = release_shares(pd.concat([frame, more]), yes="answer", rows="sex")
    assert shown(table.frame["share"]) == [0.25, 0.4]
    codes = [f.code for f in table.findings]
    assert codes.count("privacy.unanswered") == codes.count("privacy.no_category") == 1
    assert all(f.value != "1" for f in table.findings)  # one person who did not answer is a person


def test_row_order_and_input_are_left_alone() -> None:
    rng = np.random.default_rng(1)
    frame = pd.DataFrame({
        "sex": rng.choice(["f", "m", "x"], 300), "answer": rng.normal(50, 20, 300),
    })  # fmt: skip
    shuffled = frame.sample(frac=1, random_state=2)
    before = shuffled.copy()
    first = release_means(frame, value="answer", rows="sex")
    second = release_means(shuffled, value="answer", rows="sex")
    pd.testing.assert_frame_equal(first.frame, second.frame)
    pd.testing.assert_frame_equal(first.totals, second.totals)
    pd.testing.assert_frame_equal(shuffled, before)


@pytest.mark.parametrize("dtype", ["bool", "boolean", "Int64", "float64"])
def test_yes_may_be_of_any_such_type(dtype: str) -> None:
    frame = yes_no([(5, 20), (12, 30)]).astype({"answer": dtype})
    assert shown(release_shares(frame, yes="answer", rows="sex").frame["share"]) == [0.25, 0.4]


def test_nobody_at_all() -> None:
    nobody = yes_no([(5, 20)]).iloc[:0]
    table = release_shares(nobody, yes="answer", rows="sex")
    assert table.frame.empty
    assert shown(table.totals["share"]) == [None]


@pytest.mark.parametrize(
    ("measure", "answer", "code"),
    [
        (release_shares, 2, "privacy.not_yes_no"),
        (release_shares, "yes", "privacy.not_numbers"),
        (release_means, "good", "privacy.not_numbers"),
        (release_means, np.inf, "privacy.not_numbers"),
    ],
)
def test_answers_that_are_no_numbers_are_refused(measure, answer: object, code: str) -> None:
    role = "yes" if measure is release_shares else "value"
    with pytest.raises(SchemaError) as refused:
        measure(yes_no([(5, 20)]).assign(answer=answer), **{role: "answer"}, rows="sex")
    assert refused.value.code == code


def test_columns_that_are_absent_or_taken_are_refused() -> None:
    frame = yes_no([(5, 20), (12, 30)])
    for call, code in (
        (lambda: release_shares(frame, yes="none", rows="sex"), "privacy.columns"),
        (lambda: release_counts(frame.assign(n="a"), rows="n"), "privacy.reserved_name"),
        (
            lambda: release_means(frame.assign(mean="a"), value="answer", rows="mean"),
            "privacy.reserved_name",
        ),
    ):
        with pytest.raises(SchemaError) as refused:
            call()
        assert refused.value.code == code


def test_the_floor_holds_for_every_figure() -> None:
    frame = yes_no([(5, 20), (12, 30)])
    for call in (
        lambda: release_counts(frame, rows="sex", threshold=4),
        lambda: release_shares(frame, yes="answer", rows="sex", threshold=4),
        lambda: release_means(frame, value="answer", rows="sex", threshold=4),
    ):
        with pytest.raises(DisclosureError):
            call()


@pytest.mark.slow
def test_who_replays_the_rule_finds_no_group_of_one_mind_and_seldom_anything() -> None:
    sizes = (7, 8, 7)
    published: dict[tuple[float | None, ...], list[tuple[int, ...]]] = {}
    for yes in product(*(range(n + 1) for n in sizes)):
        frame = yes_no(list(zip(yes, sizes, strict=True)))
        table = release_shares(frame, yes="answer", rows="sex", threshold=5)
        seen = (*shown(table.frame["share"]), *shown(table.totals["share"]))
        published.setdefault(seen, []).append(yes)
    attacked = pinned = 0
    for seen, worlds in published.items():
        for i, n in enumerate(sizes):
            possible = {yes[i] for yes in worlds}
            if seen[i] is None:
                attacked += len(worlds)
                assert not possible <= {0, n}
                pinned += len(worlds) * (len(possible) == 1 and not possible <= {3, n - 3})
    assert attacked > 500
    assert pinned < 0.01 * attacked
