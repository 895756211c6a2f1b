"""Names behind a word of kinship, of faith or of office, wherever it stands in a run of letters."""

from __future__ import annotations

import re
from functools import cache
from typing import TYPE_CHECKING

from evallib.clean.persons.names.lexicon import (
    family_length,
    given_length,
    is_everyday,
    is_family_name,
    is_prose,
    known_length,
    word_length,
)
from evallib.clean.persons.names.words_with_titles import is_public_thing

if TYPE_CHECKING:
    from collections.abc import Iterator

_LETTER = "[ก-ฮะ-ฺเ-ๅ็-์]"
# What may stand right before a word of kinship that is typed without a space.
LEFT = (
    "ของ|โดย|กับ|ให้|และ|ถึง|จาก|หา|ถาม|บ้าน|สวน|ที่|ชื่อ|เจ้าของ|ว่า|คือ|ร้าน|เจอ|พบ|เชิญ|แจ้ง|ฝาก|บอก|มอบ|ช่วย|ขาย|นา|ไร่|รถ|หน้า|หลัง|ข้าง|ตาม|ส่ง|เยี่ยม|พา"
    "|ครอบครัว|หลาน|ลูก|เมีย|ผัว|หรือ|บ่อ|วัว|เรือ|แปลง|ทาง|ขอบคุณ|เป็น|คน|แต่|เพราะ|เมื่อ|ด้วย|แล้ว|ไป|มา|อยู่|เห็น|ติดต่อ|โทรหา|แทน|แก่|ราย|เรียก|นัด|ไหว้|จ้าง|ยืม|เอา|ท่าน|คุณ|น้อง|พี่|นาง|ใน|ได้|กะ|สาว|ชาย"
)
# These are long or rare enough to be known inside a run.
OFFICE = (
    r"สมาชิก ?อบต\.|(?:ท่าน)?(?:รอง)?ผู้ว่า(?:ราชการ(?:จังหวัด)?|ฯ)?|ท่าน(?:ส\.ส\.|สส\.)|ส\.[สว]\.|รอง(?:นายก|ปลัด|ประธาน|ผอ\.|ผญบ\.)(?:สภา)?(?:ฯ)?|ผกก\.|"  # noqa: E501
    r"นายอำเภอ|นายช่าง(?:โยธา|ไฟฟ้า|เทคนิค|สำรวจ)?|นายก(?:ฯ|\.| ?อบต\.?| ?อบจ\.?| ?เทศมนตรี)?|ปลัด(?:อำเภอ| ?อบต\.?|เทศบาล|ฯ)?|กำนัน(?:หญิง)?|ผู้ใหญ่(?:บ้าน)?(?:หญิง)?|ผญบ\.|ผอ\.(?:รพ\.สต\.|รร\.|ร\.ร\.|กศน\.)?|สารวัตร(?:กำนัน)?"  # noqa: E501
    r"|ประธานสภา(?:ฯ)?|คณะกก\.|กก\.|(?:เลขา|ปลัด|ประธาน|กำนัน|หัวหน้า|สมาชิก|สารวัตร|ผู้ช่วย)ฯ|ประธาน(?:ชุมชน|กลุ่ม)|อสม\.|ชรบ\.|ส\.?อบต\.|บัณฑิตอาสา|พัฒนากร|เกษตรตำบล|ท่านปลัด|ท่านนายอำเภอ|ท่านนายก"
)
# These must stand apart, for longer abbreviations end like them.
SHORT_OFFICE = r"ผช\. ?ผญ(?:บ)?\.|ผญ\.|ผช\.|ปธ\.(?:ชุมชน|กลุ่ม|สภา)?|หน\.(?:ฝ่าย|กลุ่ม|[ก-ฮ]{1,4}\.)?|กต\.ตร\.|ตชด\.|ขรก\.|จนท\.|ลข\.|พมจ\.|ปจ\.|สสอ\.|กน\.|นอภ\.|ปอ\.|อม\.|สจ\.|ส\.จ\.|สท\.|ส\.ท\.|ผบ\.(?:ร้อย|หมู่|มว\.?|ฉก\.?)?|ผกก\.|สว\."  # noqa: E501
FAITH = (
    "โต๊ะอิหม่าม|อิหม่าม|อีหม่าม|คอเต็บ|บิหลั่น|โต๊ะครู|โต๊ะบีแด|โต๊ะบิหลั่น|โต๊ะบอมอ|บาบอ|อุสตาซะ(?:ห์|ฮ์)?|อุสตาซ|อุสตาส|อุซตาซ|ฮัจญะห์|ฮัจยะห์|หัจญะห์|ฮัจยี|ฮัจญี|หัจญี|หะยี|ฮายี"
    "|สามเณร|แม่ชี|หลวง(?:พ่อ|ตา|ปู่|พี่|ลุง|น้า)"
)
RESPECT = "คุณ(?:ลุง|ป้า|น้า|อา|ตา|ยาย|ปู่|ย่า|พี่|น้อง|แม่|พ่อ|ครู|หมอ)|อาจารย์|พยาบาล|ครู|หมอ|ลุง|ป้า|ยาย|แม่เฒ่า|พ่อเฒ่า|พ่อแก่|แม่แก่|เปาะ(?:จิ|ซู|เต๊ะ|วอ|ยอ)|เจ๊ะกู|เมาะ(?:ซู|จิ)"  # noqa: E501
KIN = "อาม่า|อากง|อาโก|อาเจ็ก|ซ้อ|เถ้าแก่|ดาบ|จ่า|ผู้กอง|ผู้หมวด|ผู้พัน|น้า|ปู่|ย่า|พี่|น้อง|คุณ|เจ๊|เฮีย|ตา|อา|บัง|หลวง|แม่|พ่อ"  # noqa: E501
MALAY = "อาแบ|แบ|กะ|ก๊ะ|มะ|ม๊ะ|เมาะ|เปาะ|โต๊ะ|เจ๊ะ|เจะ|นิ|ต่วน|ตวันกู|กู|แว|ตูแว"
LABEL = "(?:คน|เด็ก|ลูก|หลาน|สามี|ภรรยา|เมีย|แม่|พ่อ|พี่สาว|พี่ชาย|น้องสาว|น้องชาย|ผู้ป่วย|ผู้แจ้ง|ผู้ร้อง)ชื่อ(?:ว่า)?"
_BEHIND = tuple(LEFT.split("|"))
_TITLE = re.compile(
    r"(?=[กคจชซดตถนบปผพภมยลวสหอฮเแโ][ก-ฮะัาำิีุูเ-ไ์่้๊ญ.][ก-๎.])"  # a quick look, for the list is long
    rf"(?P<office>{OFFICE})|(?P<faith>{FAITH})|(?<![เแโใไหขถปค])(?<!ตะ)(?P<respect>{RESPECT})"
    rf"|(?P<short>(?=[ก-ฮ.]{{2,6}}\.)(?<![ก-๎.])(?:{SHORT_OFFICE}))"
    rf"|(?P<label>{LABEL})|(?P<malay>{MALAY})|(?P<kin>{KIN})"
)
# What bears a name of its own: places and offices, which no person is.
_PLACE = re.compile(
    r"(?:บ้าน|บ\.|ตำบล|ต\.|อำเภอ|อ\.|ชุมชน|มัสยิด|สุเหร่า|โรงเรียน|รร\.|ถนน|คลอง|กุโบร์|กูโบร์|สาย|ซอย|สะพาน|หาด|เกาะ|เขา|ควน|บึง|พรุ|ตลาด|ท่าเรือ|ปอเนาะ|วัด|สุสาน|น้ำตก|ศาลเจ้า|วังเก่า|ถ้ำ|แหลม|อ่าว|ปลา|ดอก|หอย) ?$"  # noqa: E501
)
# What a house has and a village has not.
_HOUSEHOLD = re.compile(
    " ?(?:ส้วม|ห้องน้ำ|ห้องส้วม|หลังคา|ฝา|ครัว|ประตู|หน้าต่าง|เสาบ้าน|พื้นบ้าน|บันได|ไม่มีไฟ|หลัง|พัง|ไฟไหม้)"
)
_STAYS = re.compile(
    f"{OFFICE}|{SHORT_OFFICE}|{LABEL}|(?:โต๊ะ)?อิหม่าม|คอเต็บ|บิหลั่น"
)  # offices are no secret
_NO_NAMES = re.compile(
    "อาเนาะ|อาเยร์|อาซูรอ|อาญูรอ|อาซาน|อาซาร์|อายัม|นิกะ[ฮห]|นิกาฮ์|มะฆริบ|มะกัน|กะโป๊ะ|มะตะบะ|กะลิมะ|นางฟ้า"
)
# What officers do, and what a few are called.
_ASKED = re.compile(
    "(?:อนุมัติ|สั่งการ|ประชุม|ประกาศ|อนุญาต|สมัคร|อำนวย|บัญชา|ไพศาล|สั่ง|รับ|ชี้แจง|พิจารณา|ประสาน|ลงนาม)(?! [ก-ฮเ-ไ])"  # noqa: E501
)
_TAUGHT = re.compile("ครู|หมอ|พยาบาล|อาจารย์")
_SUBJECTS = re.compile("น้อย|คณิต|ดนตรี|ใหญ่|อาสา|วิทย์|พละ|ศิลป|อังกฤษ|มลายู|อาหรับ|เวร|เด็ก")
_ALWAYS_KIN = {"น้า", "ปู่", "ย่า", "พี่", "น้อง", "เจ๊", "เฮีย"}
_LONGEST_LEAD = 8  # letters of a place before a word of kinship in its name
_AFTER_KIN = {"หลวง", "พี่", "น้า"}  # ตาหลวงแดง
_NOBLE = {"ต่วน", "ตวันกู", "กู", "นิ", "แว", "ตูแว"}
_SUBJECT_FAMILY = re.compile(
    f" ([ก-ฮเ-ไ]{_LETTER}{{2,14}})(?= (?:ขอ|แจ้ง|เสนอ|ให้|บริจาค|เจ้าของ|ไม่|ยัง|เป็น|มอบ|ยก|อนุญาต))"
)
_SPACED = re.compile(f" ?(?=[ก-ฮเ-ไ])({_LETTER}{{2,40}})")
_KNOWN = re.compile(f" (?P<given>{_LETTER}{{2,16}}) ({_LETTER}{{2,20}})(?!{_LETTER})")
_FAMILY = re.compile(f"[ -](?=[ก-ฮเ-ไ])({_LETTER}{{2,40}})")
# A child of somebody, who may have been to Mecca.
CHILD_OF = "(?:บิน(?:ตี้?|ติ|ตือ|เต)?|บินต์) ?(?:(?:ฮัจยี|ฮัจญี|หัจญี|หะยี|ฮายี|ต่วน|เจ๊ะ|นิ|แว) ?)?"
_LINEAGE = re.compile(
    f" (?:{CHILD_OF}{_LETTER}{{2,20}}(?: {CHILD_OF}{_LETTER}{{2,20}})*|ณ (?:{_LETTER}{{2,8}}?(?=ขอ|ให้|แจ้ง|เป็น|มา|บอก|เสนอ)|{_LETTER}{{2,12}}))"  # noqa: E501
)


def find_kin(text: str) -> Iterator[tuple[int, int]]:
    """Yield start and end of each name behind a word of kinship, of faith or of office.

    The word of kinship goes with the name, an office stays.

    Parameters
    ----------
    text : str
        Normalised text; other names may be hidden in it already.

    Notes
    -----
    The word alone is no name. What follows must be a name by the lexicons, or, behind a word that
    stands apart, letters that are no word at all, and its end must be one of a word.

    Examples
    --------
    >>> words = "ที่ดินของตาอ่อนติดสวนน้าพร ครูตาดีกาและยายแก่เดือดร้อน"
    >>> [words[start:end] for start, end in find_kin(words)]
    ['ตาอ่อน', 'น้าพร']
    """
    at = 0
    while match := _TITLE.search(text, at):
        end = _end_of_name(text, match) if _may_stand(text, match) else 0
        if end:
            stays = _STAYS.fullmatch(match[0])
            blank = text.startswith(" ", match.end())
            yield match.end() + blank if stays else match.start(), end
        at = end or match.start() + 1


def _may_stand(text: str, match: re.Match[str]) -> bool:
    """Tell whether a short word stands apart, or behind a word that persons follow."""
    at = match.start()
    if match.lastgroup not in ("kin", "malay") or not at:
        return True
    return not "ก" <= text[at - 1] <= "๎" or text.endswith(_BEHIND, 0, at)


def _end_of_name(text: str, match: re.Match[str]) -> int:
    """Return where the name behind a word ends, or 0 when none follows."""
    kind = "office" if match.lastgroup == "short" else match.lastgroup or ""
    run = _SPACED.match(text, match.end())
    if run is None or _is_of_another_thing(text, match, run):
        return 0
    inner = _TITLE.match(text, run.start(1))
    if inner and (inner.lastgroup in ("faith", "respect", "malay") or inner[0] in _AFTER_KIN):
        end = _end_of_name(text, inner)
        if end:
            return end
    apart = not match.start() or not "ก" <= text[match.start() - 1] <= "๎"
    glued = run.start(1) == match.end()
    length = (
        0
        if not glued and _ASKED.match(run[1])
        else given_length(
            run[1],
            loose=apart and (kind == "respect" or match[0] in _ALWAYS_KIN),
            malay=kind == "malay",
            spaced=not glued or kind == "label",
        )
    )
    if not length and kind == "office" and (known := _KNOWN.match(text, match.end())):
        given, family = known.groups()
        sure = known_length(given) == len(given) and is_family_name(family)
        length = len(given) if sure else 0
    if (
        not length
        and match[0].endswith((".", "ฯ"))
        and not _ASKED.match(run[1])
        and known_length(run[1]) == len(run[1])
    ):
        length = 0 if is_prose(run[1]) or _places().match(run[1]) else len(run[1])
    if not length or (not glued and kind in ("kin", "malay")):
        return 0
    end = run.start(1) + length
    noble = _SUBJECT_FAMILY.match(text, end) if match[0] in _NOBLE else None
    return noble.end(1) if noble else end_with_family(text, run.start(1), end)


def _known_behind_office(run: str) -> int:
    """Return the length of a run that is a given name and also a word: ธนกร behind หน."""
    known = known_length(run) == len(run) and not is_everyday(run) and not _ASKED.match(run)
    return len(run) if known and not is_prose(run) and not _places().match(run) else 0


def _is_of_another_thing(text: str, match: re.Match[str], run: re.Match[str]) -> bool:
    """Tell whether a word of kinship begins a longer word, or the name of a place or a subject."""
    kind, start = match.lastgroup or "", match.start()
    kind = "office" if kind == "short" else kind
    if _NO_NAMES.match(text, start):
        return True
    villages = kind in ("malay", "faith") or match[0] in ("ปู่", "ย่า", "ตา", "พ่อ", "แม่")
    lived_in = text.startswith("บ้าน", start - 4) and _HOUSEHOLD.match(text, run.end())
    if villages and not lived_in and _PLACE.search(text[max(0, start - 12) : start]):
        return True
    if run.start(1) == match.end() and word_length(text[start : start + 24]) > len(match[0]):
        return True
    if kind in ("office", "faith") and _places().match(text, run.start(1)):
        return True
    if is_in_place(text, start) or (kind != "label" and is_public_thing(text, start)):
        return True
    return bool(_TAUGHT.match(match[0]) and _SUBJECTS.match(run[1]))


def end_with_family(text: str, start: int, end: int) -> int:
    """Return where a name ends whose given name is known, with the family name behind it.

    Examples
    --------
    >>> text = "ฮาซัน มูซออยากได้พัดลม"
    >>> text[: end_with_family(text, 0, 5)]
    'ฮาซัน มูซอ'
    """
    family = _FAMILY.match(text, end)
    if family and (more := family_length(text[start:end], family[1])):
        end = family.start(1) + more
    lineage = _LINEAGE.match(text, end)
    return lineage.end() if lineage else end


@cache
def _places() -> re.Pattern[str]:
    """Return the beginnings of runs that are places of the area, not persons."""
    from evallib.places import area

    frame = area()
    names = {name for column in ("tambon_th", "amphoe_th", "province_th") for name in frame[column]}
    return re.compile("|".join(sorted((n for n in names if len(n) > 2), key=len, reverse=True)))


def is_in_place(text: str, at: int) -> bool:
    """Tell whether a position lies in the name of a place, such as นาหมอศรี.

    Examples
    --------
    >>> is_in_place("อบต.นาหมอศรี", 6), is_in_place("พบหมอศรี", 2)
    (True, False)
    """
    found = (_places().match(text, start) for start in range(max(0, at - _LONGEST_LEAD), at + 1))
    return any(place is not None and place.end() > at for place in found)
