"""Alignment: a case by hand, a slow obvious twin, ranges, reviews, gaps, and honest intervals."""

from collections import defaultdict

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import kendalltau, kstest
from sklearn.metrics import ndcg_score

from evallib.errors import SchemaError
from evallib.needs import AlignmentInputs
from evallib.periods import FiscalPeriod
from tests.needs.small_case import measure
from tests.simulations import repeated, slack

T1, T2, T3 = "941012", "941011", "950101"
QUARTER = FiscalPeriod(2565, 3)
SIX = ("A1", "A2", "A3", "A4", "A5", "A9")
SECTORS = ("WAT", "ROD", "AGR", "LIV", "HEA", "SEC")
PEOPLE = pd.DataFrame({"tambon_code": [T1, T2, T3], "population": [1000.0, 500.0, 2000.0]})


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
    here = found[(found["scope"] == scope) & found["indicator"].isin(SIX)]
    return here.set_index("indicator")["value"].to_dict()


def row(found: pd.DataFrame, indicator: str, scope: str = "area") -> pd.Series:
    return found.set_index(["scope", "indicator"]).loc[(scope, indicator)]


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
    found = measure(
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
    n = found[found["scope"] == "area"].set_index("indicator")["n"]
    assert n[list(SIX)].tolist() == [3] * 6
    assert found["n"].dtype == "Int64"


def slow_twin(needs, projects, links, votes, progress, tau) -> dict[tuple[str, str], float]:
    """Read the definitions of A1-A9 and A12 literally, in loops."""
    m = defaultdict(float)
    for link in links.to_dict("records"):
        state = {"confirmed": 1.0, "rejected": 0.0}.get(link["reviewer_state"], link["score"])
        m[link["need_id"], link["project_uid"]] = state
    ids, uids = needs["need_id"].tolist(), projects["project_uid"].tolist()
    of = {key: dict(zip(ids, needs[key], strict=True)) for key in needs}
    by = {key: dict(zip(uids, projects[key], strict=True)) for key in projects}
    home, lies, budget = of["tambon_code"], by["tambon_code"], by["budget_approved"]
    s = {uid: progress.get(uid, 0.0) / 100 for uid in uids}
    c = {i: 1 - np.prod([1 - m[i, j] for j in uids]) for i in ids}
    d = {i: 1 - np.prod([1 - m[i, j] * s[j] for j in uids]) for i in ids}
    a = {j: 1 - np.prod([1 - m[i, j] for i in ids]) for j in uids}
    w = {}
    for i in ids:
        mine = [k for k in ids if home[k] == home[i]]
        total = sum(votes[k] for k in mine)
        w[i] = votes[i] / total if total else 1 / len(mine)
    heavier = {i: sum(w[k] > w[i] + 1e-9 for k in ids if home[k] == home[i]) for i in ids}
    first = {j: 1 - np.prod([1 - m[i, j] for i in ids if heavier[i] < 3]) for j in uids}
    people = PEOPLE.set_index("tambon_code")["population"]
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

        def paid(x, offered=offered, money=money):
            return sum(budget[j] * x(j) for j in offered) / money if money else np.nan

        def sector(kind, rows, weight):
            sums = defaultdict(float)
            for k in rows:
                sums[kind["sector_code"][k] if kind["sector_code"][k] in SECTORS else "OTH"] += (
                    weight[k]
                )
            total = sum(sums.values())
            return {g: x / total for g, x in sums.items()} if total else None

        answer[scope, "A1"] = np.mean([c[i] >= tau for i in here]) if here else np.nan
        answer[scope, "A2"] = mean(c)
        answer[scope, "A3"] = mean(d)
        answer[scope, "A4"] = np.mean([a[j] for j in offered]) if offered else np.nan
        answer[scope, "A5"] = paid(lambda j: a[j])
        answer[scope, "A6"] = paid(lambda j: first[j])
        answer[scope, "A9"] = 1 - mean(c)
        answer[scope, "A9.delivered"] = 1 - mean(d)
        answer[scope, "A12"] = paid(lambda j: a[j] < 0.2)
        answer[scope, "A12.mandated"] = paid(lambda j: a[j] < 0.2 and by["sector_code"][j] == "SEC")
        stated = [i for i in here if not np.isnan(of["people_affected"][i])]
        living = people[people.index.str.startswith(start)].sum()
        unmet = sum(of["people_affected"][i] * (1 - c[i]) for i in stated)
        answer[scope, "A9.people"] = 1000 * unmet / living if stated else np.nan
        need, spent = sector(of, here, w), sector(by, offered, budget)
        answer[scope, "A7"] = answer[scope, "A8"] = answer[scope, "A8.ndcg"] = np.nan
        if need and spent:
            named = sorted(g for g in {*need, *spent} if need.get(g) or spent.get(g))
            one = [round(need.get(g, 0.0), 12) for g in named]
            other = [round(spent.get(g, 0.0), 12) for g in named]
            if len(offered) >= 5:
                answer[scope, "A7"] = sum(abs(x - y) for x, y in zip(one, other, strict=True)) / 2
            if len(named) >= 5:
                answer[scope, "A8"] = kendalltau(one, other).statistic
                answer[scope, "A8.ndcg"] = ndcg_score([one], [other])
    return answer


PROBABILITY = st.sampled_from([0.0, 0.05, 0.3, 0.5, 0.75, 0.9, 1.0])


@st.composite
def cases(draw):
    needs = [(f"n{i}", draw(st.sampled_from([T1, T2, T3]))) for i in range(draw(st.integers(0, 9)))]
    projects = [
        (f"p{i}", draw(st.sampled_from([T1, T2, T3])), float(draw(st.integers(0, 3))) * 1e5)
        for i in range(draw(st.integers(0, 9)))
    ]
    links = [
        (i, j, draw(PROBABILITY), draw(st.sampled_from(["auto", "auto", "confirmed", "rejected"])))
        for i, _ in needs
        for j, _, _ in projects
        if draw(st.booleans())
    ]
    votes = {i: draw(st.integers(0, 4)) for i, _ in needs}
    stated, offered, between = frames(needs, projects, links)
    sector = st.sampled_from([*SECTORS, "XYZ", None])
    stated["sector_code"] = pd.Series([draw(sector) for _ in needs], dtype="object")
    affected = st.sampled_from([np.nan, 0.0, 30.0, 400.0])
    stated["people_affected"] = pd.Series([draw(affected) for _ in needs], dtype="float64")
    offered["sector_code"] = pd.Series([draw(sector) for _ in projects], dtype="object")
    done = {j: draw(st.sampled_from([0.0, 40.0, 100.0])) for j, _, _ in projects}
    return (stated, offered, between), votes, done


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
    found = measure(
        needs,
        projects,
        links,
        votes=votes_frame(votes),
        progress=progress_of(done),
        draws=40,
        by=by,
        population=PEOPLE,
    )
    expected = slow_twin(needs, projects, links, votes, done, tau=0.5)
    fast = found.set_index(["scope", "indicator"])["value"]
    names = {indicator for _, indicator in expected} or set(SIX)
    assert set(fast.index[fast.index.get_level_values(1).isin(names)]) == set(expected)
    for key, value in expected.items():
        assert fast[key] == pytest.approx(value, abs=1e-12, nan_ok=True), key
    found = found[found["indicator"].isin(names)]
    table = found.pivot_table(index="scope", columns="indicator", values="value", dropna=False)
    table = table.reindex(columns=["A1", "A2", "A3", "A4", "A5", "A9"]).dropna(subset=["A2"])
    assert (table["A2"] + table["A9"]).to_numpy() == pytest.approx(1)
    assert (table["A3"] <= table["A2"] + 1e-12).all()
    known = found.dropna(subset=["value"])
    shares = known[~known["indicator"].isin(["A8", "A9.people"])]
    assert shares["value"].between(0, 1).all()
    assert known.loc[known["indicator"] == "A8", "value"].between(-1, 1).all()
    assert (known["value"] >= -1).all()
    drawn = known.dropna(subset=["low"])
    assert ((drawn["low"] <= drawn["value"]) & (drawn["value"] <= drawn["high"])).all()
    limited = drawn[drawn["indicator"] != "A9.people"]
    assert ((limited["low"] >= 0) & (limited["high"] <= 1)).all()
    assert (found["value"].isna() == (found["note"] != "")).all()


def test_reviews_overrule_scores() -> None:
    needs, projects, links = BY_HAND
    sure = measure(needs, projects, links.assign(reviewer_state="confirmed"), draws=50)
    assert values(sure, "94") == pytest.approx(
        {"A1": 1, "A2": 1, "A3": np.nan, "A4": 1, "A5": 1, "A9": 0}, nan_ok=True
    )
    none = measure(needs, projects, links.assign(reviewer_state="rejected"), draws=50)
    assert values(none)["A2"] == 0
    for found in (sure, none):  # nothing is uncertain any more
        known = found[found["indicator"].isin(SIX)].dropna(subset=["value"])
        assert known["low"].tolist() == known["high"].tolist() == known["value"].tolist()


def test_gaps_are_missing_and_not_zero() -> None:
    needs, projects, links = BY_HAND
    no_budget = values(measure(needs, projects.assign(budget_approved=0.0), links))
    assert np.isnan(no_budget["A5"])
    assert no_budget["A4"] > 0
    no_needs = values(measure(needs.head(0), projects, links))
    assert [k for k, v in no_needs.items() if np.isnan(v)] == ["A1", "A2", "A3", "A9"]
    assert no_needs["A4"] == 0  # projects, of which none answers a stated need
    no_projects = values(measure(needs, projects.head(0), links, progress=progress_of({})))
    assert [k for k, v in no_projects.items() if np.isnan(v)] == ["A4", "A5"]
    assert no_projects["A9"] == 1
    nothing = measure(needs.head(0), projects.head(0), links.head(0))
    assert nothing["scope"].unique().tolist() == ["area"]
    assert nothing[["value", "low", "high"]].isna().all(axis=None)
    assert nothing["note"].ne("").all()
    assert nothing.loc[nothing["indicator"].isin(SIX[:2]), "n"].tolist() == [0, 0]
    assert row(nothing, "A2")["note"] == "no_needs"
    assert row(nothing, "A4")["note"] == "no_projects"
    paid = measure(needs, projects.assign(budget_approved=np.nan), links)
    assert [row(paid, i)["note"] for i in ("A5", "A6", "A12", "A8")] == ["no_budget"] * 4
    assert measure(*BY_HAND, draws=0)[["low", "high"]].isna().all(axis=None)


def test_cancelled_and_unreported_projects_deliver_nothing() -> None:
    needs, projects, links = BY_HAND
    full = progress_of({"p": 100, "q": 100})
    delivered = values(measure(needs, projects, links, progress=full), "94")
    assert delivered["A3"] == pytest.approx(delivered["A2"])
    cancelled = projects.assign(status=["cancelled", "ongoing", "ongoing"])
    for found in (
        measure(needs, cancelled, links, progress=full),
        measure(needs, projects, links, progress=progress_of({"q": 100})),
        measure(needs, projects, links, progress=full.assign(status=["cancelled", "ongoing"])),
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
    found = measure(stated, begun, links, period=QUARTER, progress=both)
    n = found[found["scope"] == "area"].set_index("indicator")["n"]
    assert (n["A2"], n["A4"]) == (2, 2)  # a and c; p and r
    assert values(found, "94")["A2"] == pytest.approx(0.5)
    assert values(found, "94")["A3"] == pytest.approx(0.3)
    later = measure(stated, begun, links, period=FiscalPeriod(2566), progress=both)
    of_area = later[(later["scope"] == "area") & later["indicator"].isin(SIX)]
    assert of_area["n"].tolist() == [1, 1, 1, 0, 0, 1]
    year = measure(stated, begun, links, period=FiscalPeriod(2565), progress=both)
    of_area = year[(year["scope"] == "area") & year["indicator"].isin(SIX)]
    assert of_area["n"].tolist() == [3] * 6
    assert values(year, "94")["A3"] == pytest.approx(0.45 / 2)


def test_a_project_of_a_province_belongs_to_no_amphoe() -> None:
    needs, projects, links = BY_HAND
    wide = projects.assign(tambon_code=[T1, None, T3], province_code=["94", "94", "95"])
    found = measure(needs, wide, links)
    n = found[found["indicator"] == "A4"].set_index("scope")["n"].to_dict()
    assert n == {"area": 3, "94": 2, "95": 1, "9410": 1, "9501": 1}
    assert values(found, "9410")["A2"] == pytest.approx(values(found, "94")["A2"])


def test_order_of_rows_and_other_scopes_do_not_matter() -> None:
    found = measure(*BY_HAND, votes=VOTES, draws=200)
    turned = measure(*(f.iloc[::-1] for f in BY_HAND), votes=VOTES.iloc[::-1], draws=200)
    pd.testing.assert_frame_equal(found, turned)
    area = measure(*BY_HAND, votes=VOTES, draws=200, by=("area",))
    pd.testing.assert_frame_equal(found.head(len(area)), area)
    other = measure(*BY_HAND, votes=VOTES, draws=200, seed=1)
    pd.testing.assert_series_equal(found["value"], other["value"])


def test_inputs_are_left_alone() -> None:
    before = [f.copy() for f in BY_HAND]
    measure(*BY_HAND, votes=VOTES, progress=progress_of({"p": 10}), period=QUARTER, draws=10)
    for frame, copy in zip(BY_HAND, before, strict=True):
        pd.testing.assert_frame_equal(frame, copy)


@pytest.mark.parametrize("wrong", [{"by": ("village",)}, {"tau": 1.5}, {"draws": -1}, {"top": -1}])
def test_wrong_arguments_are_refused(wrong: dict[str, object]) -> None:
    with pytest.raises(SchemaError):
        measure(*BY_HAND, **wrong)


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
    found = measure(*frames(needs, projects, links), draws=4000, by=("area",)).set_index(
        "indicator"
    )
    # 100 independent needs, each met with probability .3: 5 and 95 per cent points are 23 and 38
    assert found.loc["A2", ["low", "value", "high"]].tolist() == pytest.approx(
        [0.23, 0.3, 0.38], abs=0.0101
    )
    assert found.loc["A9", "low"] == pytest.approx(1 - found.loc["A2", "high"])


@repeated(40, 400)
def test_intervals_cover_the_truth_at_their_level(runs: int) -> None:
    needs, projects, links = many(0)
    found = measure(needs, projects, links, draws=2000, by=("area",)).set_index("indicator")
    rng = np.random.default_rng(7)
    covered: dict[str, int] = defaultdict(int)
    for _ in range(runs):
        real = rng.random(len(links)) < links["score"]
        state = np.where(real, "confirmed", "rejected")
        reviewed = links.assign(reviewer_state=state)
        truth = values(measure(needs, projects, reviewed, draws=0, by=("area",)))
        for name in ("A2", "A4", "A5", "A9"):
            covered[name] += found.loc[name, "low"] <= truth[name] <= found.loc[name, "high"]
    chance = slack(0.9, runs)
    for name, hits in covered.items():
        assert 0.9 - chance <= hits / runs <= 0.9 + 1.5 * chance, (
            name
        )  # steps make it wider, not narrower


def test_a_need_is_answered_by_a_project_of_the_year_before_and_a_project_by_an_old_need() -> None:
    needs, projects, links = frames(
        needs=[("new", T1), ("old", T1)],
        projects=[("before", T1, 100.0), ("now", T1, 300.0)],
        links=[("new", "before", 0.8, "auto"), ("old", "now", 0.6, "auto")],
    )
    needs = needs.assign(first_stated=["2565-Q3", "2564-Q2"], last_stated=["2565-Q3", "2564-Q2"])
    projects = projects.assign(fiscal_year=[2564, 2565])
    found = measure(needs, projects, links, period=QUARTER)
    assert row(found, "A2")[["value", "n"]].tolist() == [0.8, 1]
    assert row(found, "A4")[["value", "n"]].tolist() == [0.6, 1]
    assert row(found, "A5")["value"] == pytest.approx(0.6)
    assert row(found, "A6")["value"] == 0.0  # the old need is none of the first of now


def test_year_to_date_counts_needs_of_the_quarters_before() -> None:
    needs, projects, links = BY_HAND
    stated = needs.assign(
        first_stated=["2565-Q1", "2565-Q3", "2564-Q4"],
        last_stated=["2565-Q1", "2565-Q3", "2564-Q4"],
    )
    found = measure(stated, projects, links, period=QUARTER)
    to_date = measure(stated, projects, links, period=QUARTER, year_to_date=True)
    assert (row(found, "A1")["n"], row(to_date, "A1")["n"]) == (1, 2)
    votes = VOTES.assign(quarter=[1, 3, 3])
    weighed = measure(stated, projects, links, votes=votes, period=QUARTER, year_to_date=True)
    # a had all votes of its quarter, b of its own: half each
    assert row(weighed, "A2")["value"] == pytest.approx(0.5 * 0.9 + 0.5 * 0.2)


def test_where_few_councils_met_the_needs_do_not_speak_for_the_place() -> None:
    from evallib.places import area

    codes = area().query("amphoe_code == '9410'")["tambon_code"]
    meetings = pd.DataFrame({
        "tambon_code": codes.iloc[:1], "fiscal_year": 2565, "quarter": 3, "n_public": 40,
        "n_women": 20,
    })  # fmt: skip
    found = measure(*BY_HAND, period=QUARTER, meetings=meetings)
    assert row(found, "A2", "9410")["note"] == "few_meetings"
    assert row(found, "A2", "9410")["value"] == pytest.approx(0.5 * 0.9 + 0.5 * 0.2)
    assert row(found, "A16", "9410")["note"] == ""
    everyone = meetings.iloc[:0].reindex(range(len(codes))).assign(
        tambon_code=codes.to_numpy(), fiscal_year=2565, quarter=3, n_public=40, n_women=20
    )  # fmt: skip
    assert row(measure(*BY_HAND, period=QUARTER, meetings=everyone), "A2", "9410")["note"] == ""


def proportional(rng: np.random.Generator, n_projects: int) -> tuple[pd.DataFrame, ...]:
    """Return needs of unequal sectors, and projects whose sectors are drawn by need."""
    shares = np.array([0.4, 0.3, 0.2, 0.1])
    counts = (shares * 20).astype(int)
    needs = pd.DataFrame({
        "need_id": [f"n{i}" for i in range(20)], "tambon_code": T1,
        "sector_code": np.repeat(SECTORS[:4], counts),
    })  # fmt: skip
    projects = pd.DataFrame({
        "project_uid": [f"p{i:03d}" for i in range(n_projects)], "tambon_code": T1,
        "sector_code": rng.choice(SECTORS[:4], size=n_projects, p=shares),
        "budget_approved": rng.lognormal(12, 1, size=n_projects),
    })  # fmt: skip
    links = pd.DataFrame(columns=["need_id", "project_uid", "score", "reviewer_state"])
    return needs, projects, links.astype({"score": "float64"})


@repeated(40, 300)
def test_under_proportional_allocation_the_p_value_of_a7_is_uniform(runs: int) -> None:
    rng = np.random.default_rng(11)
    found = [
        row(measure(*proportional(rng, 40), draws=250, by=("area",), seed=i), "A7")
        for i in range(runs)
    ]
    p = np.array([f["null_p"] for f in found])
    assert kstest(p, "uniform").pvalue > 0.01
    excess = np.array([f["value"] - f["null_mean"] for f in found])
    assert abs(excess.mean()) < 3 * excess.std() / len(excess) ** 0.5


def test_budgets_against_all_needs_are_further_than_chance() -> None:
    needs, projects, links = proportional(np.random.default_rng(1), 40)
    against = row(measure(needs, projects.assign(sector_code="HEA"), links), "A7")
    assert against["value"] == 1.0
    assert against["null_p"] == pytest.approx(1 / 2001)
    few = row(measure(needs, projects.head(4), links), "A7")
    assert (few["note"], few["n"]) == ("few_projects", 4)
    assert np.isnan(few["value"])


def test_a_higher_level_gives_wider_intervals_of_the_same_values() -> None:
    one, other = (measure(*BY_HAND, votes=VOTES, draws=400, level=x) for x in (0.5, 0.99))
    pd.testing.assert_series_equal(one["value"], other["value"])
    wide = (other["high"] - other["low"]).sub(one["high"] - one["low"]).dropna()
    assert (wide >= 0).all()
    assert wide.max() > 0.1


@pytest.mark.parametrize("period", ["2565-Q3", "Q3/65", "ไตรมาส 3/2565", QUARTER])
def test_the_period_may_be_text_and_one_level_a_word(period: object) -> None:
    plain = measure(*BY_HAND, votes=VOTES, draws=0, period=QUARTER, by=("area",))
    pd.testing.assert_frame_equal(
        measure(*BY_HAND, votes=VOTES, draws=0, period=period, by="area"), plain
    )


@pytest.mark.parametrize(
    ("table", "column"),
    [("needs", "need_id"), ("needs", "tambon_code"), ("projects", "project_uid"),
     ("links", "score")],
)  # fmt: skip
def test_a_table_without_what_everything_rests_on_is_refused(table: str, column: str) -> None:
    tables = dict(zip(("needs", "projects", "links"), many(0), strict=True))
    tables[table] = tables[table].rename(columns={column: f"{column}s"})
    with pytest.raises(SchemaError, match=f"{column}") as refused:
        AlignmentInputs(**tables)
    assert refused.value.code == "tables.columns_absent"


def test_no_table_at_all_is_refused_with_what_was_found() -> None:
    needs, projects, _ = many(0)
    with pytest.raises(SchemaError, match="NoneType"):
        AlignmentInputs(needs, projects, None)
