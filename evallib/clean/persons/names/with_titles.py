"""Where persons' names stand in Thai text: after a title, and only then can it be known."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evallib.clean.persons.names.lexicon import (
    given_length,
    is_known_person,
    is_person,
    is_prose,
    is_relative,
)
from evallib.clean.persons.names.of_kin import CHILD_OF, end_with_family
from evallib.clean.persons.names.words_with_titles import (
    is_bare_title,
    is_public_thing,
    is_word_with_title,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTER = "[ก-ฮะ-ฺเ-ๅ็-์]"
_EDGE = f"(?!{_LETTER}|ๆ)"
_TOKEN = re.compile(f"{_LETTER}{{2,}}(?:-{_LETTER}{{2,}})*")
_LONGEST = 25  # letters: longer runs are prose that was typed without spaces

_GRADES = "(?:ตรี|โท|เอก)"
SPELT_RANKS = (
    f"พล(?:ตำรวจ|อากาศ|เรือ)?{_GRADES}|พันตำรวจ{_GRADES}|พัน{_GRADES}|ร้อยตำรวจ{_GRADES}|ร้อย{_GRADES}"
    f"|จ่าสิบตำรวจ|จ่าสิบ{_GRADES}|จ่า{_GRADES}|สิบตำรวจ{_GRADES}|สิบ{_GRADES}|ดาบตำรวจ|พลตำรวจ|พลทหาร"
    f"|นาวา(?:อากาศ)?{_GRADES}|เรือ(?:อากาศ)?{_GRADES}"
)
_SHORT_RANKS = (  # only ranks of three parts may have spaces: น. ต.บานา is a time and a tambon
    r"(?:พล\.\s?[ตร]\.\s?[อทต]|[พร]\.\s?ต\.\s?[อทต]|จ\.\s?ส\.\s?[อทต]|ส\.\s?ต\.\s?[อทต]|พ\.\s?จ\.\s?[อทต]"
    r"|พ\.\s?อ\.\s?อ|พล\.[อทต]|ด\.ต|[พรสจน]\.[อทต])\."
)
_SUFFIX = r"(?:\s*\((?:[ก-ฮ]|พิเศษ|หญิง)\.?\)|\s*พิเศษ)*"
# Honours and professions, each as long as it is written and as short.
HONOURS = (
    r"(?:ผู้ช่วย|รอง)?ศาสตราจารย์(?:พิเศษ|เกียรติคุณ)?|(?:ผศ|รศ|ศ)\.|ทนาย(?:ความ)?|ภก\.|ภญ\.|เภสัชกร(?:หญิง)?|สัตวแพทย์(?:หญิง)?|สพ\.ญ\.|น\.สพ\.|ทันตแพทย์(?:หญิง)?"
    r"|พยาบาลวิชาชีพ|ด[าะ]โต๊ะ(?:ศรี|เซอรี|ยุติธรรม)?|ดาตุ๊|ตนกู|เต็งกู|คุณหญิง|ท่านผู้หญิง"
)
_TITLE = re.compile(
    rf"(?P<spelt>(?:ว่าที่\s*)?(?:{SPELT_RANKS})){_SUFFIX}(?:\s*หญิง(?!\s*\d))?"
    rf"|(?P<rank>(?:ว่าที่\s*)?(?:{_SHORT_RANKS})){_SUFFIX}(?:\s?หญิง(?=\s))?"
    r"|(?P<noble>(?<!\d)(?<!\d )(?<!ซ)(?:ม\. ?ล\.|ม\. ?ร\. ?ว\.|หม่อม(?:หลวง|ราชวงศ์)))"
    r"|(?P<torn>(?<![ก-๎])(?:น\.? ?ส\.?|ด\.? ?[ชญ]\.?|[พร]\.ต\.[อทต](?: หญิง)?)(?= [ก-ฮเ-ไ])(?<!น\.ส\.)(?<!ด\.[ชญ]\.))"  # noqa: E501
    r"|(?P<short>น\.\s?ส\.|นาง ?ส\.|ด\.\s?[ชญ]\.?|(?:นส|ดช|ดญ|ดร|นพ|พญ|ทพญ?|สพ|ผศ|รศ)\.)"
    rf"|(?P<honour>{HONOURS})"
    r"|(?P<miss>นางสาว)|(?P<mrs>นาง)|(?P<child>เด็ก ?ชาย|เด็ก ?หญิง)|(?P<doctor>นายแพทย์|แพทย์หญิง)|(?P<mr>นาย\.?)"  # noqa: E501
)
OFFICE_WORDS = "กำนัน|ผู้ใหญ่บ้าน|ผญบ\\.|อิหม่าม|คอเต็บ|บิหลั่น|โต๊ะครู|บาบอ|อุสตาซ|บัณฑิตอาสา|พัฒนากร|ปลัดอำเภอ"
_OFFICE = re.compile(f"(?:{OFFICE_WORDS}) ?")

# Words that no name begins with: the title is used as a common noun.
_COMMON = (
    "และ|หรือ|ขึ้นไป|ลงมา|จำนวน|ที่|ซึ่ง|ได้|ไม่|ใน|จาก|ของ|เพื่อ|ให้|กับ|ทุก|ผู้|โดย|เข้า|ตาม|แห่ง|ประจำ|ชั้น"
    "|กลุ่ม|ต่าง|หลาย|ทั้ง|แล้ว|ท่าน|ตำแหน่ง|ปฏิบัติ|เขต|นาย|นาง|เด็ก|หมู่บ้าน|สังกัด"
)
_NOT_A_NAME = {
    "mr": re.compile(
        f"ก(?:{_EDGE}|ฯ|อบต|อบจ|เทศ|องค์การ|รัฐมนตรี|สมาคม|เมืองพัทยา|สโมสร|สภา|กิ่งกาชาด|เหล่ากาชาด|พุทธ|บริหาร|ชมรม|ตำบล"
        "|คน(?:เก่า|ใหม่|เดิม|นี้|ก่อน)|สอง|เก่า|ใหม่|ได้|เป็น|ให้|และ|จะ|ที่|ไม่|ลง|ฝ่าย|ระดับ|เลิก|เว้น|ย่อง|ตัวอย่าง|ร่าง|ฐานะ|คุณภาพ|มาตรฐาน)"
        "|อำเภอ|จ้าง|ช่าง|ทหาร|ตำรวจ|ทะเบียน|ด่าน|สถานี|หน้า|พราน|ตรวจ|ไปรษณีย์|สัตวแพทย์|ท้ายเรือ|แบบ|คลัง|เวร|ธนาคาร|ห้าง|หัว"
        "|ท่า(?:เรือ|อากาศยาน)|ประกัน(?:ตัว|สังคม)|วงดนตรี|หนังตะลุง|โรง(?:โนรา|มโนราห์)|กองเล็ก|หมู่ลูกเสือ|ประตู"
        "|(?:ร้อย|สิบ|พล)(?:ตำรวจ|ทหาร|ชั้น)|ทุน(?:นอก|เงินกู้|ท้องถิ่น|และ|ใหญ่|ต่าง|จาก|ที่|รับ|เข้า|ภาย)"
        f"|เรือ(?!ง|น)|(?:ทุน|พล|สิบ|ร้อย|พัน|หมู่|กอง|งาน|เงิน|บ้าน|ใหญ่|วง|หนัง|โรง|ท่า|ธง|ประกัน|อากร|คุณ|คน){_EDGE}"
        "|ประกัน|ประเพณี|ท้ายเรือ|ท่า(?!น)|ว่าขี้|ตรวจ|อมรับ|อดเยี่ยม"
    ),
    "mrs": re.compile(
        "กวัก|กำนัล|นพมาศ|พยาบาล|สงกรานต์|แบบ|แอ่น|เล็ด|เงือก|ละคร|ผดุงครรภ์|เลิ้ง|สนม|หงส์|โลม|อัปสร|บประมาณ|บกลาง|บลงทุน|วดที่|ดเว้น"
        f"|(?:งาม|นวล(?! [ก-ฮเ-ไ])|อาย|ไม้|เอก|รอง|รำ|รม|ฟ้า|พญา|ยวน){_EDGE}"
        "|(?:รม|ฟ้า)(?:ภูฐาน|ภูฏาน|ฮังการี|ดำ|ขาว|หลวง|ทอด|สด|ก้อน|ถุง|แปรรูป|อบ|กรอบ|ลอย|เพื่อ|ใน|พร้อม|แบบ|โรง|ครบวงจร)"
        "|กลางเมือง|นกต่อ|บังเงา|บำเรอ|พระกำนัล|ร้องไห้|สนองพระ|แต่งตัว|สิบสอง|เลือดขาว|มโนราห์|สีดา|เมขลา|ธรณี|ตะเคียน"
        "|พญา(?:เสือโคร่ง|ไม้|หลวง)|งามสงกรานต์|รำ(?:โนรา|ชุด|พื้นบ้าน)|ตุง"
    ),
    "miss": re.compile("ไทย"),
    "child": re.compile(
        "แดน|หาด|ฝั่ง|ขอบ|เลน|ทะเล|หญิง|ชาย|อายุ|วัย|ตั้งครรภ์|ยากจน|ด้อยโอกาส|พิการ|กำพร้า|ไทย|มุสลิม|ร้อยละ|มากกว่า|เรียน|ล้วน|ร่วม"
        "|เป็น|มี(?:ปัญหา|ความ|อายุ|จำนวน|โอกาส|สิทธิ)|ถูก|ก่อน|ระดับ|ในโรงเรียน|ใน"
    ),
    "doctor": re.compile("สาธารณสุข|ชำนาญ|เชี่ยวชาญ|ทรงคุณวุฒิ|สสจ|อาสา|แผน|ทหาร"),
    "spelt": re.compile("หญิง"),
}  # fmt: skip
# A person in office is named by two words that belong neither to the office nor to a sentence.
_NOT_IN_OFFICE = re.compile(
    f"(?:{_COMMON}|ตำบล|หมู่|อำเภอ|จังหวัด|บ้าน|มัสยิด|สุเหร่า|แจ้ง|ร่วม|ขอ|เสนอ|รายงาน|ลง|พร้อม|คอเต็บ|บิหลั่น|อิหม่าม|กำนัน"
    "|กรรมการ|สารวัตร|แพทย์|ตาดีกา|สอน|ปอเนาะ|โรงเรียน|ประชุม|ช่วย|ในตำบล|เป็น|ทำ|รับ|ดำเนิน|จัด|ต้อง|ว่า|เอง|เดิม|ใหม่|เก่า|สมาชิก"
    "|ชาวบ้าน|ประชาชน|อบรม|สัมมนา|แต่ละ|เห็น|ดูแล|ติดตาม|ตรวจ|สำรวจ|ประสาน|มอบ|ประชา|ชุมชน|เยาวชน|โต๊ะ|ปลัด|ท้อง|ฝ่าย|พัฒนา|อาสา"
    "|เพิ่ม|น้ำ|เสีย|ถนน|ไฟ|ราคา|ขาด|ถูก|ชำรุด|เดือดร้อน|(?:มา|นำ|ไป)(?:ร่วม|ประชุม|แจ้ง|ช่วย|จาก|ดู|ละหมาด|เสนอ|ชาวบ้าน|ยื่น)"
    f"|(?:มี|มา|นำ|ไป|จะ|ใน|ยัง|คน|ครู){_EDGE}|มี(?:ส่วน|ความ|การ|บทบาท|มติ|หน้าที่))"
)
_TWO_WORDS = re.compile(f"(?=[ก-ฮเ-ไ])({_LETTER}{{2,16}}) (?=[ก-ฮเ-ไ])({_LETTER}{{2,20}}){_EDGE}")
_NEVER = re.compile(
    rf"(?:{_COMMON})|(?<= )(?:สมัคร(?! [ก-ฮเ-ไ])|พิมพ์(?:ผิด|ชื่อ)|กรอก|เลือก|หมายถึง|ย่อมา)|[ก-ฮ]{{1,4}}\.(?!\.)|[ก-ฮ]์"  # noqa: E501
)

# What stands before นาย and นาง when they are parts of other words.
_GLUED = re.compile(
    "(?:พัฒ|ศาส|วาส|ภาว|เสว|สัมม|ปรารถ|สถาป|พรรณ|วิปัสส|ทำ|ชาว|ไร่|ท้อง|ล้าน|จินต|เจต|โภช)$"
)
_GLUED_TO = {
    "mr": re.compile("(?:มิถุ|(?<![ก-ฮ])ท|ทำ|โดยท|เจ้า|มูล|มุล|ขุน|(?<!ขอบ)คุณ|(?:โรงเรียน|รร\\.|รพ\\.สต\\.|วัด|มัสยิด|ชุมชน)บ้าน|คลอง|ห้วย|ควน|เกาะ)$"),  # noqa: E501
    "mrs": re.compile(
        "(?:ย่า|หญ้า|ขุน|ท้าว|นก|กุ้ง|หอย|นิ้ว|ว่าน|เถา|ดอก|เล็บมือ|พระ|พระพี่|เจ้าพี่|เกาะ|หาด|ถ้ำ|แหลม|อ่าว|ฝูง|ปากช|อางข)$"
    ),
}  # fmt: skip
# Institutions that bear the name of an officer, who is no subject of the data.
_NAMED_AFTER = re.compile(
    "(?:โรงเรียน|ตระเวนชายแดน|ค่าย|ถนน|สะพาน|มูลนิธิ|อนุสาวรีย์|วิทยาลัย|โรงพยาบาล|ห้องสมุด|หอประชุม) ?$"
)
# Bare consonants before the letters of a rank make a longer abbreviation: กศน.อ.ยะรัง.
_ABBREVIATED = re.compile(f"(?:^|(?!{_LETTER}).)(?!ของ$|คน$)[ก-ฮ][ก-ฮ.]*$|\\.$")
# Fish, waterfalls, plants and tales are called after ladies whom nobody can meet.
_NATURE = re.compile(
    "(?:ปลา|น้ำตก|ถ้ำ|เกาะ|หาด|แหลม|อ่าว|เขา|ควน|ภู|ผา|ดอก|ต้น|ว่าน|ข้าว|ขนม|เห็ด|กล้วย|ผัก|หอย|กุ้ง|นก|ผีเสื้อ|เพลง|ละคร|นิทาน|ตำนาน|รำ|ศาล|ศาลเจ้าแม่|พันธุ์) ?$"  # noqa: E501
)
_LAWYER = re.compile("ทนาย(?:ความ|อาสา|หน้าหอ|แผ่นดิน|ประจำ|$|[^ก-๙])")
_OFFICES_IN_NAYOK = re.compile("(?:นคร|มัค|มัคค|มรรค|สมุห|อุป|สภา|ปริ|สังฆ)$")

# Where the run of letters after a title stops being a name.
_ENDS_INSIDE = re.compile(
    "เป็น(?!สุข)|ประธาน|รองประธาน|กรรมการ|ผู้ใหญ่บ้าน|ผู้ช่วย|กำนัน|ตำแหน่ง|อายุ|หมู่ที่|บ้านเลขที่|จำนวน|โทร|ซึ่ง|ได้|แจ้ง|เสนอ|ร้องเรียน|รายงาน"
    "|และ(?=นาย|นาง|น\\.|เด็ก|คณะ|สมาชิก|ชาวบ้าน|กลุ่ม|ราษฎร|ประชาชน|ครอบครัว|ภรรยา|บุตร)|กับ(?=นาย|นาง)|พร้อมด้วย|พร้อมคณะ"
    "|ขอความ|ขอให้|ขอรับ|(?=นาย|นาง|น\\.ส\\.|ด\\.[ชญ])"
)
_NOT_A_SURNAME = re.compile(
    "เป็น(?:ประธาน|ผู้|ตัวแทน|หัวหน้า|กรรมการ|วิทยากร|เจ้า|คณะ)|ประธาน|รอง|กรรมการ|เลขา|เหรัญญิก|ผู้(?:ใหญ่บ้าน|ช่วย|นำ|ประสาน|รับ|อำนวย"
    "|แทน|แจ้ง|จัด|เข้า|เสียหาย|ป่วย|พิการ)|กำนัน|สารวัตร|หัวหน้า|ปลัด|นายก|สมาชิก|ตำแหน่ง|อายุ|อยู่บ้าน|อาศัย|บ้านเลขที่|หมู่|โทร|เบอร์|มือถือ"
    "|ได้|แจ้ง|เสนอ|ขอ(?:ให้|รับ|ความ|ซ่อม|สนับสนุน|ทุน)|ร้องเรียน|รายงาน|และ|พร้อม|ซึ่ง|เมื่อ|จำนวน|เพื่อ|ตำบล|อำเภอ|จังหวัด|ครู(?!ซ)|อาจารย์"
    "|พัฒนากร|วิทยากร|เกษตรตำบล|โต๊ะอิหม่าม|อิหม่าม|ที่(?:อยู่|ปรึกษา|บ้าน|ได้|ต้อง)|ในพื้นที่|ในฐานะ|ถนน|ซอย|โครงการ|งบประมาณ|น้ำท่วม|ยังไม่|ต้องการ"
    f"|(?:มี|ไป|มา|จะ|ไม่|ให้|ทำ|ต้อง|เข้า|ออก|คือ|ว่า|โดย|จาก|ของ|แต่|ก็|แล้ว|ร่วม|ถือ|บอก|ลง|รับ|ใน|กับ|ณ|ที่|ขอ|ยัง|ถูก|บ้าน|คน|ป่วย|พิการ){_EDGE}"
    "|นาย|นาง|เด็ก(?:ชาย|หญิง)|ด\\.|น\\.ส"
)
_PATRONYMIC = re.compile(
    f"(?: {CHILD_OF}{_LETTER}{{2,}})+| ณ (?:นครศรีธรรมราช|อยุธยา|ปัตตานี|นคร|สงขลา|พัทลุง|ระนอง|ถลาง|ตะกั่วทุ่ง|ตะกั่วป่า|เชียงใหม่|ลำปาง|ลำพูน|น่าน|ป้อมเพชร์?|บางช้าง|มหาไชย|หนองคาย|ร้อยเอ็ด|กาฬสินธุ์|ไทรบุรี|พิจิตร|จัมปาศักดิ์|ตรัง)"  # noqa: E501
)
_NICKNAMED = re.compile(
    f" ?[(\"“'](?:ชื่อเล่น ?)?(?!ผู้|ประธาน|อดีต|ปลัด|กำนัน|อายุ){_LETTER}{{2,14}}[)\"”'] ?(?P<family>[ก-ฮเ-ไ]{_LETTER}{{1,19}})"  # noqa: E501
)
_LABELLED = re.compile(
    r"(?:ชื่อ\s?-?\s?(?:นาม)?สกุล\s*[:：]\s*[.… ]*|ลงชื่อ\s*[:.…_]{2,}\s*\(?\s*)(?=[ก-ฮเ-ไ])"
)  # fmt: skip


def find_names(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each name with its title, from left to right, without overlap.

    Parameters
    ----------
    text : str
        Normalised text.

    Examples
    --------
    >>> words = "ประสาน นายสมมุติ ใจดี และนายอำเภอ ช่วงมิถุนายน"
    >>> [words[start:end] for start, end in find_names(words)]
    ['นายสมมุติ ใจดี']
    """
    at = 0
    while found := _next_name(text, at):
        yield found
        at = found[1]


def _next_name(text: str, at: int) -> tuple[int, int] | None:
    """Return the first name from a position on."""
    spans = []
    if (match := _LABELLED.search(text, at)) and (end := _name_end(text, match.end(), "")):
        spans.append((match.end(), end))
    spans += _in_office(text, at)
    for title in _TITLE.finditer(text, at):
        if spans and title.start() >= min(spans)[0]:
            break
        kind = title.lastgroup or ""
        if is_bare_title(text, title.start(), title.end()):
            continue
        if not _inside_word(text, title.start(), kind) and (
            end := _name_end(text, title.end(), kind)
        ):
            return title.start(), end
    return min(spans) if spans else None


def _in_office(text: str, at: int) -> list[tuple[int, int]]:
    """Return the first name behind a word of office; the office itself stays."""
    for office in _OFFICE.finditer(text, at):
        words = _TWO_WORDS.match(text, office.end())
        if words is None or _NEVER.match(text, words.start()):
            continue
        given, family = words.groups()
        common = _NOT_IN_OFFICE.match(given) or _NOT_IN_OFFICE.match(family)
        if not (common or _NOT_A_SURNAME.match(family) or _TITLE.match(given)):
            known = end_with_family(text, words.start(1), words.end(1))
            return [(words.start(), known if known > words.end(1) else words.end())]
    return []


def _is_known_name(text: str, start: int) -> bool:
    """Tell whether both words behind a title stand in the lexicons."""
    title = _TITLE.match(text, start)
    words = _TWO_WORDS.match(text, title.end() if title else start)
    return words is not None and is_known_person(*words.groups())


def _is_full_name(text: str, start: int) -> bool:
    words = _TWO_WORDS.match(text, start)
    return words is not None and is_person(*words.groups())


def _inside_word(text: str, start: int, kind: str) -> bool:
    """Tell whether a title at this place is part of another word or of an institution's name."""
    left = text[max(0, start - 20) : start]
    public = is_public_thing(text, start) and not _is_known_name(text, start)
    if public or (kind in ("spelt", "rank") and _NAMED_AFTER.search(left)):
        return True
    if kind in ("rank", "short"):
        return _ABBREVIATED.search(left) is not None
    return kind in ("mr", "mrs", "miss", "doctor") and _inside_common_word(text, start, kind)


def _inside_common_word(text: str, start: int, kind: str) -> bool:
    """Tell whether นาย or นาง is part of a word, before it or behind it."""
    left = text[max(0, start - 20) : start]
    if kind in ("mr", "mrs") and is_word_with_title(text, start):
        return True
    side = "mr" if kind in ("mr", "doctor") else "mrs"
    natural = kind == "mrs" and _NATURE.search(left)
    if (
        (natural and not _is_full_name(text, start + len("นาง")))
        or _GLUED.search(left)
        or _GLUED_TO[side].search(left)
    ):
        return True
    if side == "mr" and _LAWYER.match(text, start - 1 if start else 0):
        return True
    return side == "mr" and text.startswith("นายก", start) and bool(_OFFICES_IN_NAYOK.search(left))


def _name_end(text: str, start: int, kind: str) -> int:
    """Return where the name after a title ends, or 0 when no name follows."""
    while chained := re.compile(r"\s*").match(text, start):
        start = chained.end()
        inner = _TITLE.match(text, start)
        if inner is None or kind in ("mr", "mrs", "miss", "child"):
            break
        start, kind = inner.end(), inner.lastgroup or kind
    common = _NOT_A_NAME.get(kind)
    if _NEVER.match(text, start) or (common and common.match(text, start)):
        return 0
    given = _TOKEN.match(text, start)
    if given is None or not _may_be_given(text, given, kind):
        return 0
    end = start + _cut(given[0])
    return end if end < given.end() else _end_behind(text, given[0], end)


def _end_behind(text: str, given: str, end: int) -> int:
    """Return where a name ends whose given name ends here: father, nickname and family go too."""
    if particle := _PATRONYMIC.match(text, end):
        return particle.end()
    if (nicknamed := _NICKNAMED.match(text, end)) and is_relative(
        given, nicknamed["family"][: _cut(nicknamed["family"])]
    ):
        return nicknamed.start("family") + _cut(nicknamed["family"])
    family = re.compile(f"\\s{{1,2}}(?=[ก-ฮเ-ไ])({_TOKEN.pattern})").match(text, end)
    if family is None or _NOT_A_SURNAME.match(text, family.start(1)):
        return end
    end = family.start(1) + _cut(family[1])
    particle = _PATRONYMIC.match(text, end)
    return particle.end() if particle else end


def _may_be_given(text: str, given: re.Match[str], kind: str) -> bool:
    """Tell whether letters begin like a name; behind a torn title they must be one."""
    if not re.match("[ก-ฮเ-ไ]", given[0]):
        return False
    if text[given.start() - 1] == " " and is_prose(given[0]):
        return False
    torn = kind in ("torn", "noble", "honour")
    return (
        not torn
        or given_length(given[0], loose=kind != "honour") > 0
        or _is_full_name(text, given.start())
    )


def _cut(token: str) -> int:
    """Return how many letters of a run belong to the name."""
    stop = _ENDS_INSIDE.search(token, 2)
    return stop.start() if stop else min(len(token), _LONGEST)
