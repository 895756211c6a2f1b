"""Headings that no list holds, read by what their words say together."""

import pytest

from evallib.clean.reading.concepts import concepts_of
from evallib.clean.reading.fields import field_of, reads_like_heading
from evallib.clean.sheets.headings import UNDERSTOOD, match_headings, recognise_kind

PROJECTS = {
    "โครงการที่ขอรับการสนับสนุน": "title_th", "รายการก่อสร้าง/งานจ้าง": "title_th",
    "ชื่องาน": "title_th", "Name of activity": "title_th", "Sub-project title": "title_th",
    "มูลค่าตามสัญญา (บาท)": "budget_approved", "วงเงินที่ได้รับโอน": "budget_approved",
    "Approved amount (THB)": "budget_approved", "งบฯ ที่ตั้งไว้": "budget_approved",
    "ใช้จ่ายไปแล้ว": "disbursed_cum", "ยอดเบิกจ่ายสะสม (ลบ.)": "disbursed_cum",
    "Paid to date": "disbursed_cum", "ความก้าวหน้าของโครงการ (ร้อยละ)": "physical_pct",
    "% work complete": "physical_pct", "วันเริ่มสัญญา": "start_date",
    "เริ่มปฏิบัติงานเมื่อ": "start_date", "ครบกำหนดสัญญา": "end_date", "กำหนดส่งมอบ": "end_date",
    "ห้วงเวลาดำเนินการ": "duration", "หน่วยงานที่ดำเนินการ": "agency_raw",
    "Implementing agency": "agency_raw", "จุดที่ตั้งโครงการ": "place_raw",
    "Sub-district": "tambon", "สถานภาพของโครงการ": "status", "ข้อขัดข้อง": "problem_text",
    "ผู้ประสานงานโครงการ โทร": "personal", "Contact phone": "personal",
}  # fmt: skip
NEEDS = {
    "เรื่องที่ราษฎรเสนอ": "need_text_th", "สิ่งที่ต้องการ": "need_text_th",
    "ลำดับความเร่งด่วน": "rank", "Priority": "rank", "จำนวนเสียงเห็นชอบ": "votes",
    "วันที่ประชุมประชาคม": "meeting_date", "จำนวนผู้เดือดร้อน": "people_affected",
}  # fmt: skip
NOT_WANTED = ["ร้อยละการเบิกจ่าย", "งบประมาณคงเหลือ", "วงเงินที่ขอตั้ง", "ก่อหนี้ผูกพันแล้ว",
              "ตัวชี้วัดความสำเร็จ"]  # fmt: skip
SENTENCES = ["โครงการขุดลอกคลองบ้านบน", "ก่อสร้างถนนคอนกรีตเสริมเหล็ก หมู่ที่ 3",
             "อบรมอาชีพให้กลุ่มแม่บ้าน", "ต.ปากบาง อ.เทพา", "อยู่ระหว่างจัดซื้อจัดจ้าง"]  # fmt: skip


@pytest.mark.parametrize(("heading", "field"), PROJECTS.items())
def test_words_tell_a_column_of_projects(heading, field) -> None:
    found = field_of([heading], "projects")
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize(("heading", "field"), NEEDS.items())
def test_words_tell_a_column_of_needs(heading, field) -> None:
    found = field_of([heading], "needs")
    assert found is not None
    assert found[0] == field


@pytest.mark.parametrize("heading", NOT_WANTED)
def test_what_is_understood_and_not_wanted_is_taken_for_nothing_else(heading) -> None:
    assert field_of([heading], "projects") is not None
    assert field_of([heading], "projects")[0] == ""


@pytest.mark.parametrize("cell", SENTENCES)
def test_cells_are_no_headings(cell) -> None:
    assert not reads_like_heading(cell)


def test_a_word_within_an_english_word_says_nothing() -> None:
    assert concepts_of("showcase").said == frozenset()
    assert "tambon" not in concepts_of("โหวต").said


def test_levels_say_together_what_none_says_alone() -> None:
    assert field_of(["ผลการเบิกจ่าย", "จำนวน (บาท)"], "projects") == ("disbursed_cum", 1)
    assert field_of(["งบประมาณ", "ได้รับจัดสรร"], "projects")[0] == "budget_approved"


def test_a_known_heading_wins_and_of_several_by_words_the_nearest() -> None:
    headings = ("งานที่จ้าง", "วงเงิน", "มูลค่าสัญญา", "ได้รับจัดสรรจริง (บาท)")
    found = [h.canonical for h in match_headings(headings, "projects")]
    assert found == ["title_th", "budget_approved", UNDERSTOOD, UNDERSTOOD]


def test_kinds_are_told_by_words_only_where_nothing_is_known() -> None:
    assert recognise_kind(["ชื่องานจ้าง", "มูลค่าสัญญา", "วันลงนามสัญญา"]) == "projects"
    assert recognise_kind(["เรื่องที่เสนอ", "ความเร่งด่วน", "Tambon"]) == "needs"
    assert recognise_kind(["ชื่อโครงการ", "งบประมาณ", "ตำบล"]) == "projects"
    assert recognise_kind(["สี", "ขนาด", "ยี่ห้อ"]) == "unknown"
