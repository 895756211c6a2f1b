"""Whether Thai words are the name of a person, by the lexicons that come with pythainlp."""

from __future__ import annotations

import re
from functools import cache, lru_cache

_COMMON_FROM = 60  # uses in the Thai Textbook Corpus from which a name counts as an everyday word
# Beginnings of names that Malay-speaking families of the area give; few Thai words share them.
_MALAY = re.compile(
    "(?:อับดุ[ลรนอ]?|มู[ฮหฺ][ัำะา]|มะ(?!ม่วง|พร้าว|นาว|ละกอ|เร็ง|เขือ|ขาม|กรูด|เฟือง|ระ$)|มามะ|มาหะ|เจ๊?ะ|นิ(?!ติ|คม|ทร|เทศ|เวศ|ยม|ทาน|ร|ตย)|ต่วน|ตูแว|แว(?!ว|ะ)|วันอั"
    "|หะ?ยี|ฮัจยี|สือ(?!$|ม)|สะมะ|สะแล|สาและ|สาแม|สาเมาะ|สาเ|อาแ|อาบู|อาหะ|อาหมัด|อาหะมะ|อิบร|อิสม|ฟา[ตฏฎ][ีิ]|ปาตี|พาตี|ซีตี|ซีต|ซูไ|ซูร|ซูล|ซุล|ซัล|ซา(?!ก|ย|ล)|ซอ(?!ย|ง|ฟ|ส)|นูร|รอ(?:ฮ|ม|ซ|กี|เซ|มะ|มือ|แม|ยะ)"
    "|ยูโ|ยูน|ยูไ|ยามี|ยะโก|ยาโก|ดอ(?:เ|ร|แ)|ดือ|ดาโอ|ดามะ|กาเ(?!ร|ล)|กาแบ|กือ|กู(?!้|่|รู|บ|ล)|บือ|บินยู|เบ็ญ|ลาเต|ลาเ|ลอมา|ลาแ|ตาเ(?!ล|ก)|ตอเ|อูเซ|อูมา|ฮาซ|ฮาลี|ฮารง|ฮัส|ไซน|ไซนุ|รุส|รอฮา|สุไห|ซารี|มัร|มัส|มารี|มารีย|มือ|แมเ|มูซ|ไมมู|สนิ$|กาซอ|คอลี|คอเล|อามี|อาอี|อารง|แมะ|อัสร|อัสม|ฮาเ|เปาะ|หมัด|หมาน|หลีเ|หมัน)"
)
_STOP = re.compile(
    "(?:สำนัก|กรม|กอง|กลุ่ม|ศูนย์|โรงเรียน|อำเภอ|ตำบล|จังหวัด|หมู่|บ้าน(?!$)|บ้าน$|อบต|อบจ|เทศบาล|หน่วย|คณะ|โครงการ|ประสาน(?:งาน|กับ)|ราชการ|เขต|พื้นที่|ชุมชน"
    "|ประชา(?:ชน|คม)|เกษตร|ปศุสัตว์|พัฒนา|สาธารณ|ปลัด|นาย|นาง|กำนัน|ผู้|เจ้าหน้าที่|สมาชิก|กรรมการ|แม่บ้าน|ชาวบ้าน|เยาวชน|นักเรียน|ราษฎร|รับ|ขอ|ให้|แจ้ง"
    "|ระดับ|ประจำ|ทุก|และ|หรือ|จาก|ใน|ที่(?!$)|ที่$|ของ|เพื่อ|กับ|โดย|เป็น|ไม่|ยัง|ได้|มี(?!เนาะ|นา)|จะ|เรื่อง|ก่อสร้าง|ซ่อม|ปรับปรุง|จัดซื้อ|จัดจ้าง|ส่งเสริม|สนับสนุน"
    "|สัญญา|งาน|เงิน|งบ|พันธุ์|กล้า(?!หาญ)|ปุ๋ย|เสนอ|รายงาน|จำนวน|หลัง|ทาง|ด้าน|ฝ่าย|ร้อง|ยินยอม|ประชุม|ช่วยเหลือ|ช่าง|ศาสนา|ท้องถิ่น|ภูมิปัญญา|อาสา|ตาดีกา|ปอเนาะ|มัสยิด|วัด(?!$)|เข้า|ร่วม|บัตร|อายุ|โทร|เบอร์|เลข|วันที่|ตำแหน่ง)"
)
_LETTER = "[ก-ฮะ-ฺเ-ๅ็-์]"
_FULL = re.compile(f"{_LETTER}{{2,20}}")


@cache
def _lexicons() -> tuple[frozenset[str], frozenset[str], dict[str, int]]:
    """Return given names, family names and uses of everyday words."""
    from pythainlp.corpus import (  # 0.1 s, and only texts that may name somebody need them
        thai_family_names,
        thai_female_names,
        thai_male_names,
        thai_words,
    )
    from pythainlp.corpus.ttc import unigram_word_freqs

    used: dict[str, int] = dict.fromkeys(thai_words(), 1)
    used |= unigram_word_freqs()
    return thai_male_names() | thai_female_names(), thai_family_names(), used


@lru_cache(maxsize=65536)
def is_person(given: str, family: str = "") -> bool:
    """Tell whether words are a person's name: two words, or one that is nothing but a name.

    Examples
    --------
    >>> is_person("สมพร", "แก้วมณี"), is_person("ฟาตีเมาะ", "สาเระ"), is_person("ชาวบ้าน", "หมู่บ้าน")
    (True, True, False)
    """
    if not _FULL.fullmatch(given) or _STOP.match(given):
        return False
    first = _strength(given)
    if not family:
        return first == "name"
    if not _FULL.fullmatch(family) or _STOP.match(family):
        return False
    second = _strength(family)
    if first == "name":
        return second not in ("word", "compound") or len(given) > 2
    if second == "name":
        return first == "unknown" or (first == "compound" and _MALAY.match(family) is not None)
    return first == second == "unknown"


@lru_cache(maxsize=65536)
def is_relative(given: str, family: str) -> bool:
    """Tell whether two words behind a word of kinship are a name: the second one decides.

    Examples
    --------
    >>> is_relative("เลื่อน", "หมัดหลี"), is_relative("ใหม่", "วัยเรียน")
    (True, False)
    """
    if _STOP.match(given) or _STOP.match(family):
        return False
    _, families, used = _lexicons()
    if family.startswith("แซ่") or _strength(family) == "name":
        return True
    if family in families and used.get(family, 0) < 2 * _COMMON_FROM:
        return True
    return _strength(given) == "name" and _strength(family) != "word"


def is_known_person(given: str, family: str) -> bool:
    """Tell whether both words stand in the lexicons, where nothing else says that a name follows.

    Examples
    --------
    >>> is_known_person("สมพร", "ทองดี"), is_known_person("กรม", "ชลประทาน")
    (True, False)
    """
    return is_person(given, family) and _strength(given) == _strength(family) == "name"


def _strength(word: str) -> str:
    """Return ``name``, ``word`` (of the dictionary), ``compound`` (of such) or ``unknown``."""
    given, family, used = _lexicons()
    uses = used.get(word, 0)
    if (word in given or word in family) and uses < _COMMON_FROM and len(word) > 1:
        return "name"
    if uses:
        return "word"
    if _MALAY.match(word):
        return "name"
    return "compound" if _is_compound(word, used) else "unknown"


def _is_compound(word: str, used: dict[str, int]) -> bool:
    """Tell whether a word is made of everyday words, each of which is used often."""
    ends = {0}
    for end in range(2, len(word) + 1):
        if any(used.get(word[start:end], 0) >= _COMMON_FROM for start in ends if end - start > 1):
            ends.add(end)
    return len(word) in ends
