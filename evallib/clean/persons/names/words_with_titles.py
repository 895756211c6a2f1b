"""Words that begin like a title and name nobody; public things; titles that stand alone."""

from __future__ import annotations

import re
from functools import cache

from evallib.clean.persons.names.lexicon import (
    begins_no_clause,
    is_family_name,
    is_person,
    known_length,
    word_length,
)

_TITLES = ("นาย", "นาง")
# Used every day in the area or of old in tales, and not in the list of words.
_MORE_WORDS = (
    "นายทวาร", "นายท้ายเรือ", "นายวง", "นายโรง", "นายหมวด", "นายคลัง", "นายไปรษณีย์", "นายประตู", "นายสนาม", "นายบ่อน", "นายกอง", "นายตลาด", "นายเรือ",  # noqa: E501
    "นางครวญ", "นางอั้ว", "นางทาส", "นางแก้ว", "นางเงือก", "นางมโนราห์", "นางตะเคียน", "นางไม้", "นางมาร", "นางร้าย", "นางพิม", "นางบุญ", "นางกอง", "นางโชว์", "นางนวลบิน", "นางไห้",  # noqa: E501
)  # fmt: skip
# The list of words has these too, and people are called so: their regular titles decide.
_NAMES_TOO = {"นายก", "นายแพทย์", "นางสาว", "นางจรัล", "นางชม", "นางล้อม", "นางแนบ", "นางเรียง", "นางจุม", "นางนูน", "นางแก้ว", "นางพิม", "นางบุญ", "นางสะ", "นางนวล", "นางอ้อม"}  # fmt: skip  # noqa: E501
_LETTER = "[ก-ฮะ-ฺเ-ๅ็-์]"
_RUN = re.compile(f"{_LETTER}{{3,40}}")
_FAMILY = re.compile(f" ({_LETTER}{{2,20}})(?!{_LETTER})")
_LONGEST_GIVEN = 9  # letters that a given name has at most where a family name decides
_SHORT_REST = 4  # letters behind the word that with it are a name: รำไพ
_PUBLIC = re.compile(
    r"(?:มัสยิด|สุเหร่า|บาลาเซาะฮ?|อาคาร(?:เรียน|อเนกประสงค์)?|โรงเรียน|รร\.|วิทยาลัย|ห้องสมุด|หอประชุม"
    r"|ถนน|ถ\.|ซอย|ซ\.|ตรอก|สามแยก|สี่แยก|แยก|วงเวียน|สะพาน|วัด|คลอง|ห้วย|ลำราง|ฝาย|หมู่บ้าน|ชุมชน|มูลนิธิ|อนุสาวรีย์|กุโบร์|กูโบร์|ศาลเจ้า|ศาล|ค่าย)(?:คุณ|ท่าน)?$"
)
_VILLAGE = re.compile("บ้าน$")
_SAYS_VILLAGE = re.compile(
    f"{_LETTER}{{0,14}}?\\s?(?:เป็น|คือ)?ชื่อ(?:ของ)?(?:หมู่)?บ้าน(?!{_LETTER}*ของ(?:เขา|นาย))"
)
_LISTED = re.compile(
    r"(?:นาย|นาง(?:สาว)?|น\.ส\.|ด\.[ชญ]\.|เด็ก(?:ชาย|หญิง)|คำนำหน้า(?:ชื่อ|นาม)?|คำว่า|ยศ)(?:\s*[/,]\s*|\s*(?:หรือ|กับ|และ)\s*|\s+)$"
)
_GIVEN = re.compile(f"\\s*({_LETTER}{{2,25}})")


@cache
def _words() -> frozenset[str]:
    """Return the words of the dictionary that begin with a title and are no name."""
    from pythainlp.corpus import thai_words

    found = {word for word in thai_words() if word.startswith(_TITLES)} | {*_MORE_WORDS}
    return frozenset(w for w in found if w not in _NAMES_TOO and not w.startswith("นายก"))


def is_word_with_title(text: str, start: int) -> bool:
    """Tell whether a title is the beginning of a word such as นายทุน, whatever follows the word.

    Parameters
    ----------
    text : str
        Normalised text.
    start : int
        Where the title begins.

    Examples
    --------
    >>> is_word_with_title("นายทุนกว้านซื้อ", 0), is_word_with_title("นางรำไพ สว่างจิต", 0)
    (True, False)
    """
    run = _RUN.match(text, start)
    if run is None:
        return False
    letters, title = run[0], len(_TITLES[0])
    words = _words()
    end = next((n for n in range(len(letters), title, -1) if letters[:n] in words), 0)
    if not end or known_length(letters[title:]) > end - title:
        return False
    rest = letters[end:]
    if rest and (not word_length(rest) or is_person(rest)):
        return False
    family = _FAMILY.match(text, run.end())
    short = len(letters) - title <= _LONGEST_GIVEN
    if family is None or not short:
        return True
    surnamed = 0 < len(rest) <= _SHORT_REST and begins_no_clause(family[1])
    return not (surnamed or is_family_name(family[1]))


def is_public_thing(text: str, start: int) -> bool:
    """Tell whether what begins here is the name of a mosque, a road or a village.

    Parameters
    ----------
    text : str
        Normalised text.
    start : int
        Where a title begins.

    Examples
    --------
    >>> is_public_thing("ถนนหะยีสุหลง", 3), is_public_thing("สวนหะยีสุหลง", 3)
    (True, False)
    """
    left = text[max(0, start - 16) : start]
    if _PUBLIC.search(left):
        return True
    return bool(_VILLAGE.search(left) and _SAYS_VILLAGE.match(text, start))


def is_bare_title(text: str, start: int, end: int) -> bool:
    """Tell whether a title is spoken of as a title, or stands in a list of titles.

    Parameters
    ----------
    text : str
        Normalised text.
    start, end : int
        Where the title begins and ends.

    Examples
    --------
    >>> is_bare_title("นาย นาง ในใบสมัคร", 4, 7), is_bare_title("นาย นาง สมศรี ใจดี", 4, 7)
    (True, False)
    """
    if not _LISTED.search(text[max(0, start - 16) : start]):
        return False
    given = _GIVEN.match(text, end)
    return given is None or not known_length(given[1])
