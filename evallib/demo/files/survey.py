"""The anonymous survey: one CSV a province and quarter, with answers that differ by sex and age."""

from __future__ import annotations

from datetime import timedelta
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from evallib.demo.truth.outcomes import event_times
from evallib.demo.wording import misspell_place, phrases, pick, stream, topics

if TYPE_CHECKING:
    from pathlib import Path

    from evallib.demo.truth.ledger import Ledger
    from evallib.demo.truth.world import World

A_PROVINCE, FEWEST = 400, 60  # respondents a province and quarter in a whole and in a small demo
HEADINGS = ("รหัสแบบสอบถาม", "ตำบล", "อำเภอ", "ช่วงอายุ", "เพศ", "ทราบว่ามีโครงการ (ใช่/ไม่ใช่)",
            "ได้ใช้ประโยชน์ (ใช่/ไม่ใช่)", "ระดับประโยชน์ (1-5)", "ความพึงพอใจ (1-5)",
            "ความเชื่อมั่นในกระบวนการ (1-5)", "ความต้องการลำดับ 1", "ได้รับผลเสีย (มี/ไม่มี)",
            "มีเจ้าหน้าที่อยู่ด้วย (มี/ไม่มี)")  # fmt: skip
AGES, AGE_SHARES = ("15–24", "25–39", "40–59", "60+"), (0.14, 0.29, 0.36, 0.21)
SEXES, SEX_SHARES = ("หญิง", "ชาย", "ไม่ระบุ"), (0.53, 0.455, 0.015)
AGE_AWARE = np.array([-0.5, 0.0, 0.3, -0.2])  # log odds of knowing of the projects
WOMEN_AWARE, TREATED_AWARE = -0.35, 0.5
SPOILT = ("satisfaction", "trust", "aware", "sex", "ตำบล")
UNANSWERED, OUT_OF_RANGE, PLACE_MISSPELT = 0.015, 0.003, 0.01


def write_survey(folder: Path, world: World, needs: pd.DataFrame, ledger: Ledger) -> int:
    """Write every file of the survey; return the number of files."""
    share = min(len(world.tambons) / 290, 1.0)
    size = max(round(A_PROVINCE * share), FEWEST)
    demand = _demand(world, needs)
    treated = event_times(world) >= 0
    for t, period in enumerate(world.quarters):
        for province, places in world.tambons.groupby("province_th", sort=True):
            file = f"{period.fiscal_year}/Q{period.quarter}/แบบสำรวจ {province}.csv"
            rng = stream(world.seed, file)
            n = size + int(rng.integers(-size // 20, size // 20 + 1))
            unit = places.index.to_numpy()[rng.integers(0, len(places), n)]
            answers = _answers(unit, treated[unit, t], demand, rng)
            answers.insert(0, "ตำบล", world.tambons["tambon_th"].to_numpy()[unit])
            answers.insert(1, "อำเภอ", world.tambons["amphoe_th"].to_numpy()[unit])
            answers.insert(0, "รหัสแบบสอบถาม", _keys(n, rng))
            _spoil(answers, file, ledger, rng)
            day = period.end.replace(day=20) + timedelta(days=int(rng.integers(0, 8)))
            title = f"แบบสำรวจไม่ระบุตัวตน จังหวัด{province} (ข้อมูลสังเคราะห์)"
            when = (f"ปีงบประมาณ พ.ศ. {period.fiscal_year} ไตรมาสที่ {period.quarter} "
                    f"ข้อมูล ณ วันที่ {day.day}/{day.month}/{day.year + 543}")  # fmt: skip
            table = answers.to_csv(index=False, header=list(HEADINGS), lineterminator="\r\n")
            text = f"\ufeff{title}\r\n{when}\r\n{table}"
            (folder / file).write_bytes(text.encode("utf-8"))
    return len(world.quarters) * world.tambons["province_th"].nunique()


def _keys(n: int, rng: np.random.Generator) -> list[str]:
    """Return random keys of forms, all different."""
    return [f"{a:08x}{i:03x}" for i, a in enumerate(rng.integers(0, 2**32, n))]


def _demand(world: World, needs: pd.DataFrame) -> np.ndarray:
    """Return how likely each sector is somebody's first need, shape (n tambons, sectors)."""
    codes = list(phrases()["sectors"])
    sector = np.array([codes.index(topic.sector) for topic in topics()])[needs["topic"]]
    stated = np.zeros((len(world.tambons), len(codes)))
    np.add.at(stated, (needs["unit"].to_numpy(), sector), 1.0)
    demand: np.ndarray = (stated + 0.3) / (stated + 0.3).sum(axis=1, keepdims=True)
    return demand


def _answers(
    unit: np.ndarray, treated: np.ndarray, demand: np.ndarray, rng: np.random.Generator
) -> pd.DataFrame:
    """Draw the answers: what people know, use and think, with officials beside them or not."""
    n = len(unit)
    age = rng.choice(len(AGES), n, p=AGE_SHARES)
    sex = rng.choice(len(SEXES), n, p=SEX_SHARES)
    aware_odds = 0.3 + AGE_AWARE[age] + WOMEN_AWARE * (sex == 0) + TREATED_AWARE * treated
    aware = rng.random(n) < _logistic(aware_odds)
    used = aware & (rng.random(n) < _logistic(-0.3 + 0.6 * treated + 0.2 * (age == 2)))
    official = rng.random(n) < 0.2
    opinion = rng.normal(0, 1, n) + 0.3 * used + 0.25 * official
    scale = {
        "benefit": _grade(opinion + 0.2 * treated + rng.normal(0, 0.6, n)),
        "satisfaction": _grade(opinion + rng.normal(0, 0.6, n)),
        "trust": _grade(opinion - 0.2 * (age == 0) + rng.normal(0, 0.8, n)),
    }
    sector = (demand[unit].cumsum(axis=1) < rng.random(n)[:, None]).sum(axis=1)
    names = np.array([entry["name"] for entry in phrases()["sectors"].values()])
    yes, there = np.array(["ไม่ใช่", "ใช่"]), np.array(["ไม่มี", "มี"])
    return pd.DataFrame({
        "age": np.array(AGES)[age], "sex": np.array(SEXES)[sex],
        "aware": yes[aware.astype(int)], "used": yes[used.astype(int)],
        "benefit": np.where(used, scale["benefit"].astype(str), ""),
        "satisfaction": scale["satisfaction"].astype(str), "trust": scale["trust"].astype(str),
        "need": names[sector.clip(0, len(names) - 1)],
        "harm": there[(rng.random(n) < 0.03).astype(int)],
        "official": there[official.astype(int)],
    })  # fmt: skip


def _logistic(odds: np.ndarray) -> np.ndarray:
    chance: np.ndarray = 1 / (1 + np.exp(-odds))
    return chance


def _grade(opinion: np.ndarray) -> np.ndarray:
    """Turn an opinion into a grade from 1 to 5."""
    return np.clip(np.round(3.4 + 0.9 * opinion), 1, 5).astype(int)


def _spoil(answers: pd.DataFrame, file: str, ledger: Ledger, rng: np.random.Generator) -> None:
    """Leave answers out, write a grade that does not exist, misspell a tambon."""
    first_row = 4  # two title rows and the headings stand above
    chance = rng.random(len(answers))
    columns: dict[str, list[Any]] = {name: answers[name].tolist() for name in SPOILT}
    for i in np.flatnonzero(chance < UNANSWERED + OUT_OF_RANGE + PLACE_MISSPELT).tolist():
        if chance[i] < UNANSWERED:
            name, value = pick(rng, SPOILT[:4]), ""
            kind, note = "missing_value", name
        elif chance[i] < UNANSWERED + OUT_OF_RANGE:
            name, value = "satisfaction", "9"
            kind, note = "out_of_range", "satisfaction: 9"
        else:
            name, value = "ตำบล", misspell_place(columns["ตำบล"][i], rng)
            kind, note = "place_misspelt", f"{columns[name][i]} -> {value}"
        columns[name][i] = value
        ledger.defect(file, "", i + first_row, kind, note)
    for name, values in columns.items():
        answers[name] = values
