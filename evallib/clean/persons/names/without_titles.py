"""Names without a certain title: after a word such as ติดต่อ or ลงชื่อ, an office, a kinship word."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from evallib.clean.persons.names.lexicon import is_person, is_relative, known_length, word_length
from evallib.clean.persons.names.of_kin import CHILD_OF, end_with_family, is_in_place
from evallib.clean.persons.names.words_with_titles import is_public_thing

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTER = "[ก-ฮะ-ฺเ-ๅ็-์]"
_WORD = f"{_LETTER}{{2,20}}"
_EDGE = f"(?!{_LETTER}|ๆ)"
_BORDER = r"(?<![ก-๎])"
# After these words a name of two words is expected; the word itself stays.
EXPECTED = (
    r"(?:ผู้(?:ประสาน(?:งาน)?(?:โครงการ)?|รายงาน|เสนอ|แจ้ง|ร้องเรียน|ร้องทุกข์|รับผิดชอบ(?:โครงการ)?|บันทึก|จดบันทึก|จัดทำ|ตรวจสอบ|รับรอง|รับเงิน|ป่วย|พิการ"
    r"|ยื่น(?:คำขอ)?|ค้ำ(?:ประกัน)?|ดูแล(?:ระบบ[ก-ฮ]\S*)?|เสียหาย|รับจ้าง|เสียชีวิต|ตรวจ|จด|ขอ)"
    r"|ติดต่อ(?:ได้)?(?:ที่|กับ|คุณ)?|สอบถาม|ลงชื่อ|ลงนาม|(?:แจ้ง|รายงาน|เสนอ|รับรอง|บันทึก)โดย|โอนให้|มอบให้"
    r"|ชื่อ(?: ?- ?(?:นาม)?สกุล| สกุล|สกุล|และ(?:นาม)?สกุล|บัญชี|ผู้[ก-ฮ]\S{0,12}|เล่น)?"
    r"|เจ้าของ(?:ที่ดิน|บ้าน|สวน|แปลง|นา)|ประธาน(?:กลุ่ม|ชุมชน|สภา)?|เลขานุการ|เหรัญญิก|หัวหน้า(?:กลุ่ม|ครอบครัว|ครัวเรือน)?|วิทยากร|บิดา|มารดา|บุตร|คู่สมรส|สามี|ภรรยา|หลาน"
    r"|พยาน)(?:ชื่อ|คือ|ของ)?"
)
_AFTER_LABEL = re.compile(
    rf"{EXPECTED}(?P<mark>\s*[:=：.…_(]{{1,60}}\s*|\s+)(?=[ก-ฮเ-ไ])(?P<given>{_WORD}) (?P<family>{_WORD})(?P<more>(?: (?:บิน|บินตี) {_WORD})?){_EDGE}"  # noqa: E501
)
# Titles that also are words: the name behind them must be one.
KIN = (
    "ส\\.อบต\\.|เปาะเต๊ะ|อาจารย์|พยาบาล|เจ๊ะกู|เปาะจิ|เปาะซู|ผอ\\.|น้อง|อ\\.|เมาะ|เปาะ|คุณ(?!หญิง)|ครู"
    "|พี่|ลุง|ป้า|น้า|ยาย|ปู่|ย่า|หมอ|บัง|ก๊ะ|ม๊ะ|อา|ตา|แบ|กะ|มะ"
)
PIOUS = "โต๊ะอิหม่าม|อิหม่าม|คอเต็บ|บิหลั่น|โต๊ะครู|โต๊ะบีแด|โต๊ะบิหลั่น|บาบอ|อุสตาซ(?:ะห์)?|อุสตาส|อุซตาซ|หะยี|ฮัจยี|หัจญี|ฮัจญี|ดาโต๊ะยุติธรรม|สามเณร|แม่ชี"  # noqa: E501
OFFICES = "กำนัน|ผู้ใหญ่บ้าน|ผญบ\\.|ปลัดอำเภอ|บัณฑิตอาสา|พัฒนากร|อสม\\.|อส\\.(?:ทพ\\.)?|สารวัตรกำนัน|เกษตรตำบล"
_CHILD = re.compile(rf"(?<![ก-๎])(?P<given>{_WORD})(?: {CHILD_OF}{_WORD})+{_EDGE}")
_FORMS = "แบบ(?:สำรวจ|สอบถาม|ฟอร์ม|รายงาน|บันทึก|ประเมิน|แผน|เสนอ|คำขอ|กรอก|ทดสอบ|แปลน|เรียน)"  # not แบ
_TITLED = re.compile(
    rf"(?P<title>(?:{_BORDER}|(?<=ติดต่อ)|(?<=โทรหา))(?!{_FORMS})(?:{KIN})|(?:{PIOUS}|{OFFICES}))(?P<gap> ?)(?=[ก-ฮเ-ไ])(?P<given>{_WORD})(?:[ -](?P<family>{_WORD}))?{_EDGE}"  # noqa: E501
)
MONKS = "ครู(?:สังฆรักษ์|ใบฎีกา|ธรรมธร|วินัยธร|ปลัด|สมุห์)?|มหา|อาจารย์|สมุห์|ปลัด|อธิการ|ใบฎีกา"
_MONK = re.compile(rf"พระ(?:{MONKS}) ?(?P<given>[ก-ฮเ-ไ][ก-ฺเ-๎]{{3,24}})")  # fmt: skip
# The name in Pali that a monk has behind his own.
PALI = "[ก-ฮเ-ไ][ก-ฺเ-๎]{2,20}โ[ก-ฮ]"
_PLAIN_MONK = re.compile(rf"(?<![ก-๎])พระ[ก-ฮเ-ไ][ก-ฺเ-๎]{{2,20}} (?P<pali>{PALI})(?![ก-๎])")
_NOT_A_MONK = re.compile("เจ้า|และ|สัญญาบัตร|ใน|ทุก|ที่|มอบ|ร่วม|ประจำ|ชั้น|ขอ|นำ|แจ้ง|กรุณา|ราช|กษัตริย์|นคร|วัด|สงฆ์|จำนวน|เป็น|ให้|ผู้|ของ|บาท|ธาตุ|พุทธ")  # fmt: skip  # noqa: E501
_NICKNAME = re.compile(
    rf"\[ปกปิด\] ?[\"“”‘'](?:ชื่อเล่น ?)?(?P<quoted>[ก-ฮเ-ไ]{_LETTER}{{1,14}}(?: {_LETTER}{{1,12}})?)[\"“”’']"  # noqa: E501
    rf"|\[ปกปิด\] ?\((?:ชื่อเล่น ?)?(?!ไลน์|ไอดี|โทร|เบอร์|มือถือ|แฟกซ์|บัญชี)(?P<n>(?:น้อง|พี่|บัง|กะ)?[ก-ฮเ-ไ]{_LETTER}{{1,10}})\)"  # noqa: E501
    rf"|\[ปกปิด\] (?P<pali>{PALI})(?![ก-๎])"
    rf"|ชื่อเล่น ?:? ?(?P<called>[ก-ฮเ-ไ]{_LETTER}{{1,12}}){_EDGE}|(?:เรียก|เรียกกันว่า|รู้จักในนาม)(?P<known>(?:เปาะจิ|เปาะ|บัง|แบ|กะ|ม๊ะ){_LETTER}{{2,8}}?)(?=ว่า| |$)"  # noqa: E501
)
_NOT_NICKNAMES = {
    "ประธาน", "กรรมการ", "เลขานุการ", "ตัวแทน", "ผู้แทน", "ชาย", "หญิง", "พิการ", "เสียชีวิต", "หัวหน้า",
    "สมาชิก", "บิดา", "มารดา",
}  # fmt: skip
LATIN = r"(?:Mrs?|Ms|Miss|Dr|Prof|Capt|Col|Lt|Maj|Gen|Sgt|Cpl|Pvt|Pol|Imam|Ustaz(?:ah)?|Ustad|Haji|Hajj|Hajah|Babor?|Tok(?: (?:Imam|Guru|Bidan|Bomoh|Batin))?|Kak|Kakak|Abang|Pak(?: ?Cik)?|Mak(?: ?Cik)?|Che(?:k|gu)?|Cik(?:gu)?|Puan|Encik|Khun|Uncle|Auntie?|Adv|Atty|Datuk|Dato|Dr)"  # noqa: E501
_LATIN = re.compile(
    rf"(?<![A-Za-z])(?<!Kampung )(?<!Masjid )(?<!Kg )(?<!Kg\. )(?i:(?:{LATIN}(?:\.\s?|\s+))+)(?!(?:Guru|Imam|Bidan|Bomoh|Batin|Penghulu|DIY|Grand|Universe|Thailand|World|to|and)\b)"  # noqa: E501
    r"(?P<n>[A-Z][A-Za-z'-]+(?:\s[A-Z][A-Za-z'-]+){0,2})"
)


def find_expected(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each name that its surroundings announce.

    Parameters
    ----------
    text : str
        Normalised text; names with a title may be hidden in it already.

    Examples
    --------
    >>> words = "ผู้ประสานงาน: สมพร แก้วมณี และครูตาดีกา 3 คน"
    >>> [words[start:end] for start, end in find_expected(words)]
    ['สมพร แก้วมณี']
    """
    found = [match.span() for match in _LATIN.finditer(text)]
    found += [
        m.span() for m in _CHILD.finditer(text) if known_length(m["given"]) == len(m["given"])
    ]
    found += [*_labelled(text), *_titled(text), *_monks(text), *_nicknames(text)]
    yield from sorted(dict.fromkeys(found), key=lambda span: (span[0], -span[1]))


def _labelled(text: str) -> Iterator[tuple[int, int]]:
    for match in _AFTER_LABEL.finditer(text):
        if is_person(match["given"], match["family"]):
            yield match.start("given"), match.end("more") if match["more"] else match.end("family")


def _titled(text: str) -> Iterator[tuple[int, int]]:
    at = 0
    while match := _TITLED.search(text, at):
        at = match.end("title")
        given, family, title = match["given"], match["family"] or "", match["title"]
        if title in ("กำนัน", "ผู้ใหญ่บ้าน") and is_in_place(text, match.start("given")):
            continue
        if is_public_thing(text, match.start()) or _is_longer_word(match):
            continue
        judge = is_relative if re.fullmatch(KIN, title) else is_person
        if family and judge(given, family):
            yield _start(match), end_with_family(text, match.start("given"), match.end("family"))
        elif title in _ONE_WORD and (is_person(given) or _acts(text, match)):
            more = family and is_relative(given, family)
            end = match.end("family" if more else "given")
            yield _start(match), end_with_family(text, match.start("given"), end)
        else:
            continue
        at = match.end("given")


def _is_longer_word(match: re.Match[str]) -> bool:
    """Tell whether คุณ begins a word such as คุณวุฒิ, whose end is a name too."""
    glued = match["title"] == "คุณ" and not match["gap"] and not match["family"]
    return glued and word_length(match[0]) == len(match[0])


_VERB = re.compile(" (?:ขอ|แจ้ง|เสนอ|ให้|บริจาค|ต้องการ|มอบ|นำ|อนุญาต|สอน|ทำ|ยินดี|เป็น)")
_ONE_WORD = {
    "คุณ", "ครู", "น้อง", "อาจารย์", "บาบอ", "อุสตาซ", "อุสตาซะห์", "โต๊ะครู", "โต๊ะบีแด", "สามเณร", "แม่ชี", "หะยี",  # noqa: E501
    "ฮัจยี", "หัจญี", "ฮัจญี",
}  # fmt: skip


def _acts(text: str, match: re.Match[str]) -> bool:
    """Tell whether a short word behind a teacher's title is the subject of a sentence."""
    taught = re.match("บาบอ|อุส|โต๊ะครู", match["title"]) and len(match["given"]) <= 6
    return bool(taught) and _VERB.match(text, match.end("given")) is not None


def _start(match: re.Match[str]) -> int:
    """Return where a name begins: an office or a faith's post stays, a kinship word goes."""
    stays = re.fullmatch(f"{OFFICES}|อิหม่าม|โต๊ะอิหม่าม|คอเต็บ|บิหลั่น", match["title"])
    return match.start("given") if stays else match.start("title")


def _monks(text: str) -> Iterator[tuple[int, int]]:
    for match in _MONK.finditer(text):
        if not _NOT_A_MONK.match(match["given"]):
            yield match.span()
    for match in _PLAIN_MONK.finditer(text):
        if word_length(match["pali"]) < len(match["pali"]):
            yield match.span()


def _nicknames(text: str) -> Iterator[tuple[int, int]]:
    for match in _NICKNAME.finditer(text):
        group = match.lastgroup or "n"
        word = group == "pali" and word_length(match[group]) == len(match[group])
        if match[group] not in _NOT_NICKNAMES and not word:
            yield match.span(group)
