"""Alignment: a case by hand, a slow obvious twin, ranges, reviews, gaps, and honest intervals."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from evallib.errors import SchemaError
from evallib.needs import alignment
from evallib.periods import FiscalPeriod

T1, T2, T3 = "941012", "941011", "950101"
QUARTER = FiscalPeriod(2565, 3)


def frames(
    needs: list[tuple[str, str]],
    projects: list[tuple[str, str | None, float]],
    links: list[tuple[str, str, float, str]],
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    offered = pd.DataFrame(projects, columns=["project_uid", "tambon_code", "budget_approved"])
    return (
        pd.DataFrame(needs, columns=["need_id", "tambon_code"]),
        offered.assign(fiscal_year=2565),
        pd.DataFrame(links, columns=["need_id", "project_uid", "score", "reviewer_state"]),
    )


def progress_of(percent: dict[str, float], quarter: int = 3) -> pd.DataFrame:
    return pd.DataFrame(
        [(uid, 2565, quarter, p, "ongoing") for uid, p in percent.items()],
        columns=["project_uid", "fiscal_year", "quarter", "physical_pct", "status"],
    )


def values(found: pd.DataFrame, scope: str = "area") -> dict[str, float]:
    return found[found["scope"] == scope].set_index("indicator")["value"].to_dict()


BY_HAND = frames(
    needs=[("a", T1), ("b", T1), ("c", T3)],
    projects=[("p", T1, 300_000.0), ("q", T1, 100_000.0), ("r", T3, 600_000.0)],
    links=[("a", "p", 0.5, "auto"), ("a", "q", 0.8, "auto"), ("b", "q", 0.2, "auto")],
)
VOTES = pd.DataFrame({
    "need_id": ["a", "b", "c"], "fiscal_year": 2565, "quarter": 3, "rank": [1, 2, 1],
    "votes": [30, 10, 7],
})  # fmt: skip


def test_a_case_by_hand() -> None:
    found = alignment(
        *BY_HAND, votes=VOTES, progress=progress_of({"p": 100, "q": 50}), period=QUARTER
    )
    # c: a 1 - .5 * .2 = .9, b .2, c 0; T1 counts .75 * .9 + .25 * .2 = .725, T3 counts 0
    # d: a 1 - .5 * .6 = .7, b .1; T1 .75 * .7 + .25 * .1 = .55
    # a: p .5, q 1 - .2 * .8 = .84, r 0; baht 300,000 * .5 + 100,000 * .84 of 1,000,000
    assert values(found) == pytest.approx(
        {"A1": 1 / 3, "A2": 0.3625, "A3": 0.275, "A4": 1.34 / 3, "A5": 0.234, "A9": 0.6375}
    )
    assert values(found, "94") == pytest.approx(
        {"A1": 0.5, "A2": 0.725, "A3": 0.55, "A4": 0.67, "A5": 0.585, "A9": 0.275}
    )
    assert values(found, "9410") == values(found, "94")
    assert found["scope"].unique().tolist() == ["area", "94", "95", "9410", "9501"]
    n = found[found["scope"] == "area"].set_index("indicator")["n"].to_dict()
    assert n == {"A1": 3, "A2": 3, "A3": 3, "A4": 3, "A5": 3, "A9": 3}
    assert found["n"].dtype == "Int64"


def slow_twin(needs, projects, links, votes, progress, tau) -> dict[tuple[str, str], float]:
    """Read the definitions of 6-alignment.md literally, in loops."""
    m = defaultdict(float)
    for link in links.to_dict("records"):
        state = {"confirmed": 1.0, "rejected": 0.0}.get(link["reviewer_state"], link["score"])
        m[link["need_id"], link["project_uid"]] = state
    ids, uids = needs["need_id"].tolist(), projects["project_uid"].tolist()
    home = dict(zip(ids, needs["tambon_code"], strict=True))
    lies = dict(zip(uids, projects["tambon_code"], strict=True))
    budget = dict(zip(uids, projects["budget_approved"], strict=True))
    s = {uid: progress.get(uid, 0.0) / 100 for uid in uids}
    c = {i: 1 - np.prod([1 - m[i, j] for j in uids]) for i in ids}
    d = {i: 1 - np.prod([1 - m[i, j] * s[j] for j in uids]) for i in ids}
    a = {j: 1 - np.prod([1 - m[i, j] for i in ids]) for j in uids}
    w = {}
    for i in ids:
        mine = [k for k in ids if home[k] == home[i]]
        total = sum(votes[k] for k in mine)
        w[i] = votes[i] / total if total else 1 / len(mine)
    answer: dict[tuple[str, str], float] = {}
    codes = {"area"} | {x[:k] for x in [*home.values(), *lies.values()] for k in (2, 4, 6)}
    for scope in codes:
        start = "" if scope == "area" else scope
        here = [i for i in ids if home[i].startswith(start)]
        offered = [j for j in uids if lies[j].startswith(start)]
        tambons = sorted({home[i] for i in here})
        money = sum(budget[j] for j in offered)

        def mean(x, here=here, tambons=tambons):
            each = [sum(w[i] * x[i] for i in here if home[i] == t) for t in tambons]
            return sum(each) / len(each) if each else np.nan

        answer[scope, "A1"] = np.mean([c[i] >= tau for i in here]) if here else np.nan
        answer[scope, "A2"] = mean(c)
        answer[scope, "A3"] = mean(d)
        answer[scope, "A4"] = np.mean([a[j] for j in offered]) if offered else np.nan
        answer[scope, "A5"] = sum(budget[j] * a[j] for j in offered) / money if money else np.nan
        answer[scope, "A9"] = 1 - mean(c)
    return answer


PROBABILITY = st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.75, 0.9, 1.0])


@st.composite
def cases(draw):
    needs = [(f"n{i}", draw(st.sampled_from([T1, T2, T3]))) for i in range(draw(st.integers(0, 6)))]
    projects = [
        (f"p{i}", draw(st.sampled_from([T1, T2, T3])), float(draw(st.integers(0, 3))) * 1e5)
        for i in range(draw(st.integers(0, 5)))
    ]
    links = [
        (i, j, draw(PROBABILITY), draw(st.sampled_from(["auto", "auto", "confirmed", "rejected"])))
        for i, _ in needs
        for j, _, _ in projects
        if draw(st.booleans())
    ]
    votes = {i: draw(st.integers(0, 4)) for i, _ in needs}
    done = {j: draw(st.sampled_from([0.0, 40.0, 100.0])) for j, _, _ in projects}
    return frames(needs, projects, links), votes, done


def votes_frame(votes: dict[str, int]) -> pd.DataFrame:
    return pd.DataFrame(
        [(i, 2565, 3, None, v) for i, v in votes.items()],
        columns=["need_id", "fiscal_year", "quarter", "rank", "votes"],
    )


@settings(max_examples=60, deadline=None, derandomize=True)
@given(cases())
def test_it_equals_the_slow_twin_and_keeps_its_ranges(case) -> None:
    (needs, projects, links), votes, done = case
    by = ("area", "province", "amphoe", "tambon")
    found = alignment(
        needs,
        projects,
        links,
        votes=votes_frame(votes),
        progress=progress_of(done),
        draws=40,
        by=by,
    )
    expected = slow_twin(needs, projects, links, votes, done, tau=0.5)
    fast = found.set_index(["scope", "indicator"])["value"]
    assert set(fast.index) == set(expected)
    for key, value in expected.items():
        assert fast[key] == pytest.approx(value, abs=1e-12, nan_ok=True)
    table = found.pivot_table(index="scope", columns="indicator", values="value", dropna=False)
    table = table.reindex(columns=["A1", "A2", "A3", "A4", "A5", "A9"]).dropna(subset=["A2"])
    assert (table["A2"] + table["A9"]).to_numpy() == pytest.approx(1)
    assert (table["A3"] <= table["A2"] + 1e-12).all()
    known = found.dropna(subset=["value"])
    assert known["value"].between(0, 1).all()
    assert ((known["low"] <= known["value"]) & (known["value"] <= known["high"])).all()
    assert ((known["low"] >= 0) & (known["high"] <= 1)).all()


def test_reviews_overrule_scores() -> None:
    needs, projects, links = BY_HAND
    sure = alignment(needs, projects, links.assign(reviewer_state="confirmed"), draws=50)
    assert values(sure, "94") == pytest.approx(
        {"A1": 1, "A2": 1, "A3": np.nan, "A4": 1, "A5": 1, "A9": 0}, nan_ok=True
    )
    none = alignment(needs, projects, links.assign(reviewer_state="rejected"), draws=50)
    assert values(none)["A2"] == 0
    for found in (sure, none):  # nothing is uncertain any more
        known = found.dropna(subset=["value"])
        assert known["low"].tolist() == known["high"].tolist() == known["value"].tolist()


def test_gaps_are_missing_and_not_zero() -> None:
    needs, projects, links = BY_HAND
    no_budget = values(alignment(needs, projects.assign(budget_approved=0.0), links))
    assert np.isnan(no_budget["A5"])
    assert no_budget["A4"] > 0
    no_needs = values(alignment(needs.head(0), projects, links))
    assert [k for k, v in no_needs.items() if np.isnan(v)] == ["A1", "A2", "A3", "A9"]
    assert no_needs["A4"] == 0  # projects, of which none answers a stated need
    no_projects = values(alignment(needs, projects.head(0), links, progress=progress_of({})))
    assert [k for k, v in no_projects.items() if np.isnan(v)] == ["A4", "A5"]
    assert no_projects["A9"] == 1
    nothing = alignment(needs.head(0), projects.head(0), links.head(0))
    assert nothing["scope"].unique().tolist() == ["area"]
    assert nothing[["value", "low", "high"]].isna().all(axis=None)
    assert nothing["n"].tolist() == [0] * 6
    assert alignment(*BY_HAND, draws=0)[["low", "high"]].isna().all(axis=None)


def test_cancelled_and_unreported_projects_deliver_nothing() -> None:
    needs, projects, links = BY_HAND
    full = progress_of({"p": 100, "q": 100})
    delivered = values(alignment(needs, projects, links, progress=full), "94")
    assert delivered["A3"] == pytest.approx(delivered["A2"])
    cancelled = projects.assign(status=["cancelled", "ongoing", "ongoing"])
    for found in (
        alignment(needs, cancelled, links, progress=full),
        alignment(needs, projects, links, progress=progress_of({"q": 100})),
        alignment(needs, projects, links, progress=full.assign(status=["cancelled", "ongoing"])),
    ):
        # a: .8, b: .2, equal weights
        assert values(found, "94")["A3"] == pytest.approx(0.5)


def test_the_period_chooses_needs_projects_and_progress() -> None:
    needs, projects, links = BY_HAND
    stated = needs.assign(
        first_stated=["2565-Q1", "2565-Q4", None], last_stated=["2565-Q3", "2565-Q4", None]
    )
    begun = projects.assign(start_date=pd.to_datetime(["2022-06-30", "2022-07-01", None]))
    both = pd.concat(
        [progress_of({"p": 10}, 1), progress_of({"p": 60}, 3), progress_of({"p": 90}, 4)]
    )
    found = alignment(stated, begun, links, period=QUARTER, progress=both)
    n = found[found["scope"] == "area"].set_index("indicator")["n"]
    assert (n["A2"], n["A4"]) == (2, 2)  # a and c; p and r
    assert values(found, "94")["A2"] == pytest.approx(0.5)
    assert values(found, "94")["A3"] == pytest.approx(0.3)
    later = alignment(stated, begun, links, period=FiscalPeriod(2566))
    assert later.loc[later["scope"] == "area", "n"].tolist() == [1, 1, 1, 0, 0, 1]
    year = alignment(stated, begun, links, period=FiscalPeriod(2565), progress=both)
    assert year.loc[year["scope"] == "area", "n"].tolist() == [3] * 6
    assert values(year, "94")["A3"] == pytest.approx(0.45 / 2)


def test_a_project_of_a_province_belongs_to_no_amphoe() -> None:
    needs, projects, links = BY_HAND
    wide = projects.assign(tambon_code=[T1, None, T3], province_code=["94", "94", "95"])
    found = alignment(needs, wide, links)
    n = found[found["indicator"] == "A4"].set_index("scope")["n"].to_dict()
    assert n == {"area": 3, "94": 2, "95": 1, "9410": 1, "9501": 1}
    assert values(found, "9410")["A2"] == pytest.approx(values(found, "94")["A2"])


def test_order_of_rows_and_other_scopes_do_not_matter() -> None:
    found = alignment(*BY_HAND, votes=VOTES, draws=200)
    turned = alignment(*(f.iloc[::-1] for f in BY_HAND), votes=VOTES.iloc[::-1], draws=200)
    pd.testing.assert_frame_equal(found, turned)
    area = alignment(*BY_HAND, votes=VOTES, draws=200, by=("area",))
    pd.testing.assert_frame_equal(found.head(6), area)
    other = alignment(*BY_HAND, votes=VOTES, draws=200, seed=1)
    pd.testing.assert_series_equal(found["value"], other["value"])


def test_inputs_are_left_alone() -> None:
    before = [f.copy() for f in BY_HAND]
    alignment(*BY_HAND, votes=VOTES, progress=progress_of({"p": 10}), period=QUARTER, draws=10)
    for frame, copy in zip(BY_HAND, before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize("wrong", [{"by": ("village",)}, {"tau": 1.5}, {"draws": -1}])
def test_wrong_arguments_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SchemaError):
        alignment(*BY_HAND, **wrong)


def many(seed: int) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    rng = np.random.default_rng(seed)
    needs = [(f"n{i:03d}", [T1, T2, T3][i % 3]) for i in range(60)]
    projects = [(f"p{i:03d}", [T1, T2, T3][i % 3], float(rng.integers(1, 9))) for i in range(30)]
    links = [
        (n, p, float(rng.uniform(0.1, 0.9)), "auto")
        for n, t in needs
        for p, u, _ in projects
        if t == u and rng.random() < 0.15
    ]
    return frames(needs, projects, links)


def test_an_interval_holds_what_binomial_theory_says() -> None:
    needs = [(f"n{i:03d}", T1) for i in range(100)]
    projects = [(f"p{i:03d}", T1, 1.0) for i in range(100)]
    links = [(f"n{i:03d}", f"p{i:03d}", 0.3, "auto") for i in range(100)]
    found = alignment(*frames(needs, projects, links), draws=4000, by=("area",)).set_index(
        "indicator"
    )
    # 100 independent needs, each met with probability .3: 5 and 95 per cent points are 23 and 38
    assert found.loc["A2", ["low", "value", "high"]].tolist() == pytest.approx(
        [0.23, 0.3, 0.38], abs=0.0101
    )
    assert found.loc["A9", "low"] == pytest.approx(1 - found.loc["A2", "high"])


@pytest.mark.slow
def test_intervals_cover_the_truth_at_their_level() -> None:
    needs, projects, links = many(0)
    found = alignment(needs, projects, links, draws=2000, by=("area",)).set_index("indicator")
    rng = np.random.default_rng(7)
    runs, covered = 400, defaultdict(int)
    for _ in range(runs):
        real = rng.random(len(links)) < links["score"]
        state = np.where(real, "confirmed", "rejected")
        truth = values(alignment(needs, projects, links.assign(reviewer_state=state), draws=0))
        for name in ("A2", "A4", "A5", "A9"):
            covered[name] += found.loc[name, "low"] <= truth[name] <= found.loc[name, "high"]
    slack = 3 * (0.9 * 0.1 / runs) ** 0.5
    for name, hits in covered.items():
        assert 0.9 - slack <= hits / runs <= 0.9 + 1.5 * slack, (
            name
        )  # steps make it wider, not narrower


@pytest.mark.slow
def test_a_whole_area_takes_seconds() -> None:
    from time import process_time

    from evallib.places import area

    rng, tambons = np.random.default_rng(0), area()["tambon_code"].to_numpy()
    needs = pd.DataFrame({
        "need_id": [f"n{i:05d}" for i in range(14_000)], "tambon_code": rng.choice(tambons, 14_000),
    })  # fmt: skip
    projects = pd.DataFrame({
        "project_uid": [f"p{i:05d}" for i in range(6_000)],
        "tambon_code": rng.choice(tambons, 6_000),
        "budget_approved": 1.0,
    })  # fmt: skip
    links = pd.DataFrame({
        "need_id": rng.choice(needs["need_id"], 40_000),
        "project_uid": rng.choice(projects["project_uid"], 40_000),
        "score": rng.random(40_000), "reviewer_state": "auto",
    }).drop_duplicates(["need_id", "project_uid"])  # fmt: skip
    begun = process_time()
    found = alignment(needs, projects, links)
    assert found["value"].notna().mean() > 0.8
    assert process_time() - begun < 40
