"""All indicators with intervals for every tambon, amphoe, province and the area in one call."""

from __future__ import annotations

import os
import time
from statistics import median

for variable in ("OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS"):
    os.environ.setdefault(variable, "1")

import numpy as np  # noqa: E402
import pandas as pd  # noqa: E402

NEEDS, PROJECTS, LINKS, SEED, ROUNDS = 10_000, 5_000, 50_000, 2565, 5


def write(rng: np.random.Generator) -> tuple[dict[str, pd.DataFrame], dict[str, pd.DataFrame]]:
    """Return needs, projects and links of a year, and every frame that indicators can use."""
    from evallib.needs.sectors.topics import sector_codes
    from evallib.places import area

    tambons, sectors = area()["tambon_code"].to_numpy(), np.array(sector_codes())
    home, lies = rng.choice(tambons, NEEDS), rng.choice(tambons, PROJECTS)
    quarter = rng.integers(1, 4, NEEDS)
    needs = pd.DataFrame({
        "need_id": [f"n{i:05d}" for i in range(NEEDS)], "tambon_code": home,
        "sector_code": rng.choice(sectors, NEEDS), "people_affected": rng.integers(10, 900, NEEDS),
        "first_stated": [f"2565-Q{q}" for q in quarter],
        "last_stated": [f"2565-Q{q}" for q in np.minimum(quarter + 1, 3)],
        "village_no": rng.integers(1, 9, NEEDS),
    })  # fmt: skip
    start = pd.Timestamp("2021-10-01") + pd.to_timedelta(rng.integers(0, 260, PROJECTS), unit="D")
    projects = pd.DataFrame({
        "project_uid": [f"p{i:05d}" for i in range(PROJECTS)], "tambon_code": lies,
        "sector_code": rng.choice(sectors, PROJECTS), "fiscal_year": 2565, "start_date": start,
        "end_date": start + pd.Timedelta(days=90), "status": "ongoing",
        "budget_approved": rng.lognormal(13, 1, PROJECTS).round(2),
        "agency_id": rng.choice(["RID", "DOH", "PAO-94", "SBPAC"], PROJECTS),
        "public_notice_date": start - pd.Timedelta(days=40),
    })  # fmt: skip
    pairs = pd.DataFrame({"need": rng.integers(NEEDS, size=LINKS)})
    near = pd.Series(np.arange(PROJECTS)).groupby(lies).agg(list)
    pairs["project"] = [rng.choice(near.get(home[i], [0])) for i in pairs["need"]]
    links = pd.DataFrame({
        "need_id": needs["need_id"].to_numpy()[pairs["need"]],
        "project_uid": projects["project_uid"].to_numpy()[pairs["project"]],
        "score": rng.beta(0.5, 1.5, LINKS), "reviewer_state": "auto",
    }).drop_duplicates(["need_id", "project_uid"])  # fmt: skip
    people = pd.DataFrame({"tambon_code": tambons, "population": rng.integers(2000, 12000, 290)})
    return {"needs": needs, "projects": projects, "links": links}, {
        "votes": pd.DataFrame({
            "need_id": needs["need_id"], "fiscal_year": 2565, "quarter": 3,
            "rank": rng.integers(1, 8, NEEDS), "votes": rng.integers(0, 60, NEEDS),
        }),
        "progress": pd.DataFrame({
            "project_uid": projects["project_uid"], "fiscal_year": 2565, "quarter": 3,
            "physical_pct": rng.integers(0, 101, PROJECTS), "status": "ongoing",
            "disbursed_cum": projects["budget_approved"] * rng.random(PROJECTS),
        }),
        "meetings": pd.DataFrame({
            "tambon_code": tambons, "fiscal_year": 2565, "quarter": 3, "n_public": 60,
            "n_women": 25,
        }),
        "survey": pd.DataFrame({
            "tambon_code": rng.choice(tambons, 6000), "fiscal_year": 2565, "quarter": 3,
            "need_rank_1": rng.choice(sectors[:-1], 6000), "official_present": 0,
        }).assign(amphoe_code=lambda f: f["tambon_code"].str[:4],
                  province_code=lambda f: f["tambon_code"].str[:2]),
        "population": people,
        "deprivation": people[["tambon_code"]].assign(value=rng.random(290)),
        "villages": people[["tambon_code"]].assign(villages=8),
    }  # fmt: skip


def main() -> None:
    """Print one Markdown section."""
    from evallib.needs import AlignmentInputs, alignment
    from evallib.periods import FiscalPeriod

    case, more = write(np.random.default_rng(SEED))
    by = ("area", "province", "amphoe", "tambon")
    period = FiscalPeriod(2565, 3)
    taken: dict[int, list[float]] = {1000: [], 0: []}
    inputs = AlignmentInputs(**case, **more, year_to_date=True)
    found = alignment(inputs, period=period, by=by)
    for _ in range(ROUNDS):
        for draws, seconds in taken.items():
            began = time.process_time()
            alignment(inputs, period=period, by=by, draws=draws)
            seconds.append(time.process_time() - began)
    whole, values = (median(taken[draws]) for draws in (1000, 0))
    print("## Indicators A1-A20\n")
    print(
        f"{NEEDS:,} needs, {PROJECTS:,} projects, {len(case['links']):,} links, "
        f"{found['scope'].nunique()} places (tambons, amphoe, provinces, area), all frames given; "
        f"{found['value'].notna().sum():,} of {len(found):,} values defined. CPU seconds of one "
        f"core, median of {ROUNDS}.\n"
    )
    print("| what | seconds |\n|---|---|")
    print(f"| values, intervals from 1,000 simulations, null of A7 from 2,000 | {whole:.2f} |")
    print(f"| values alone | {values:.2f} |")


if __name__ == "__main__":
    main()
