"""suppress_table against readers who know the totals, the threshold and the rule itself."""

from collections import defaultdict
from collections.abc import Iterator

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.errors import DisclosureError, SchemaError
from evallib.privacy import SuppressedTable, suppress_table
from evallib.privacy.suppression.one_way import hide_one_way


def one_way(counts: list[int], threshold: int = 10) -> SuppressedTable:
    cells = pd.DataFrame({"group": [f"g{i}" for i in range(len(counts))], "people": counts})
    return suppress_table(cells, counts="people", rows="group", threshold=threshold)


def shown(table: SuppressedTable) -> list[int | None]:
    return [None if pd.isna(n) else int(n) for n in table.frame["people"]]


def tables_of(n: int, total: int) -> Iterator[tuple[int, ...]]:
    """Yield every way to put ``total`` people into ``n`` categories."""
    if n == 1:
        yield (total,)
        return
    for first in range(total + 1):
        for rest in tables_of(n - 1, total - first):
            yield (first, *rest)


def classes(
    n: int, total: int, threshold: int
) -> dict[tuple[int | None, ...], list[tuple[int, ...]]]:
    """Return published form -> every table that the rule publishes in that form."""
    found = defaultdict(list)
    for counts in tables_of(n, total):
        chosen = hide_one_way(np.array(counts), threshold=threshold)
        if chosen is not None:
            seen = tuple(None if h else c for c, h in zip(counts, chosen[1], strict=True))
            found[seen].append(counts)
    return found


@pytest.mark.parametrize("threshold", [3, 5, 6])
@pytest.mark.parametrize("n", [2, 3, 4])
def test_whoever_knows_total_threshold_and_rule_finds_every_small_value_possible(
    n: int, threshold: int
) -> None:
    attacked = 0
    for total in range(4 * threshold + 4):
        for seen, tables in classes(n, total, threshold).items():
            for i in range(n):
                possible = {counts[i] for counts in tables}
                if seen[i] is not None:
                    assert seen[i] == 0 or seen[i] >= threshold
                elif any(1 <= value < threshold for value in possible):
                    attacked += 1
                    assert set(range(1, threshold)) <= possible
    assert attacked > 20


@given(
    counts=st.lists(st.integers(0, 14), min_size=1, max_size=4),
    threshold=st.integers(5, 7),
)
@settings(max_examples=40, deadline=None)
def test_the_published_table_keeps_what_the_rule_promises(
    counts: list[int], threshold: int
) -> None:
    table = one_way(counts, threshold)
    if table.withheld:
        assert shown(table) == [None] * len(counts)
        assert table.total is None
        return
    seen = tuple(shown(table))
    tables = classes(len(counts), sum(counts), threshold)[seen]
    for i, value in enumerate(counts):
        if 1 <= value < threshold:
            assert seen[i] is None
            assert set(range(1, threshold)) <= {other[i] for other in tables}


def test_hiding_the_smallest_other_count_would_have_given_the_nine_away() -> None:
    nine, first, second = 9, 20, 20
    rest = nine + first
    smallest_first = {v for v in range(1, 10) if rest - v <= second}  # hidden <= shown, as ruled
    assert smallest_first == {9}

    ours = classes(3, nine + first + second, 10)[(None, None, 20)]
    assert {counts[0] for counts in ours} >= set(range(1, 10))
    assert shown(one_way([nine, first, second])) == [None, None, 20]


@pytest.mark.parametrize(
    ("counts", "expected"),
    [
        ([10, 30], [10, 30]),  # the threshold itself is shown
        ([9, 30, 40], [None, None, 40]),  # one below it is not, nor the first other
        ([30, 40, 9], [None, 40, None]),
        ([0, 30, 9, 40], [0, None, None, 40]),  # zeros are shown and are no cover
        ([0, 0], [0, 0]),
        ([9, 10], [None, None]),  # 19 people are just enough to hide in
        ([9, 9, 1, 2], [None, None, None, None]),
        ([3, 11, 12, 50], [None, None, None, 50]),  # 14 are too few, so a second other goes
        ([8, 8, 4, 30], [None, None, None, None]),  # small counts alone are never cover enough
    ],
)
def test_tables_worked_by_hand(counts: list[int], expected: list[int | None]) -> None:
    table = one_way(counts)
    assert shown(table) == expected
    assert table.total == sum(counts)
    assert not table.withheld


@pytest.mark.parametrize("counts", [[9], [8, 10], [1, 2], [0, 5, 0], [9, 8, 1, 1]])
def test_a_table_too_small_to_hide_in_is_withheld_with_its_total(counts: list[int]) -> None:
    table = one_way(counts)
    assert table.withheld
    assert table.total is None
    assert shown(table) == [None] * len(counts)
    assert "privacy.withheld" in [f.code for f in table.findings]


def test_status_tells_the_office_why_a_cell_is_hidden() -> None:
    table = one_way([3, 40, 0, 50])
    assert table.status.tolist() == ["primary", "complementary", "shown", "shown"]
    assert "status" not in table.published()


@pytest.mark.parametrize("columns", [None, "sex"])
def test_row_order_does_not_matter_and_the_input_is_left_alone(columns: str | None) -> None:
    cells = pd.DataFrame({
        "place": np.repeat(["a", "b", "c", "d"], 3), "sex": ["f", "m", "x"] * 4,
        "people": [4, 30, 50, 20, 60, 70, 90, 80, 85, 12, 3, 44],
    })  # fmt: skip
    rows = "place" if columns else ["place", "sex"]
    shuffled = cells.sample(frac=1, random_state=3)
    before = shuffled.copy()
    first = suppress_table(cells, counts="people", rows=rows, columns=columns)
    second = suppress_table(shuffled, counts="people", rows=rows, columns=columns)

    pd.testing.assert_frame_equal(shuffled, before)
    pd.testing.assert_frame_equal(second.frame, first.frame.loc[shuffled.index])
    pd.testing.assert_frame_equal(second.totals, first.totals)
    assert second.frame.index.equals(shuffled.index)


def test_hidden_numbers_are_gone_from_memory_and_type_is_int64() -> None:
    frame = one_way([3, 40, 50]).frame
    assert str(frame["people"].dtype) == "Int64"
    assert frame["people"].array._data.tolist() == [0, 0, 50]


def test_other_columns_are_left_out_because_they_could_reveal() -> None:
    cells = pd.DataFrame({"group": ["a", "b"], "people": [3, 40], "share": [3 / 43, 40 / 43]})
    table = suppress_table(cells, counts="people", rows="group")
    assert list(table.frame) == ["group", "people"]
    assert ("privacy.columns_left_out", "share") in [(f.code, f.value) for f in table.findings]


def test_ordered_categories_say_which_group_is_given_up_first() -> None:
    order = pd.CategoricalDtype(["unknown", "m", "f"], ordered=True)
    cells = pd.DataFrame({"sex": pd.Series(["f", "m", "unknown"], dtype=order), "n": [4, 30, 20]})
    assert suppress_table(cells, counts="n", rows="sex").frame["n"].isna().tolist() == [
        True, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize("keys", [[1, 2, 3], [True, False, True], ["a", 1, None.__class__]])
def test_keys_of_any_type_can_be_published_with_a_total(keys: list[object]) -> None:
    keys = list(dict.fromkeys(keys))
    cells = pd.DataFrame({"key": keys, "n": [3, 40, 50][: len(keys)]})
    published = suppress_table(cells, counts="n", rows="key").published()
    assert published["key"].isna().tolist() == [False] * len(keys) + [True]


def test_an_empty_table_is_published_as_it_is() -> None:
    cells = pd.DataFrame({"key": pd.Series(dtype="str"), "n": pd.Series(dtype="int64")})
    assert suppress_table(cells, counts="n", rows="key").total == 0


@pytest.mark.parametrize("threshold", [4, 0, -10, True, 9.5, "10"])
def test_no_threshold_below_the_floor(threshold: object) -> None:
    with pytest.raises(DisclosureError) as refused:
        one_way([30, 40], threshold)  # type: ignore[arg-type]
    assert refused.value.code == "privacy.threshold_floor"


@pytest.mark.parametrize(("threshold", "codes"), [(5, 1), (9, 1), (10, 0), (12, 0)])
def test_a_threshold_below_the_default_is_recorded(threshold: int, codes: int) -> None:
    found = [f.code for f in one_way([30, 40], threshold).findings]
    assert found.count("privacy.low_threshold") == codes


@pytest.mark.parametrize(
    ("spoil", "code"),
    [
        (lambda c: c.drop(columns="people"), "privacy.columns"),
        (lambda c: pd.concat([c, c[["people"]]], axis=1), "privacy.columns"),
        (lambda c: c.assign(group=["a", None, "c"]), "privacy.missing_keys"),
        (lambda c: c.assign(group=["a", "a", "c"]), "privacy.double_cells"),
        (lambda c: c.assign(people=[1, -1, 3]), "privacy.bad_counts"),
        (lambda c: c.assign(people=[1, 2.5, 3]), "privacy.bad_counts"),
        (lambda c: c.assign(people=[1, None, 3]), "privacy.bad_counts"),
        (lambda c: c.assign(people=[1, np.inf, 3]), "privacy.bad_counts"),
        (lambda c: c.assign(people=["1", "many", "3"]), "privacy.bad_counts"),
        (lambda c: c.assign(people=[1, 2**28, 3]), "privacy.bad_counts"),
    ],
)
def test_tables_that_are_no_counts_are_refused(spoil, code: str) -> None:
    cells = pd.DataFrame({"group": ["a", "b", "c"], "people": [1, 20, 30]})
    with pytest.raises(SchemaError) as refused:
        suppress_table(spoil(cells), counts="people", rows="group")
    assert refused.value.code == code


def test_findings_never_tell_a_count() -> None:
    table = one_way([3, 41, 57])
    told = " ".join(f.where + f.value for f in table.findings)
    assert [f.value for f in table.findings] == ["2/3"]
    assert "41" not in told
