"""Sectors: the table of keywords, sixty statements read by hand, and words that mislead."""

import subprocess
import sys

import numpy as np
import pandas as pd
import pytest
from scipy.sparse import csr_matrix

from evallib.needs import classify_needs, read_keywords, read_sectors
from evallib.needs.sectors.classifier import RIDGE, _ridge, topic_probabilities
from evallib.needs.sectors.terms import find_terms
from evallib.needs.sectors.topics import topic_codes
from evallib.needs.sectors.words import cut_places, even_out
from evallib.tables.cleaned import SECTORS

COLUMNS = ["sector_code", "confidence", "terms", "topic_code"]
# Written for this test, without looking at what the table finds.
STATEMENTS = [
    ("AGR", "อยากได้พันธุ์แพะมาเลี้ยงในกลุ่ม เพราะพันธุ์เดิมโตช้า"),
    ("AGR", "ราคายางตกต่ำ ขอปุ๋ยและกล้าไม้ผลแซมในสวน"),
    ("AGR", "เรือประมงพื้นบ้านขาดเครื่องมือ อวนขาด"),
    ("AGR", "ขอเครื่องหยอดข้าวและเมล็ดพันธุ์ข้าวพื้นเมือง"),
    ("LIV", "แม่บ้านว่างงาน อยากเรียนตัดเย็บเสื้อผ้าฮิญาบ"),
    ("LIV", "อยากมีตลาดขายของในหมู่บ้านทุกวันศุกร์"),
    ("LIV", "ฝึกอาชีพทำขนมให้กลุ่มสตรีหลังคลอด"),
    ("LIV", "คนหนุ่มสาวต้องไปทำงานร้านต้มยำที่มาเลเซีย อยากให้มีงานทำที่บ้าน"),
    ("WAT", "น้ำประปาไหลอ่อนและขุ่นแดงใช้ซักผ้าไม่ได้"),
    ("WAT", "ขอขุดเจาะบ่อบาดาลหมู่ 4"),
    ("WAT", "หน้าแล้งนาขาดน้ำ อยากให้ซ่อมฝายท้ายหมู่บ้าน"),
    ("WAT", "โรงเรียนตาดีกาไม่มีน้ำดื่มสะอาด"),
    ("ROD", "ถนนเข้าหมู่บ้านเป็นหลุมเป็นบ่อ เด็กไปโรงเรียนลำบาก"),
    ("ROD", "สะพานไม้ข้ามคลองผุพัง"),
    ("ROD", "ขอถนนคอนกรีตซอยหลังมัสยิด"),
    ("ROD", "รางระบายน้ำข้างถนนอุดตัน"),
    ("ENE", "ไฟฟ้าสาธารณะดับหลายจุด กลางคืนมืดมาก"),
    ("ENE", "สัญญาณโทรศัพท์ไม่ถึงบ้านบนควน"),
    ("ENE", "ขอขยายเขตไฟฟ้าเข้าสวน"),
    ("ENE", "อยากให้มีอินเทอร์เน็ตที่ศาลาหมู่บ้าน"),
    ("HOU", "บ้านคนแก่หลังคารั่ว ขอซ่อมบ้าน"),
    ("HOU", "ที่ดินทำกินทับเขตอุทยาน ไม่มีโฉนด"),
    ("HOU", "ขอเอกสารสิทธิ์ที่ดินให้ชาวบ้าน"),
    ("HEA", "รพ.สต. ไม่มีหมอวันหยุด"),
    ("HEA", "ไข้เลือดออกระบาด ขอพ่นยากันยุง"),
    ("HEA", "หญิงตั้งครรภ์ไม่ได้ไปฝากครรภ์"),
    ("HEA", "ผู้ป่วยติดเตียงขาดเตียงและผ้าอ้อม"),
    ("SOC", "คนพิการยังไม่ได้เบี้ยความพิการ"),
    ("SOC", "ช่วยเหลือเด็กกำพร้าและหญิงหม้าย"),
    ("SOC", "กิจกรรมดูแลผู้สูงอายุที่อยู่คนเดียว"),
    ("SOC", "ครอบครัวยากไร้ไม่มีข้าวกิน ขอถุงยังชีพ"),
    ("EDU", "เด็กอ่านภาษาไทยไม่คล่อง ขอครูสอนเสริม"),
    ("EDU", "ขอทุนการศึกษาให้เด็กเรียนดีแต่ยากจน"),
    ("EDU", "ศูนย์เด็กเล็กคับแคบ ต้องการห้องเรียนเพิ่ม"),
    ("EDU", "เยาวชนหลุดจากระบบการศึกษา"),
    ("REL", "ซ่อมแซมหลังคามัสยิดและที่อาบน้ำละหมาด"),
    ("REL", "ขอรั้วกูโบร์"),
    ("REL", "ค่าตอบแทนครูตาดีกาน้อย"),
    ("REL", "อนุรักษ์ศิลปะดีเกฮูลูของตำบล"),
    ("REL", "วัดทรุดโทรม ขอซ่อมศาลาการเปรียญ"),
    ("YOU", "อยากได้สนามฟุตซอลให้เยาวชน"),
    ("YOU", "ขอลูกฟุตบอลและชุดกีฬา"),
    ("YOU", "จัดค่ายเยาวชนช่วงปิดเทอม"),
    ("DRU", "วัยรุ่นติดน้ำกระท่อมและยาบ้า"),
    ("DRU", "ขอศูนย์บำบัดผู้ติดยาในตำบล"),
    ("DRU", "แก้ปัญหายาเสพติดในหมู่บ้าน"),
    ("SEC", "ติดกล้องวงจรปิดทางเข้าหมู่บ้าน"),
    ("SEC", "ป้อมยาม ชรบ. ผุพัง"),
    ("ENV", "น้ำท่วมทุกปีช่วงเดือนธันวาคม"),
    ("ENV", "ขยะล้นไม่มีถังขยะ"),
    ("ENV", "ตลิ่งพังใกล้บ้านเรือน"),
    ("ENV", "คลื่นกัดเซาะชายหาด"),
    ("JUS", "คนตกหล่นไม่มีบัตรประชาชน"),
    ("JUS", "ขอให้อำเภอมาทำทะเบียนบ้านเคลื่อนที่"),
    ("JUS", "อยากให้มีศูนย์ยุติธรรมชุมชนช่วยไกล่เกลี่ย"),
    ("TOU", "พัฒนาน้ำตกให้เป็นแหล่งท่องเที่ยว"),
    ("TOU", "ส่งเสริมโฮมสเตย์และล่องแก่ง"),
    ("TOU", "ห้องน้ำสาธารณะริมหาดชำรุด"),
    ("OTH", "ขอให้เจ้าหน้าที่พูดจาสุภาพ"),
    ("OTH", "อยากให้ทุกคนรักกัน"),
]


def test_the_table_names_known_sectors_and_splits_shared_words() -> None:
    sectors, keywords = read_sectors(), read_keywords()
    assert sectors["sector_code"].tolist() == list(SECTORS)
    assert set(keywords["sector_code"]) - {"-"} == set(SECTORS) - {"OTH"}
    assert not keywords.duplicated(["sector_code", "keyword"]).any()
    assert (keywords["keyword"].map(even_out) == keywords["keyword"]).all()
    assert (keywords["keyword"].str.len() >= 3).mean() > 0.98
    shared = keywords[keywords["keyword"].duplicated(keep=False)]
    assert not (shared["sector_code"] == "-").any()
    assert shared.groupby("keyword")["weight"].sum().between(0, 3).all()
    alone = keywords[~keywords["keyword"].duplicated(keep=False) & (keywords["sector_code"] != "-")]
    assert set(alone["weight"]) == {1.0, 2.0, 3.0}
    neutral = keywords.loc[keywords["sector_code"] == "-", "keyword"]
    real = keywords.loc[keywords["sector_code"] != "-", "keyword"]
    assert all(any(word in n for word in real) for n in neutral)


@pytest.mark.parametrize("code", [s for s in SECTORS if s != "OTH"])
def test_keywords_alone_give_their_sector(code: str) -> None:
    keywords = read_keywords()
    single = ~keywords["keyword"].duplicated(keep=False)
    decides = keywords["weight"] == 3
    own = keywords.loc[single & decides & (keywords["sector_code"] == code), "keyword"]
    found = classify_needs(own)
    assert found["sector_code"].eq(code).mean() >= 0.9
    assert found["terms"].notna().all() or not found["sector_code"].eq(code).all()


def test_statements_are_read_as_a_person_reads_them() -> None:
    truth = pd.Series([code for code, _ in STATEMENTS])
    found = classify_needs(pd.Series([text for _, text in STATEMENTS]))
    right = found["sector_code"].eq(truth)
    table = pd.crosstab(truth[~right].rename("truth"), found["sector_code"][~right])
    assert len(truth) == 60
    assert set(truth) == set(SECTORS)
    assert right.mean() >= 0.95, f"{right.mean():.2f}\n{table}"


@pytest.mark.parametrize(
    ("text", "sector"),
    [
        ("ซ่อมถนน ต.บ่อทอง อ.หนองจิก", "ROD"),  # the tambon bears the name of a well
        ("ประชุมที่ ต.ท่าเรือ อ.โคกโพธิ์", "OTH"),  # a tambon called harbour asks for no harbour
        ("ปลูกป่าชายเลน", "ENV"),
        ("นํ้าประปา", "WAT"),
        ("น้ำประปา ๒ แห่ง", "WAT"),
        ("ระบบ CCTV", "SEC"),
        ("ไม่เอาฝาย ขอคลองส่งน้ำ", "WAT"),
        ("ขอไฟทางหน้าโรงเรียน", "ENE"),
        ("ห้องน้ำมัสยิด", "REL"),
    ],
)
def test_words_that_mislead(text: str, sector: str) -> None:
    assert classify_needs(pd.Series([text]))["sector_code"].item() == sector


def test_a_word_that_only_contains_a_keyword_says_nothing() -> None:
    assert find_terms("จังหวัด") == []
    assert classify_needs(["จังหวัด"])["sector_code"].item() != "REL"


def test_terms_come_from_the_table_and_speak_for_the_sector() -> None:
    keywords = read_keywords()
    own = keywords.groupby("sector_code")["keyword"].agg(set)
    found = classify_needs(pd.Series([text for _, text in STATEMENTS]))
    for sector, terms in zip(found["sector_code"], found["terms"], strict=True):
        assert pd.isna(terms) or set(terms.split(";")) <= own[sector]
    assert found["terms"].notna().sum() >= 45


@pytest.mark.parametrize(
    "text", [None, "", "   ", "?!", "12345", "hello world", "صباح الخير", "漢字"]
)
def test_what_cannot_be_read_is_other_with_no_confidence(text) -> None:
    row = classify_needs(pd.Series([text, "ถนนพัง"])).iloc[0]
    assert row["sector_code"] == "OTH"
    assert row["confidence"] == 0.0
    assert row[["terms", "topic_code"]].isna().all()


def test_a_text_of_ten_thousand_characters_is_read() -> None:
    long = "ขอซ่อมถนนลูกรังเข้าสวนยางเป็นหลุมเป็นบ่อ " * 250
    assert len(long) >= 10_000
    assert classify_needs([long])["sector_code"].item() == "ROD"


def test_form_of_the_answer() -> None:
    found = classify_needs(pd.Series(["ถนน", None, "", "ถนน"], index=list("abca")))
    assert found.index.tolist() == list("abca")
    assert found["sector_code"].tolist() == ["ROD", "OTH", "OTH", "ROD"]
    assert found["confidence"].between(0, 1).all()
    assert found.columns.tolist() == COLUMNS
    assert classify_needs(pd.Series([], dtype="str")).columns.tolist() == COLUMNS
    assert classify_needs(pd.Series([], dtype="str")).shape == (0, 4)


def test_probabilities_sum_to_one_and_depend_on_the_text_alone() -> None:
    texts = [text for _, text in STATEMENTS]
    shares = topic_probabilities(texts)
    assert shares.shape == (60, len(topic_codes()))
    assert shares.sum(axis=1) == pytest.approx(np.ones(60), abs=1e-5)
    assert (shares >= 0).all()
    alone = np.concatenate([topic_probabilities([text]) for text in reversed(texts)])[::-1]
    assert shares == pytest.approx(alone, abs=1e-6)


def test_confidence_falls_with_contradiction() -> None:
    texts = ["ขอซ่อมถนนลูกรังเข้าสวน", "ขอซ่อมถนน ขอซ่อมมัสยิด"]
    plain, torn = classify_needs(pd.Series(texts))["confidence"]
    assert plain > torn


def test_the_weights_are_those_of_a_plain_least_squares_answer() -> None:
    rng = np.random.default_rng(5)
    found, target = rng.random((30, 12)), rng.random((30, 4))
    weight = rng.choice([1.0, 3.0], size=30)
    weights, base = _ridge(csr_matrix(found), target, weight)
    mean = (weight[:, None] * target).sum(axis=0) / weight.sum()
    weighted = found * weight[:, None]
    plain = np.linalg.solve(weighted.T @ found + RIDGE * np.eye(12), weighted.T @ (target - mean))
    assert base == pytest.approx(mean, rel=1e-5)
    assert weights == pytest.approx(plain, rel=1e-3, abs=1e-4)


def test_loading_needs_brings_neither_pythainlp_nor_scikit_learn() -> None:
    code = "import sys, evallib.needs as n; n.read_topics(); n.classify_needs; print(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    heavy = {"pythainlp", "sklearn", "scipy", "statsmodels", "matplotlib"}
    assert heavy.isdisjoint(done.stdout.split())


def test_longest_keyword_wins_and_is_read_once() -> None:
    assert find_terms("น้ำท่วมขัง") == ["น้ำท่วมขัง"]
    assert find_terms("ถนนถนน") == ["ถนน"]


def test_only_names_of_places_are_cut() -> None:
    assert cut_places("ถนนในตำบลเป็นหลุม").strip() == "ถนนในตำบลเป็นหลุม"
    assert "ท่าเรือ" not in cut_places("ต.ท่าเรือ อ.โคกโพธิ์")
