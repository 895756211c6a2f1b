"""Which texts may hold an identifier: one quick pass over a column that never misses one.

The pass looks for what every identifier needs: nine digits in a row, a title, a word such as
ติดต่อ before two words, a house number, an address of e-mail. Where it finds none, the patterns of
`identifiers` cannot match either, so they need not be tried. Texts that `normalise_thai` would
change by more than white space always pass, since what is hidden in them shows only afterwards.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from evallib.clean.persons.names_with_titles import OFFICE_WORDS, SPELT_RANKS
from evallib.clean.persons.names_without_titles import EXPECTED, KIN, LATIN, MONKS, OFFICES, PIOUS

if TYPE_CHECKING:
    from collections.abc import Sequence

    import numpy as np
    from numpy.typing import NDArray

_D = "[0-9๐-๙]"
_NOT_D = "[^0-9๐-๙]"
_DASH = r"[\s–—-]"
_BETWEEN = r"[\s().\-/_–—]*"
_L = "[ก-ฮะ-ฺเ-ๅ็-์]"
_FIRST = "[ก-ฮเ-ไ]"
_VOWELS, _TONES = "[ัิ-ฺ็]", "[่-์]"

# Characters and orders of marks that normalising leaves as they are, white space aside.
_IRREGULAR = (
    r"[^\t\n\r -~ก-ฺ฿-ไๆ-์๐-๙–—“”‘’•×°²³≠→≤≥±]", "เเ", f"ำ{_TONES}", f"{_TONES}{_TONES}",
    f"{_VOWELS}{_VOWELS}", f"{_TONES}{_VOWELS}",
)  # fmt: skip
_NUMBERS = (
    f"{_D}(?:{_BETWEEN}{_D}){{12}}",  # 13 digits
    f"(?:^|{_NOT_D})[0๐](?:{_BETWEEN}{_D}){{8}}",  # a telephone begins with 0
    rf"\+\s*{_D}(?:{_BETWEEN}{_D}){{8}}", r"\([6๖][6๖]\)", f"[6๖][6๖][689๖๘๙]{_D}{{8}}",
    f"[A-Za-z]{{2}}{_D}{{7}}",  # a passport
    f"{_D}{{3}}{_DASH}+{_D}{_DASH}+{_D}{{5}}{_DASH}+{_D}",  # a bank account
    rf"{_D}\.{_D}{{4,}}{_NOT_D}+{_D}{{1,3}}\.{_D}{{4,}}", rf"[4๔][7๗]\s*[NPnp]\s*{_D}",
    rf"{_D}/{_D}{{1,3}},?\s*(?:ม\.|หมู่|(?i:moo)|ถ\.|ถนน|ซ\.|ซอย)",
    rf"(?:^|[^ก-๎0-9๐-๙.]){_D}?[ก-ฮ]{{2}}{_DASH}*{_D}{{1,4}}\s*[ก-ฮเ-ไ]",  # a plate
)  # fmt: skip
_NAMED_NUMBERS = (
    rf"(?:โทร|เบอร์|มือถือ|แฟกซ์|ไลน์|(?i:tel|phone|mobile|fax|whatsapp))(?s:.*?){_D}(?:{_BETWEEN}{_D}){{5}}",
    r"(?:บัญชี|บ/ช|บช\.|พร้อมเพย์|สมุดเงินฝาก|กรุงไทย|กสิกร|ไทยพาณิชย์|กรุงเทพ|กรุงศรี|ออมสิน|ธ\.?ก\.?ส|อิสลาม"
    r"|(?i:promptpay|a/c|account|scb|ktb|bbl|kbank|ttb|baac|gsb))"
    f"(?s:.*?){_D}(?:{_DASH}*{_D}){{6}}",
    f"(?:พาสปอร์ต|หนังสือเดินทาง|หนังสือผ่านแดน|(?i:passport))(?s:.*?){_D}{{6}}",
    rf"(?:ทะเบียน(?:รถ)?(?:เลขที่)?|ป้าย(?:ทะเบียน|แดง)?|จยย\.|มอเตอร์ไซค์|จักรยานยนต์)[\s:]*(?:{_D}?[ก-ฮ]{{1,3}}{_DASH}*{_D}|{_D}{{2}}[–—-]{_D}{{4}})",
    rf"(?:เลขที่บ้าน|บ้าน(?:หลัง)?เลขที่|อยู่เลขที่|ภูมิลำเนา|อาศัย(?:อยู่)?ที่|พักอาศัย(?:ที่)?|พักอยู่(?:ที่)?|รหัสประจำบ้าน|(?i:house\s+no\.?|address))[\s:]*{_D}",
    rf"ที่อยู่(?:ปัจจุบัน|ตาม\S*)?(?:เลขที่)?[\s:]*{_D}",
    rf"(?:เกิด(?:วันที่|เมื่อ(?:วันที่)?)?|(?i:born|d\.?o\.?b\.?|birth))[\s:]*(?:(?i:on)\s+)?{_D}",
)
_CONTACTS = (
    "@", r"(?i:\sat\s|[\[({]\s*at)", "แอ[ทด]", r"ไลน์\s*(?:(?i:id)|ไอดี|:|@|[A-Za-z])", r"ไอดี\s*ไลน์", r"(?i:id)\s*ไลน์",  # noqa: E501
    "(?:^|[^A-Za-z])(?i:line|facebook|fb|ig|instagram|tiktok|telegram)(?:[^A-Za-z]|$)", "เฟ[ซส]", "(?i:id\\s*line|lineid)",  # noqa: E501
)  # fmt: skip
_TITLES = (
    "นา[ยง]", "เด็ก(?:ชาย|หญิง)", "แพทย์หญิง", r"น\.\s*ส\.", r"ด\.\s*[ชญ]", r"(?:นส|ดช|ดญ|ดร|นพ|พญ|ทพญ?|สพ|ผศ|รศ)\.",  # noqa: E501
    f"(?:{SPELT_RANKS})", r"[พรสจน]\.\s*[อทตสจ]\s*\.", r"พล\.\s*[ตรอทต]\.", r"ด\.\s*ต\.", f"พระ(?:{MONKS})",  # noqa: E501
    rf"(?:^|[^A-Za-z])(?i:{LATIN})[.\s]", r"ชื่อ[\s-]*(?:นาม)?สกุล\s*:", r"ลงชื่อ\s*[:._]", "ชื่อเล่น", "(?:เรียก|เรียกกันว่า|รู้จักในนาม)(?:เปาะ|บัง|แบ|กะ|ม๊ะ)",  # noqa: E501
    r"\[ปกปิด\]",
)  # fmt: skip


def _raw(pattern: str) -> str:
    """Return a pattern for normalised text as one for raw text, where a space may be wider."""
    return pattern.replace(" ?", r"\s*").replace(" ", r"\s+")


_EXPECTED = (
    rf"(?:{_raw(EXPECTED)})(?:\s*[:=._(]{{1,60}}\s*|\s+){_FIRST}{_L}{{1,19}}\s+{_L}{{2}}",
    rf"(?:^|[^ก-๎]|ติดต่อ|โทรหา)(?:{_raw(KIN).replace('(?!หญิง)', '')})\s*{_FIRST}{_L}{{1,19}}[\s-]+{_L}{{2}}",  # noqa: E501
    rf"(?:^|[^ก-๎]|ติดต่อ|โทรหา)(?:คุณ|ครู|น้อง|อาจารย์)\s*{_FIRST}{_L}{{1,19}}(?:[^ก-ฮะ-ฺเ-ๅ็-์ๆ]|$)",
    rf"(?:{_raw(PIOUS)}|{_raw(OFFICES)}|{_raw(OFFICE_WORDS)})\s*{_FIRST}{_L}{{1,19}}(?:[^ก-ฮะ-ฺเ-ๅ็-์ๆ]|$)",
)


def may_identify(texts: Sequence[str | None]) -> NDArray[np.bool_]:
    """Tell which texts may hold an identifier; False is certain, True is not.

    Parameters
    ----------
    texts : sequence of str or None, length n
        Raw or normalised.

    Returns
    -------
    numpy.ndarray of bool, shape (n,)

    Examples
    --------
    >>> may_identify(["ซ่อมถนนหมู่ 3", "โทร 081-234-5678", None]).tolist()
    [False, True, False]
    """
    import pyarrow as pa  # one column in one call of RE2, whose time grows with length alone
    import pyarrow.compute as pc

    column = pa.array(texts, type=pa.large_string())
    found = pc.fill_null(pc.match_substring_regex(column, _patterns()[0]), False)  # noqa: FBT003
    for pattern in _patterns()[1:]:
        more = pc.fill_null(pc.match_substring_regex(column, pattern), False)  # noqa: FBT003
        found = pc.or_(found, more)
    flags: NDArray[np.bool_] = found.to_numpy(zero_copy_only=False)
    return flags


@cache
def _patterns() -> tuple[str, ...]:
    groups = ((*_IRREGULAR, *_CONTACTS, *_TITLES), _NUMBERS, _NAMED_NUMBERS, _EXPECTED)
    return tuple("|".join(group) for group in groups)
