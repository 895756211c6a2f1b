"""Whether intake found each planted defect of the demo, and what it warns of without a reason.

A planted defect is *found* when a finding of the right kind stands at its row and what was kept is
right or empty; what is noted for the record stands once for a column. A warning or an error is
*false* when nothing planted at its place explains a finding of its kind.
"""

import re

import pandas as pd

from evallib.places import register

PLACE = ["file", "sheet", "row"]
FIELDS = {  # field of a missing value -> codes that answer it, column that stays empty
    "budget": ("intake.budget_missing", "budget_approved"),
    "start": ("intake.start_missing|date.unreadable", "start_date"),  # ไม่ระบุ is both
    "end": ("intake.end_missing|date.unreadable", "end_date"),
    "status": ("intake.status_missing", "status"),
    "physical": ("intake.physical_", "physical_pct"),
    "disbursed": ("intake.disbursed_", "disbursed_cum"),
    "meeting date": ("council.date_missing", "meeting_date"),
    "rank or votes": ("need.weight_missing", ""),
    "satisfaction": ("survey.satisfaction_unanswered", "satisfaction"),
    "sex": ("survey.sex_unanswered", "sex"),
    "trust": ("survey.trust_unanswered", "trust_process"),
    "aware": ("survey.aware_unanswered", "aware"),
    "income": ("indicator.income_missing", "income"),
    "households": ("indicator.households_missing", "households"),
    "out_of_school": ("indicator.out_of_school_missing", "out_of_school"),
}
ANSWERS = {  # kind of defect -> how the codes of findings begin that answer it
    "as_of_absent": ("intake.as_of_assumed",),
    "date_impossible": ("date.unreadable",),
    "disbursed_over_approved": ("intake.disbursed_over_budget",),
    "file_cut_off": ("refused.damaged", "refused.truncated", "refused.not_a_table"),
    "file_repeated": ("intake.repeated_file",),
    "iso_date_buddhist_era": ("date.era",),
    "out_of_range": ("survey.unknown_answer",),
    "percent_over_100": ("percent.out_of_range",),
    "period_conflict": ("intake.period_conflict",),
    "place_misspelt": (
        "intake.no_tambon",
        "intake.place_conflict",
        "intake.place_corrected",
        "intake.place_from_title",
        "intake.place_similar",
    ),
    "sara_am_decomposed": ("text.repaired",),
    "text_in_number": ("amount.", "intake.budget_missing", "text.status_note"),
    "total_mismatch": ("header.total_differs", "header.total_unsettled"),
    "unit_slip": ("intake.budget_unlikely", "amount.", "intake.budget_outlier"),
    "year_common_era": ("date.era",),
}
OF_FILE = {"as_of_absent", "file_cut_off", "file_repeated", "period_conflict",
           "iso_date_buddhist_era"}  # fmt: skip
AT_ROW = {"date_impossible", "disbursed_over_approved", "out_of_range", "percent_over_100",
          "total_mismatch"}  # fmt: skip


def answers(kind: str, note: str) -> tuple[str, ...]:
    """Return how the codes begin that answer a defect."""
    return tuple(FIELDS[_field(note)][0].split("|")) if kind == "missing_value" else ANSWERS[kind]


def _field(note: str) -> str:
    return note if note in FIELDS else re.sub(r"^q\d_|_result$", "", note)


def _any(codes: set[str], begin: tuple[str, ...]) -> bool:
    return any(code.startswith(begin) for code in codes)


class Judge:
    """Tells of a planted defect whether intake found it."""

    def __init__(self, sent, found: pd.DataFrame, truth: dict[str, pd.DataFrame], names) -> None:
        self.at_row = found.groupby(PLACE)["code"].agg(set).to_dict()
        noted = found[found["severity"] == "info"]  # one finding for the cells of a column
        self.noted = noted.groupby(["file", "sheet"])["code"].agg(set).to_dict()
        self.of_file = found.groupby("file")["code"].agg(set).to_dict()
        self.rows = _kept_rows(sent, names)
        projects = truth["submissions"].merge(truth["projects"], on="true_project_id")
        self.projects = projects.set_index(PLACE)
        self.tambons = dict(zip(register()["tambon_code"], register()["tambon_th"], strict=True))

    def __call__(self, defect) -> bool:
        place = defect.file, defect.sheet, defect.row
        begin = answers(defect.kind, defect.note)
        here = self.at_row.get(place, set())
        if defect.kind in AT_ROW:
            return _any(here, begin)
        if defect.kind in OF_FILE or defect.note == "meeting date":
            here = noted = self.of_file.get(defect.file, set())
        else:
            noted = self.noted.get((defect.file, defect.sheet), set()) | here
        right = getattr(self, f"_{defect.kind}", None)
        told = _any(noted, begin)
        return told if right is None else right(self.rows.get(place, {}), defect, told, here)

    def _place_misspelt(self, kept, defect, told, here) -> bool:
        if here & {"intake.place_unknown", "intake.place_conflict", "intake.no_tambon"}:
            return True
        return told and self.tambons.get(kept.get("tambon_code")) == defect.note.split(" -> ")[0]

    def _sara_am_decomposed(self, kept, defect, told, here) -> bool:
        texts = [value for value in kept.values() if isinstance(value, str)]
        return told and bool(texts) and "\u0e4d\u0e32" not in "".join(texts)

    def _year_common_era(self, kept, defect, told, here) -> bool:
        field = f"{defect.note.split(':')[0]}_date"
        right = pd.Timestamp(self.projects.loc[(defect.file, defect.sheet, defect.row), field])
        near = abs((kept[field] - right).days) <= 5 if pd.notna(kept.get(field)) else False
        return near and (told or "/" in defect.note)  # no word says that 19/11/2019 is Buddhist

    def _iso_date_buddhist_era(self, kept, defect, told, here) -> bool:
        return told and pd.Timestamp(kept["meeting_date"]) == pd.Timestamp(defect.note)

    def _missing_value(self, kept, defect, told, here) -> bool:
        column = FIELDS[_field(defect.note)][1]
        return told and bool(pd.isna(kept.get(column or "rank")) or not column)

    def _text_in_number(self, kept, defect, told, here) -> bool:
        """An amount that is certain is read without a word; one that is not has its finding."""
        field, written = defect.note.split(": ", 1)
        value = kept.get({"budget": "budget_approved"}.get(field, field))
        number = re.search(r"\d[\d,]*(?:\.\d+)?", written)
        if number is None:
            return told and bool(pd.isna(value))
        right = float(number[0].replace(",", ""))
        right *= 1e6 if "ล้าน" in written or (field == "budget" and right < 1_000) else 1
        if "ประมาณ" in written and pd.isna(value):
            return _any(here, ("amount.review",))
        return bool(pd.notna(value)) and abs(value - right) <= 0.5

    def _unit_slip(self, kept, defect, told, here) -> bool:
        right = float(re.search(r"\d+", defect.note)[0])
        value = kept.get("budget_approved")
        return _any(here, ANSWERS["unit_slip"]) and (
            bool(pd.isna(value)) or abs(value - right) <= 1
        )


def _kept_rows(sent, names) -> dict[tuple[str, str, str], dict]:
    rows: dict[tuple[str, str, str], dict] = {}
    for submission in sent:
        for name, frame in submission.frames.items():
            if name == "council_activities":
                continue
            meeting = {"sheet": "", "row": 3} if name == "council_meetings" else {}  # a title row
            for record in frame.assign(**meeting).to_dict("records"):
                key = names[submission.file], str(record["sheet"]), str(record["row"])
                rows.setdefault(key, {}).update(record)
                if name == "indicators":
                    rows[key][record["indicator_id"]] = record["value"]
    return rows


def find_false(
    found: pd.DataFrame, truth: dict[str, pd.DataFrame], doubles: set[frozenset[str]]
) -> pd.DataFrame:
    """Return warnings and errors that nothing planted at their place explains."""
    planted: dict[tuple[str, ...], list[tuple[str, ...]]] = {}
    for d in truth["defects"].itertuples():
        begin = answers(d.kind, d.note)
        planted.setdefault((d.file, d.sheet, d.row), []).append(begin)
        if d.kind in OF_FILE or d.note == "meeting date":
            planted.setdefault((d.file,), []).append(begin)
    traces = set(truth["identifiers"][PLACE].itertuples(index=False, name=None))
    told = found[found["severity"] != "info"].drop_duplicates()
    good = []
    for f in told.itertuples():
        place = f.file, f.sheet, f.row
        if f.code.startswith("identifier."):
            good.append(place in traces)
        elif f.code == "duplicate.suspected":
            good.append(frozenset((f.file, f.value.split(" ")[0])) in doubles)
        else:
            near = planted.get(place, []) + ([] if f.row else planted.get((f.file,), []))
            good.append(any(f.code.startswith(begin) for begin in near))
    return told[~pd.Series(good, told.index, dtype=bool)]
