"""A made-up report that uses every kind of block and every drawing, in both languages."""

# ruff: noqa: E501  sentences stand on one line each

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd

from evallib import report
from evallib.findings import Finding

AGENCIES = (
    "ศูนย์อำนวยการบริหารจังหวัดชายแดนภาคใต้", "สำนักงานทรัพยากรน้ำแห่งชาติ ภาค 4",
    "สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดยะลา", "แขวงทางหลวงชนบทยะลา", "องค์การบริหารส่วนจังหวัดยะลา",
    "กองอำนวยการรักษาความมั่นคงภายในจังหวัดยะลา", "สำนักงานเกษตรจังหวัดยะลา", "ที่ทำการปกครองอำเภอยะหา",
)  # fmt: skip
SECTORS = (
    "เกษตรกรรม", "อาชีพและรายได้", "น้ำอุปโภคบริโภค", "ถนนและการคมนาคม", "ไฟฟ้าและพลังงาน",
    "ที่อยู่อาศัย", "สาธารณสุข", "สวัสดิการสังคม", "การศึกษา", "ศาสนาและวัฒนธรรม", "เยาวชนและกีฬา",
    "ป้องกันและแก้ไขปัญหายาเสพติด", "ความปลอดภัย", "ทรัพยากรธรรมชาติและสิ่งแวดล้อม",
    "ความเป็นธรรมและการเยียวยา", "การท่องเที่ยว", "อื่น ๆ",
)  # fmt: skip


class Suppressed:
    """What a table about people must look like."""

    def __init__(self, frame: pd.DataFrame) -> None:
        self.frame = frame
        self.status = pd.Series(["shown"] * len(frame))


def frames(seed: int = 2565) -> dict[str, pd.DataFrame]:
    """Return one frame for each drawing."""
    rng = np.random.default_rng(seed)
    budget = np.sort(rng.gamma(2.0, 9e6, len(AGENCIES)))[::-1]
    needs = np.sort(rng.integers(8, 190, len(SECTORS)))[::-1]
    mass = rng.gamma(0.35, 1.2, (len(SECTORS), len(SECTORS))) * 0.35 + np.diag(rng.gamma(3, 2, 17))
    mass[mass < 0.12] = 0
    physical = np.clip(rng.beta(2, 1.3, 240) * 100, 0, 100)
    time = np.arange(-6, 7.0)
    effect = np.where(time < 0, rng.normal(0, 25, 13), 100 + 60 * time + rng.normal(0, 22, 13))
    half = 60 + 6 * np.abs(time)
    effect[time == -1], half[time == -1] = 0, np.nan
    share = np.array([0.62, 0.55, 0.71, np.nan, 0.48])
    lat, lon = rng.uniform(5.8, 6.85, 58), rng.uniform(100.9, 101.7, 58)
    return {
        "agency": pd.DataFrame({
            "agency": AGENCIES, "n_projects": rng.integers(2, 60, 8), "budget": budget,
            "disbursed": budget * rng.uniform(0.2, 0.95, 8)}),
        "sector": pd.DataFrame({"sector": SECTORS, "n_needs": needs,
                                "weight": needs * rng.uniform(0.6, 1.4, 17)}),
        "alignment": pd.DataFrame({
            "indicator": ["A1", "A2", "A3", "A5", "A8"],
            "label": ["ความต้องการที่มีโครงการตอบสนอง", "โครงการที่ตรงกับความต้องการอย่างน้อยหนึ่งเรื่อง",
                      "งบประมาณที่ลงในความต้องการสามลำดับแรกของตำบล", "ความสอดคล้องของลำดับความสำคัญ",
                      "ความครอบคลุมตำบลที่ยังขาดแคลน"],
            "value": [0.46, 0.61, 0.38, 0.27, 0.7], "low": [0.41, 0.55, 0.3, 0.12, 0.6],
            "high": [0.51, 0.67, 0.46, 0.42, 0.79], "null": [0.31, 0.5, 0.29, 0.05, np.nan]}),
        "heatmap": pd.DataFrame(mass, index=SECTORS, columns=SECTORS),
        "progress": pd.DataFrame({
            "physical_pct": physical,
            "disbursed_pct": np.clip(physical + rng.normal(-6, 18, 240), 0, 108)}),
        "event": pd.DataFrame({
            "level": "event", "event_time": time, "estimate": effect, "ci_low": effect - half,
            "ci_high": effect + half, "band_low": effect - 1.5 * half,
            "band_high": effect + 1.5 * half}),
        "survey": pd.DataFrame({
            "group": ["หญิง อายุ 15–24 ปี", "หญิง อายุ 25–39 ปี", "ชาย อายุ 25–39 ปี",
                      "ชาย อายุ 60 ปีขึ้นไป", "ผู้ที่อยู่ในพื้นที่ตั้งแต่เกิดและไม่เคยย้ายที่อยู่"],
            "share": share, "ci_low": share - 0.07, "ci_high": share + 0.07,
            "n": [48, 120, 131, np.nan, 62]}),
        "map": pd.DataFrame({
            "tambon_code": [f"95{i:04d}" for i in range(58)], "lat": lat, "lon": lon,
            "value": np.where(rng.random(58) < 0.12, np.nan, rng.integers(0, 24, 58))}),
        "trend": pd.DataFrame({
            "period": [f"{y}-Q{q}" for y in (2563, 2564, 2565) for q in (1, 2, 3, 4)][:11],
            "ตำบลที่ได้รับโครงการ": 9100 + np.cumsum(rng.normal(70, 40, 11)),
            "ตำบลที่ยังไม่ได้รับโครงการ": 9050 + np.cumsum(rng.normal(25, 40, 11)),
            "ค่าเฉลี่ยทั้งพื้นที่": 9080 + np.cumsum(rng.normal(45, 30, 11))}),
    }  # fmt: skip


def drawings(language: str = "th", *, empty: bool = False) -> dict[str, object]:
    """Return every drawing; of no rows when ``empty``."""
    given = {name: frame.iloc[:0] if empty else frame for name, frame in frames().items()}
    money = (float("nan"),) * 3 if empty else (412.5e6, 38.1e6, 374.4e6)
    return {
        "agency": report.agency_budget_figure(given["agency"], language=language),
        "waterfall": report.waterfall_figure(*money, language=language),
        "sector": report.needs_by_sector_figure(given["sector"], language=language),
        "alignment": report.alignment_figure(given["alignment"], language=language),
        "heatmap": report.need_project_heatmap_figure(given["heatmap"], language=language),
        "progress": report.progress_figure(given["progress"], language=language),
        "event": report.event_study_figure(given["event"], language=language),
        "survey": report.survey_figure(given["survey"], language=language),
        "map": report.coverage_map_figure(given["map"], language=language, label="จำนวนโครงการ"),
        "trend": report.trend_figure(
            given["trend"], language=language, ylabel="รายได้เฉลี่ย (บาท/เดือน)"
        ),
    }


def blocks(language: str = "th") -> list[report.Block]:
    """Return a report with every kind of block."""
    said = THAI if language == "th" else ENGLISH
    given, lang = frames(), {"language": language}
    drawn = drawings(language)
    money = given["agency"].assign(
        share=given["agency"]["disbursed"] / given["agency"]["budget"], start=date(2021, 10, 1)
    )
    people = pd.DataFrame({"group": ["หญิง", "ชาย", "ไม่ระบุ"],
                           "n": pd.array([212, 198, None], "Int64"),
                           "share": [0.61, 0.58, np.nan]})  # fmt: skip
    findings = [Finding("date.short_year", "info", f"แถว {i}", "15/06/65") for i in range(7)] + [
        Finding("tables.row_refused", "error", "projects | 12 | budget_approved", "ge(0)")
    ]
    return [
        report.Cover(said["title"], said["subtitle"], tuple(said["facts"]), **lang),
        report.Heading(said["brief"], number="1", **lang),
        report.KeyNumbers(tuple(report.KeyNumber(*card) for card in said["cards"]), **lang),
        report.Callout("inconclusive", said["verdict"], **lang),
        report.Heading(said["decisions"], level=2, number="1.1", **lang),
        report.ItemList(said["asked"], ordered=True, **lang),
        report.Heading(said["projects"], number="2", **lang),
        report.Prose(said["prose"], **lang),
        report.Table(money, said["money"], columns=said["money_heads"], total=True, **lang,
                     formats={"n_projects": "int", "budget": "baht", "disbursed": "million_baht",
                              "share": "percent", "start": "date"}, note=said["source"]),
        *(report.Figure(drawn[name], **lang) for name in ("agency", "waterfall", "map")),
        report.Heading(said["needs"], number="3", **lang),
        *(report.Figure(drawn[name], **lang) for name in ("sector", "heatmap", "alignment")),
        report.Heading(said["results"], number="4", **lang),
        report.Table(Suppressed(people), said["people"], columns=said["people_heads"], people=True,
                     formats={"n": "int", "share": "percent"}, **lang),
        *(report.Figure(drawn[name], **lang) for name in ("survey", "progress", "trend", "event")),
        report.Callout("works", said["verdict"], **lang),
        report.Callout("may_harm", said["verdict"], **lang),
        report.Heading(said["quality"], number="5", **lang),
        report.FindingList(tuple(findings), **lang),
        report.Footnote(said["source"], **lang),
    ]  # fmt: skip


THAI = {
    "title": "รายงานประเมินผลโครงการพัฒนา จังหวัดยะลา", "subtitle": "ไตรมาส 3 ปีงบประมาณ 2565",
    "facts": [("ข้อมูล ณ วันที่", "24 มิถุนายน 2565"), ("ฉบับ", "เบื้องต้น"), ("รหัสการประมวลผล", "R-20220624-95"),
              ("ความครบถ้วนของข้อมูล", "ร้อยละ 87.5")],
    "brief": "บทสรุปสำหรับที่ประชุม", "decisions": "เรื่องที่ขอให้ที่ประชุมพิจารณา",
    "cards": [("โครงการทั้งหมด", "1,284", "เพิ่มขึ้น 42 จากไตรมาสก่อน"), ("งบประมาณที่ไม่นับซ้ำ", "374.40 ล้านบาท", "หักซ้ำ 38.10 ล้านบาท"),
              ("เบิกจ่ายแล้ว", "ร้อยละ 56.3", "เป้าหมายร้อยละ 75"), ("ความก้าวหน้าของงาน", "ร้อยละ 61.0", ""),
              ("ความต้องการที่มีโครงการตอบ", "ร้อยละ 46.0", "ช่วง 41.0–51.0"), ("ตำบลที่ประชุมสภาสันติสุข", "47 / 58", ""),
              ("ประชาชนทราบว่ามีโครงการ", "ร้อยละ 62.0", "ผู้ตอบ 410 คน"), ("โครงการล่าช้า", "118", "ลดลง 9")],
    "verdict": "ข้อมูลสี่ไตรมาสยังไม่พอที่จะสรุปว่ารายได้ครัวเรือนเปลี่ยนแปลงเพราะโครงการหรือไม่ ผลน้อยสุดที่ตรวจพบได้คือ 420 บาทต่อเดือน",
    "asked": ("มอบสำนักงานทรัพยากรน้ำแห่งชาติ ภาค 4 เร่งรัดระบบประปาหมู่บ้าน 6 ตำบลให้แล้วเสร็จภายในวันที่ 30 กันยายน 2565",
              "ให้ที่ทำการปกครองอำเภอยะหาชี้แจงโครงการที่เบิกจ่ายแล้วแต่ไม่มีผลงาน 4 โครงการ"),
    "projects": "ภาพรวมโครงการทุกหน่วยงาน",
    "prose": "ในไตรมาสนี้มีหน่วยงานรายงานเข้ามา 31 แห่ง รวม 1,284 โครงการ น้ำประปาหมู่บ้าน ถนน และปุ๋ยเป็นเรื่องที่ประชาชนขอมากที่สุด ที่ประชุมสภาสันติสุขตำบลได้จัดลำดับความสำคัญไว้แล้ว\n\nตัวเลขทั้งหมดนับแต่ละโครงการครั้งเดียว แม้จะมีหลายหน่วยงานรายงานโครงการเดียวกัน ผู้ที่เกี่ยวข้องสามารถตรวจสอบรายการซ้ำได้ในภาคผนวก",
    "money": "งบประมาณและการเบิกจ่ายจำแนกตามหน่วยงาน", "money_heads": ("หน่วยงาน", "โครงการ", "งบประมาณ", "เบิกจ่าย", "เบิกจ่ายต่องบ", "เริ่ม"),
    "source": "ทะเบียนโครงการของทุกหน่วยงาน ณ วันที่ 24 มิถุนายน 2565", "needs": "ความต้องการของประชาชนและความสอดคล้องของโครงการ",
    "results": "ผลที่ประชาชนได้รับ", "people": "ผู้ตอบแบบสำรวจและการรับรู้โครงการ", "people_heads": ("เพศ", "ผู้ตอบ (คน)", "ทราบว่ามีโครงการ"),
    "quality": "คุณภาพข้อมูล",
}  # fmt: skip
ENGLISH = {
    "title": "Evaluation of development projects, Yala province", "subtitle": "Quarter 3, fiscal year 2565 (2021/22)",
    "facts": [("Data as of", "24 June 2022"), ("Edition", "Preliminary"), ("Run", "R-20220624-95"), ("Completeness", "87.5%")],
    "brief": "Meeting brief", "decisions": "Decisions asked of the meeting",
    "cards": [("All projects", "1,284", "42 more than last quarter"), ("Budget counted once", "374.40 million baht", "38.10 million reported twice"),
              ("Disbursed", "56.3%", "target 75%"), ("Physical progress", "61.0%", ""), ("Needs with a project", "46.0%", "41.0–51.0"),
              ("Councils that met", "47 / 58", ""), ("People who know of projects", "62.0%", "410 respondents"), ("Delayed projects", "118", "9 fewer")],
    "verdict": "Four quarters of data are not enough to tell whether household income changed because of the projects. The smallest effect that could be found is 420 baht a month.",
    "asked": ("National Water Resources Office 4 finishes the village water systems of six tambons by 30 September 2022",
              "Yaha district office explains four projects that were paid and have no work to show"),
    "projects": "All projects of all agencies",
    "prose": "This quarter 31 agencies reported 1,284 projects. Village water supply, roads and fertiliser were asked for most.\n\nEvery project is counted once, also when several agencies report it.",
    "money": "Budget and disbursement by agency", "money_heads": ("Agency", "Projects", "Budget", "Disbursed", "Disbursed of budget", "Start"),
    "source": "Register of projects of all agencies as of 24 June 2022", "needs": "What people asked and how projects answer",
    "results": "Results for people", "people": "Respondents and awareness", "people_heads": ("Sex", "Respondents", "Know of projects"),
    "quality": "Data quality",
}  # fmt: skip
