"""The attacker reads finished pages and notebooks of a year, of provinces and of the area."""

import json
from itertools import product

import pandas as pd
import pytest
from lxml import html

from evallib import report
from evallib.places import area
from evallib.report.notebook import encode_block
from evallib.report.sections.alignment import alignment_of
from evallib.store import Store
from tests.privacy.attacker import Recovered
from tests.privacy.surveys import AMPHOE, year
from tests.privacy.test_attacks import read
from tests.report.sections.test_sections import FRAMES, submitted, table

DAYS = {1: "2021-12-31", 2: "2022-03-31", 3: "2022-06-30", 4: "2022-09-30"}
PLACES = area()
CODES = {
    p: sorted(PLACES.loc[PLACES["province_code"] == p, "amphoe_code"].unique()) for p in AMPHOE
}
NAMES = dict(zip(PLACES["amphoe_en"], PLACES["amphoe_code"], strict=True))


def answers(seed: int) -> pd.DataFrame:
    """Return a year of forms in the contract of the survey, in places that there are."""
    forms = year(seed).rename(columns={"form": "resp_key"})
    codes = {f"{p}{i:02d}": code for p in AMPHOE for i, code in enumerate(CODES[p])}
    forms["amphoe_code"] = forms["amphoe_code"].map(codes)
    forms["tambon_code"] = forms["amphoe_code"] + "01"
    forms["need_rank_1"] = ["WAT", "ROD", "HEA", "EDU", "LIV", "AGR"] * (len(forms) // 6) + [
        "WAT"
    ] * (len(forms) % 6)
    forms["official_present"] = 0
    forms["as_of"] = pd.to_datetime(forms["quarter"].map(DAYS))
    return forms


@pytest.fixture(scope="module")
def store(tmp_path_factory):
    survey = answers(11)
    store = Store(tmp_path_factory.mktemp("year") / "processed")
    sent = [submitted("survey", file=f"Q{q}", quarter=q, as_of=pd.Timestamp(day))
            for q, day in DAYS.items()]  # fmt: skip
    frames = FRAMES | {
        "inputs": table("inputs", sent),
        "beneficiary_survey": table("beneficiary_survey", survey.to_dict("records")),
    }
    store.rebuild(frames, run_id="year", as_of=DAYS[4])
    return store


def tables_of(blocks) -> list[pd.DataFrame]:
    """Return the tables of a finished page."""
    page = report.render_html(blocks, language="en", title="t", meta={})
    found = []
    for part in html.fromstring(page).iter("table"):
        rows = [[" ".join(cell.text_content().split()) for cell in row.iter("td", "th")]
                for row in part.iter("tr")]  # fmt: skip
        found.append(pd.DataFrame(rows[1:], columns=rows[0]))
    return found


@pytest.mark.slow
def test_nothing_is_recovered_from_finished_pages_and_notebooks(store) -> None:
    survey, pages, further = answers(11), {}, []
    wanted = [*product(AMPHOE, (1, 2, 3, 4)), ("area", 0)]
    for scope, quarter in wanted:
        period = f"2565-Q{quarter}" if quarter else "2565"
        e = report.read_evidence(store, period, province=scope, language="en")
        blocks = report.results_section(e)
        ages, places = tables_of(blocks)
        ages.columns = ["age_band", "n", "aware", "satisfaction", "trust_process"]
        places.columns = ["amphoe_code", "n"]
        places["amphoe_code"] = places["amphoe_code"].map(lambda name: NAMES.get(name, name))
        last = len(ages) - 1
        ages.loc[last, "age_band"] = places.loc[len(places) - 1, "amphoe_code"] = "all"
        key = ((scope,), (quarter,)) if quarter else (tuple(AMPHOE), (1, 2, 3, 4))
        pages[key] = (ages, places)
        further.append((json.dumps([encode_block(b) for b in blocks], ensure_ascii=False),
                        alignment_of(e, draws=0)))  # fmt: skip
    known = read(pages, codes=CODES)
    people = Recovered()
    for p, q in product(AMPHOE, (1, 2, 3, 4)):
        here = survey[(survey["province_code"] == p) & (survey["quarter"] == q)]
        for code in CODES[p]:
            if (here["amphoe_code"] == code).sum() <= 10:
                people.note(known.bound({known.at(p, q, "amphoe_code", code): 1.0}))
    assert people.asked > 40
    assert (people.exact, people.missed) == (0, 0)

    for carried, indicators in further:
        blocks = [b for b in json.loads(carried) if b["kind"] == "table"]
        cells = [cell for b in blocks for row in b["frame"]["rows"] for cell in row]
        assert all(isinstance(cell, str) for cell in cells)  # as printed, and no decimals beside it
        counted = indicators[indicators["indicator"].isin(["A17", "A16.women"])]
        assert (counted["n"].dropna() % 10 == 0).all()
        missing = set(counted.loc[counted["value"].isna(), "note"])
        assert missing <= {"few_people", "no_needs", "no_meetings"}
