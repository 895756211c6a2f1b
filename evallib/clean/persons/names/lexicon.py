"""Whether Thai words are the name of a person, by the lexicons that come with pythainlp."""

from __future__ import annotations

import re
from functools import cache, lru_cache

_COMMON_FROM = 60  # uses in the Thai Textbook Corpus from which a name counts as an everyday word
# Beginnings of names that Malay-speaking families of the area give; few Thai words share them.
_MALAY = re.compile(
    "(?:อับดุ[ลรนอ]?|มุส(?!ลิม)|มู[ฮหฺ][ัำะา]|มะ(?!ม่วง|พร้าว|นาว|ละกอ|เร็ง|เขือ|ขาม|กรูด|เฟือง|ระ$)|มามะ|มาหะ|เจ๊?ะ|นิ(?!ติ|คม|ทร|เทศ|เวศ|ยม|ทาน|ร|ตย)|ต่วน|ตูแว|แว(?!ว|ะ)|วันอั"
    "|หะ?ยี|ฮัจยี|สือ(?!$|ม)|สะมะ|สะแล|สาและ|สาแม|สาเมาะ|สาเ|อาแ|อาบู|อาหะ|อาหมัด|อาหะมะ|อิบร|อิสม|ฟา[ตฏฎ][ีิ]|ปาตี|พาตี|ซีตี|ซีต|ซูไ|สีต[ีิ]|ซูร|ซูล|ซุล|ซัล|ซา(?!ก|ย|ล)|ซอ(?!ย|ง|ฟ|ส)|นูร|รอ(?:ฮ|ม|ซ|กี|เซ|มะ|มือ|แม|ยะ)"
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


# What may follow a name in a run of letters without a space.
_FOLLOWS = re.compile(
    "บอก|ว่า|ขอ|แจ้ง|เสนอ|กับ|และ|ให้|ยัง|ไม่|มา|ไป|อยู่|ที่|เป็น|มี|ได้|จะ|อยาก|ต้อง|ถูก|ป่วย|ขาย|ทำ|พา|โทร|สอน|ซ่อม|นำ|เล่า|ถาม|ตอบ|ด่า|ทะเลาะ|กลับ|เข้า|ออก|ลง|ขึ้น|เดิน|นั่ง|นอน"
    "|ตาย|เสีย|หาย|ติด|ใช้|รับ|ส่ง|ซื้อ|เอา|คน|เจ้าของ|อายุ|เคย|กำลัง|แล้ว|ก็|ด้วย|แต่|หรือ|ตอน|เมื่อ|บริจาค|ยก|ยืม|ตรวจ|ตั้ง|ดู|เฝ้า|เลี้ยง|ขับ|ปิด|เปิด|ลาออก|ย้าย|อนุญาต|รื้อ|เซ็น"
    "|รู้|เห็น|ช่วย|ร่วม|ฝาก|ถือ|ลืม|หลง|แก|เขา|จาก|ใน|ซึ่ง|ผู้|ถึง|ต่อ|ก่อน|หลัง|หน้า|ข้าง|ของ|เดือดร้อน|พิการ|ตาบอด|สร้าง|ปลูก|ร้อง|เรียก|ชวน|นัด|จัด|คุย|พูด|เรียน|ทุก|น้ำ|บ้าน|เพราะ|จน|โดน|เก็บ|หา|เมา"
    "|สนับสนุน|รายงาน|แนะนำ|ดูแล|ปรึกษา|ประสาน|เดือด|เพิ่ง|พึ่ง|คือ|นะ|ครับ|ค่ะ|คะ|จ้า|ท่าน|เลย|เอง|สอง|ซ้ำ|ลุย|นำ|ยิน|แบ่ง|ครอบ|เบิก|จอด|วาง|ปล่อย|บ่น|ตี|โกรธ|หก|ล้ม|กู้|กิน|เหลือ|ค้าง|จ่าย|โอน|รอ|ทัก|แค่|เพิ่ม|กำนัน|ผู้ใหญ่|ประธาน"
    "|กะ(?=พี่|น้อง|ลุง|ป้า|น้า|ยาย|ตา|แม่|พ่อ|ก๊ะ|แบ|เมาะ|เปาะ|บัง)|หูตึง|หูหนวก|ขาขาด|ขาหัก|ขาเจ็บ|แขนหัก|ตาบอด|ตามัว|ตาเป็น|ตามอง|ท้องแก่|หมดแล้ว|หน่อย|ลำบาก|ตกงาน|ว่างงาน|จน"
    "|กรีด|ตก|ร้าน|เรือ|แหลง|ลาก|จับ|ยิง|ปลอด|แพ้|เจ็บ|ผ่าตัด|คลอด|แก่|ห้าม|หนี|เข็น|เดือน|ทอด|ต้ม|เย็บ|ชรา|อาศัย|สมัคร|หยุด|เฝ้า"
)
_ATTACHED = re.compile("[ะ-ฺๅ-๎ำา]")  # signs that no word begins with
_LONG_VERB = 5  # letters from which a verb in a run is no accident
_LEADING = "เแโใไ"
_NO_GIVEN = {
    "ใจดี", "ใจบุญ", "รุ่นแรก", "รุ่น", "กลาง", "มลายู", "ไทย", "พื้นบ้าน", "โบราณ", "อาสา", "ดี", "ชำนาญ", "อาวุโส", "หญิง", "ชาย", "เก่า", "ใหม่", "คนแก่",  # noqa: E501
    "ประจำ", "พิเศษ", "ท้องถิ่น", "อิสลาม", "มุสลิม", "สูงวัย", "วิชาชีพ", "อัตรา", "อนามัย", "ดอย", "ศาสนา", "สุขภาพ", "ปฐมวัย",  # noqa: E501
    "ภาษา", "เก่ง", "สมัคร", "จิตอาสา", "เกษตร", "ยาง", "ช้าง", "ม้า", "ปลา", "นก", "น้ำ", "สาว", "เขย", "เลี้ยง", "แก่",  # noqa: E501
}  # fmt: skip


@cache
def _of_the_region() -> dict[str, str]:
    """Return given names and nicknames of the region and their kind."""
    import csv
    from importlib import resources

    source = resources.files("evallib") / "reference" / "names_of_the_region.csv"
    rows = csv.DictReader(source.read_text(encoding="utf-8").splitlines())
    return {row["name"]: row["kind"] for row in rows}


@cache
def _dictionary() -> frozenset[str]:
    from pythainlp.corpus import thai_words

    return frozenset(thai_words())


@lru_cache(maxsize=65536)
def word_length(run: str) -> int:
    """Return the length of the longest word of the dictionary that a run of letters begins with.

    Examples
    --------
    >>> word_length("ตาข่ายกันนก"), word_length("ลุงหวาน")
    (6, 3)
    """
    words = _dictionary()
    for end in range(len(run), 1, -1):
        if run[:end] in words and _is_edge(run, end):
            return end
    return 0


def is_everyday(letters: str) -> bool:
    """Tell whether letters are a word that is used every day.

    Examples
    --------
    >>> is_everyday("ถนน"), is_everyday("ขข")
    (True, False)
    """
    return _lexicons()[2].get(letters, 0) >= _COMMON_FROM


def _is_edge(run: str, end: int) -> bool:
    return end == len(run) or (not _ATTACHED.match(run[end]) and run[end - 1] not in _LEADING)


@lru_cache(maxsize=65536)
def given_length(
    run: str, *, loose: bool = False, malay: bool = False, spaced: bool = False
) -> int:
    """Return how many letters of a run are a given name, 0 when it begins with none.

    Parameters
    ----------
    run : str
        Thai letters without a space, from where the name would begin.
    loose : bool, default False
        Letters that are no words at all are a name too.
    malay : bool, default False
        Only Malay names count: the word before them is one of Malay, and short.
    spaced : bool, default False
        A space stands before the run: the name must then be one that no sentence uses.

    Examples
    --------
    >>> given_length("สมหมายให้ตาม"), given_length("ขายผัก"), given_length("หงีดบอก", loose=True)
    (6, 0, 4)
    """
    longest = word_length(run)
    for end in range(min(len(run), 18), 1, -1):
        word, rest = run[:end], run[end:]
        if not _is_edge(run, end) or word in _NO_GIVEN or _holds_verb(word):
            continue
        follows = not rest or _FOLLOWS.match(rest) is not None
        if not follows and (end < 3 or end < longest or not word_length(rest)):
            continue
        if rest and _cuts_verb(run, end):
            continue
        if _is_malay(word):
            return end
        sure = _strength(word) == "name" and not _STOP.match(word)
        called = follows and not spaced and word in _of_the_region()
        unknown = loose and follows and not spaced and end <= 8 and _is_no_word(word)
        if not malay and (sure or called or unknown):
            return end
    return 0


def _is_malay(word: str) -> bool:
    if _of_the_region().get(word) == "malay":
        return True
    return bool(_MALAY.match(word)) and _strength(word) == "name" and not _STOP.match(word)


def _holds_verb(word: str) -> bool:
    """Tell whether letters that no lexicon knows go on into the sentence behind a name."""
    given, family, _ = _lexicons()
    if (verb := _FOLLOWS.match(word)) and _FOLLOWS.fullmatch(word, verb.end()):
        return True
    if word in given or word in family or word in _of_the_region():
        return False
    inner = (_FOLLOWS.match(word, at) for at in range(2, len(word) - 2) if _is_edge(word, at))
    return any(
        verb and (len(verb[0]) > 2 or verb[0] == "ขอ") and verb[0] != "และ" for verb in inner
    )


def _cuts_verb(run: str, end: int) -> bool:
    """Tell whether a verb behind the name would be torn: ซิดะทะ|เลาะ."""
    verbs = (_FOLLOWS.match(run, at) for at in range(max(2, end - 6), end) if _is_edge(run, at))
    return any(verb and verb.end() > end and len(verb[0]) >= _LONG_VERB for verb in verbs)


def _is_no_word(word: str) -> bool:
    """Tell whether letters cannot be cut into words of the dictionary."""
    words, ends = _dictionary(), {0}
    for end in range(2, len(word) + 1):
        if any(word[start:end] in words for start in ends if end - start > 1):
            ends.add(end)
    return len(word) not in ends and not _STOP.match(word) and not _FOLLOWS.match(word)


@lru_cache(maxsize=65536)
def family_length(given: str, run: str) -> int:
    """Return how many letters of a run are the family name behind a given name, or 0.

    Examples
    --------
    >>> family_length("ฮาซัน", "สาและขอพัดลม"), family_length("ฮาซัน", "ขอพัดลม")
    (5, 0)
    """
    for end in range(min(len(run), 20), 1, -1):
        if not _is_edge(run, end) or (run[end:] and not _FOLLOWS.match(run[end:])):
            continue
        if _holds_verb(run[:end]):
            continue
        if not run[end:] and _FOLLOWS.match(run) and _strength(run) != "name":
            continue
        if is_relative(given, run[:end]) or run[:end] in _of_the_region():
            return end
        if _is_no_word(run[:end]):
            return end
    return 0


@lru_cache(maxsize=65536)
def known_length(run: str) -> int:
    """Return the length of the longest given name of the lexicons that a run begins with.

    Examples
    --------
    >>> known_length("สมหมายพาไป"), known_length("กว้านซื้อ")
    (6, 0)
    """
    given = _lexicons()[0]
    for end in range(min(len(run), 18), 1, -1):
        if (run[:end] in given or run[:end] in _of_the_region()) and _is_edge(run, end):
            return end
    return 0


@lru_cache(maxsize=65536)
def is_prose(run: str) -> bool:
    """Tell whether letters begin with a verb and go on in words, and with no given name.

    Examples
    --------
    >>> is_prose("ขึ้นทะเบียนได้"), is_prose("มีนา")
    (True, False)
    """
    verb = _FOLLOWS.match(run)
    if verb is None or known_length(run) > len(verb[0]) or run in _lexicons()[1]:
        return False
    return word_length(run[verb.end() :]) > 0


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


def begins_no_clause(word: str) -> bool:
    """Tell whether a word is neither a verb nor an office that goes on with a sentence.

    Examples
    --------
    >>> begins_no_clause("สว่างจิต"), begins_no_clause("ขาดคน"), begins_no_clause("ขอชุดใหม่")
    (True, True, False)
    """
    return not _STOP.match(word) and not _FOLLOWS.match(word)


def is_family_name(word: str) -> bool:
    """Tell whether a word is a family name by the lexicons and no everyday word.

    Examples
    --------
    >>> is_family_name("แก้วทอง"), is_family_name("ชลประทาน")
    (True, False)
    """
    return _FULL.fullmatch(word) is not None and not _STOP.match(word) and _strength(word) == "name"


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
