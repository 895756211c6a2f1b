"""Points on the map, in every way of writing them: degrees, minutes, links, plus codes, metres."""

from __future__ import annotations

import re
from collections.abc import Iterator

Spans = Iterator[tuple[int, int, str]]

_DEGREE = r"\d{1,3}\.\d{3,}"
_SIDE = r"(?:[NEne](?![a-z])|เหนือ|ตะวันออก)"
_AXIS = r"(?:lat(?:itude)?|lon(?:g(?:itude)?)?|lng|แลต|ลอง|ละติจูด|ลองจิจูด|ลองติจูด)"
# Between two numbers of a pair: signs, sides of the world, names of axes.
_BETWEEN = rf"(?:\s*[°ºNE,;:/=|()]|\s-\s|\s*{_AXIS}\.?|\s*เหนือ|\s*ตะวันออก|\s*(?:กับ|คือ|ส่วน|และ)|\s){{1,8}}\s*"  # noqa: E501
_PAIR = re.compile(
    rf"(?<![\d,])(?<!\d\.)(?:[NE] ?)?(?P<a>{_DEGREE})(?P<between>{_BETWEEN})(?P<b>{_DEGREE})(?:\s*[°º]?\s*{_SIDE})?(?![\d.])",  # noqa: E501
    re.IGNORECASE,
)
_ALONE = re.compile(rf"(?<![a-z]){_AXIS}[^\d\n]{{0,12}}(?P<n>{_DEGREE})(?![\d.])", re.IGNORECASE)
_MINUTES = re.compile(
    r"(?<![\d.])\d{1,3} ?(?:[°º˚]|องศา) ?\d{1,2}(?:\.\d+)? ?(?:['′’‘`]|ลิปดา)"
    r"(?: ?\d{1,2}(?:\.\d+)? ?(?:[\"″”“]|['′’]{2}|[พฟ]ิลิปดา)?)?"
    r"(?: ?(?:[NESWnesw](?![a-z])|เหนือ|ตะวันออก))?"
)
_LINK = re.compile(
    r"(?:https?://)?(?:www\.)?(?:(?:maps\.app\.)?goo\.gl(?:/maps)?/|g\.co/maps?/|maps\.apple\.com/|plus\.codes/|waze\.com/"
    r"|what3words\.com/|w3w\.co/|openstreetmap\.org/|google(?:\.[a-z]{2,3}){1,2}/maps|maps\.google(?:\.[a-z]{2,3}){1,2})"
    r"[!-~]*",
    re.IGNORECASE,
)
_PLUS = re.compile(
    r"(?<![A-Za-z0-9])(?=[0-9+]*[A-Z])(?:[23456789CFGHJMPQRVWX]{4}){1,2}\+[23456789CFGHJMPQRVWX]{2,3}(?![A-Za-z0-9])"
)
_METRES = r"(?:[XYEN]\s*[:=]?\s*)?0?\d{6}(?:\.\d+)?\s*(?:m\.?)?\s*E?"
_UTM = re.compile(
    rf"(?:utm|โซน|zone|พิกัด|(?<![a-z])x\s*[:=]|(?=4[78] ?[NPQ]))[^\d\n]{{0,12}}?"
    rf"(?P<utm>(?<!\d)(?:4[78] ?[NPQ]?[\s,:]{{0,3}})?{_METRES}[\s,;/]+(?:[YN]\s*[:=]?\s*)?0?\d{{6,7}}(?:\.\d+)?(?: ?[mN])?)(?!\d)"  # noqa: E501
    rf"|(?<![A-Za-z])(?P<plain>[XE]\s*[:=]?\s*\d{{6}}(?:\.\d+)?[\s,;/]+[YN]\s*[:=]?\s*\d{{6,7}}(?:\.\d+)?)(?!\d)"
    r"|(?<!\d)(?P<grid>4[78] ?[NP] ?(?-i:[A-Z]{2}) ?\d{3,5} ?\d{3,5})(?!\d)",
    re.IGNORECASE,
)
_SAID = re.compile(rf"พิกัด|พก\.|gps|{_AXIS}|ตำแหน่ง|โลเค|หมุด|location|wgs", re.IGNORECASE)
_HOME = re.compile(
    r"บ้าน(?=ผู้|ยาย|ตา|ลุง|ป้า|ครู|นาย|นาง|ยากจน|ยากไร้|ของ|พัก|เลขที่|\s*$|\s*[\d(:])|ที่พัก|ที่อยู่|อาศัย|ผู้ป่วย|คนพิการ|ผู้พิการ|ครัวเรือน|\[ปกปิด\]"
)
_LATITUDES, _LONGITUDES = (1.0, 21.0), (97.0, 106.0)  # of Thailand and of the states south of it


def find_points(text: str, *, public: bool = False) -> Spans:
    """Yield start, end and kind of each point on the map.

    Parameters
    ----------
    text : str
        Normalised text.
    public : bool, default False
        The text is about works of an agency: points stay unless a word says that it is a home.

    Examples
    --------
    >>> text = "พิกัดถังขยะ 6.5412,101.2812"
    >>> list(find_points(text)), list(find_points(text, public=True))
    ([(12, 27, 'point')], [])
    """
    found = [match.span() for p in (_LINK, _MINUTES, _PLUS) for match in p.finditer(text)]
    found += [match.span(match.lastgroup or 0) for match in _UTM.finditer(text)]
    found += [match.span() for match in _PAIR.finditer(text) if _is_pair(text, match)]
    found += [match.span("n") for match in _ALONE.finditer(text)]
    for start, end in sorted(set(found), key=lambda span: (span[0], -span[1])):
        if not public or _of_a_home(text, start, end):
            yield start, end, "point"


def _is_pair(text: str, match: re.Match[str]) -> bool:
    """Tell whether two numbers are a latitude and a longitude of this part of the world."""
    low, high = sorted((float(match["a"]), float(match["b"])))
    if not (_LATITUDES[0] <= low <= _LATITUDES[1] and _LONGITUDES[0] <= high <= _LONGITUDES[1]):
        return False
    joined = re.search("กับ|และ|คือ|ส่วน", match["between"]) is not None
    exact = all(len(match[side].partition(".")[2]) >= 4 for side in "ab")
    said = _SAID.search(text, max(0, match.start() - 40), match.end()) is not None
    return said or (exact and not joined)


def _of_a_home(text: str, start: int, end: int) -> bool:
    return bool(
        _HOME.search(text[max(0, start - 60) : start]) or _HOME.search(text[end : end + 25])
    )
