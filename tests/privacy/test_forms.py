"""Forms that a report may rest on: late ones wait for company, what was published stays."""

import pandas as pd
import pytest

from evallib.errors import SchemaError
from evallib.privacy import form_digests, settle_forms
from evallib.privacy.forms import answer_digests, set_id


def forms(n: int, day: str = "2022-09-24", first: int = 0, **more: object) -> pd.DataFrame:
    return pd.DataFrame({
        "resp_key": [f"R{i}" for i in range(first, first + n)], "province_code": "95",
        "fiscal_year": 2565, "quarter": 4, "aware": 1, "as_of": pd.Timestamp(day), **more,
    })  # fmt: skip


def published(frame: pd.DataFrame) -> pd.DataFrame:
    settled = settle_forms(frame, threshold=10).forms
    return settled.assign(set_id=set_id(settled))


@pytest.mark.parametrize(("late", "kept", "waiting"), [(0, 30, 0), (1, 30, 1), (9, 30, 9),
                                                        (10, 40, 0), (25, 55, 0)])  # fmt: skip
def test_late_forms_wait_until_there_are_enough(late, kept, waiting) -> None:
    settled = settle_forms(pd.concat([forms(30), forms(late, "2022-10-20", 30)]), threshold=10)
    assert (len(settled.forms), settled.waiting) == (kept, waiting)


def test_they_wait_for_each_other_whatever_day_they_come() -> None:
    drops = [forms(4, f"2022-10-{day}", 100 * day) for day in (10, 11, 12)]
    waits = settle_forms(pd.concat([forms(30), *drops[:2]]), threshold=10)
    joins = settle_forms(pd.concat([forms(30), *drops]), threshold=10)
    assert (len(waits.forms), waits.waiting) == (30, 8)
    assert (len(joins.forms), joins.waiting) == (42, 0)


def test_provinces_and_quarters_wait_for_themselves() -> None:
    late = [forms(6, "2022-10-20", 100, quarter=3), forms(6, "2022-10-20", 200, quarter=4)]
    first = [forms(30, quarter=3, first=50), forms(30)]
    settled = settle_forms(pd.concat([*first, *late]), threshold=10)
    assert (len(settled.forms), settled.waiting) == (60, 12)


def test_what_was_published_stays_where_a_few_were_corrected_or_withdrawn() -> None:
    frame = forms(40)
    register = published(frame)
    corrected = frame.assign(aware=[0, 0, 0] + [1] * 37)
    for now, waiting in ((corrected, 3), (frame.iloc[4:], 4), (frame, 0)):
        settled = settle_forms(now, register, threshold=10)
        assert settled.waiting == waiting
        assert set_id(settled.forms) == register["set_id"].iloc[0]
        assert settled.forms["aware"].tolist() == [1] * 40


def test_enough_corrections_are_published_anew() -> None:
    frame = forms(40)
    now = frame.assign(aware=[0] * 10 + [1] * 30)
    settled = settle_forms(now, published(frame), threshold=10)
    assert (settled.waiting, int(settled.forms["aware"].sum())) == (0, 30)


def test_one_corrected_form_is_one_person_not_two() -> None:
    frame = forms(40)
    now = frame.assign(aware=[0] * 6 + [1] * 34)  # twelve digests differ, six people
    assert settle_forms(now, published(frame), threshold=10).waiting == 6


def test_the_nearest_of_several_published_sets_stays() -> None:
    early, later = forms(30), forms(60)
    register = pd.concat([published(early), published(later)])
    settled = settle_forms(later.iloc[1:], register, threshold=10)
    assert (len(settled.forms), settled.waiting) == (60, 1)


def test_a_digest_is_of_what_was_said_alone() -> None:
    frame = forms(3)
    later = frame.assign(as_of=pd.Timestamp("2023-01-01"), run_id="x")[frame.columns[::-1]]
    assert form_digests(frame).equals(form_digests(later))
    assert form_digests(frame).nunique() == 3
    assert not form_digests(frame).equals(form_digests(frame.assign(aware=0)))


def test_no_forms_are_no_forms_and_others_are_refused() -> None:
    empty = settle_forms(forms(0), threshold=10)
    assert (len(empty.forms), empty.waiting) == (0, 0)
    assert "form" in empty.forms
    with pytest.raises(SchemaError):
        settle_forms(forms(3).drop(columns="as_of"), threshold=10)


def test_another_secret_moves_neither_what_waits_nor_what_chances_rest_on() -> None:
    frame = forms(40, aware=[0, 1] * 20)
    register = published(frame)
    rekeyed = frame.assign(resp_key=[f"S{i * 7 % 40}" for i in range(40)])
    settled = settle_forms(rekeyed, register, threshold=10)
    assert settled.waiting == 0
    assert sorted(settled.forms["said"]) == sorted(answer_digests(frame))
    corrected = rekeyed.assign(aware=[1, 1, 1, 1] + [0, 1] * 18)
    kept = settle_forms(corrected, register, threshold=10)
    assert kept.waiting == 2
    assert sorted(kept.forms["said"]) == sorted(answer_digests(frame))


def test_answers_have_one_digest_whoever_gave_them() -> None:
    frame = forms(3, aware=[0, 1, 1])
    assert answer_digests(frame).nunique() == 2
    assert form_digests(frame).nunique() == 3
