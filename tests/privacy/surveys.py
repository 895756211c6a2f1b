"""Years of a small survey, written apart from the gate: forms of four provinces and quarters."""

import hashlib

import numpy as np
import pandas as pd

AGES = ("15–24", "25–39", "40–59", "60+")
AMPHOE = {"94": 12, "95": 8, "96": 13, "90": 4}
CODES = {p: [f"{p}{a:02d}" for a in range(n)] for p, n in AMPHOE.items()}
TABLES = {"age_band": AGES, "amphoe_code": [code for codes in CODES.values() for code in codes]}
ANSWERS = {"aware": (0, 1), "satisfaction": (1, 5), "trust_process": (1, 5)}


def named(n: int, *of: object) -> list[str]:
    """Return names of forms that nobody guesses."""
    return [hashlib.sha256(f"{of} {i}".encode()).hexdigest() for i in range(n)]


def year(seed: int, *, fewest: int = 30, most: int = 250) -> pd.DataFrame:
    """Return the forms of a year; each province and quarter has a size and opinions of its own."""
    rng = np.random.default_rng(seed)
    parts = []
    for province, n_amphoe in AMPHOE.items():
        ages, places = rng.dirichlet([4, 7, 8, 3]), rng.dirichlet(np.full(n_amphoe, 1.5))
        for quarter in (1, 2, 3, 4):
            n = int(rng.integers(fewest, most + 1))
            aware, scores = rng.uniform(0.03, 0.97), rng.dirichlet(np.full(5, 0.8), 2)
            parts.append(pd.DataFrame({
                "form": named(n, seed, province, quarter),
                "province_code": province, "fiscal_year": 2565, "quarter": quarter,
                "age_band": np.array(AGES)[rng.choice(4, n, p=ages)],
                "amphoe_code": [f"{province}{a:02d}" for a in rng.choice(n_amphoe, n, p=places)],
                "aware": (rng.random(n) < aware).astype(int),
                "satisfaction": 1 + rng.choice(5, n, p=scores[0]),
                "trust_process": 1 + rng.choice(5, n, p=scores[1]),
            }))  # fmt: skip
    return pd.concat(parts, ignore_index=True)
