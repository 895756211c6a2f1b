"""The plain way to repair a text: every repair on every text, until nothing changes."""

import re
import unicodedata

from evallib.thai.text import _INVISIBLE, _MARKS, _SHIFTED, _order_marks, _plain

_REPAIRS = (
    (re.compile("เ(?=เ)(.)"), "แ"),
    (re.compile("(?<=[ก-ฮ\u0e31\u0e34-\u0e3a\u0e47\u0e48-\u0e4d])(?<![ฤฦ])ๅ"), "า"),
    (re.compile("\u0e4d([\u0e31\u0e34-\u0e3a\u0e47\u0e48-\u0e4e]*)า"), "\\1ำ"),
    (re.compile("ำ([\u0e48-\u0e4c]+)"), "\\1ำ"),
    (re.compile(r"\s+"), " "),
    (re.compile(r"(?<=[ก-๎]) ?ๆ"), " ๆ"),
    (re.compile(r"ๆ(?=[ก-ๅเ-์0-9๐-๙A-Za-z])"), "ๆ "),
)  # fmt: skip


def normalise(text: str) -> str:
    while (repaired := _repair(text)) != text:
        text = repaired
    return text


def _repair(text: str) -> str:
    text = _INVISIBLE.sub("", text).translate(_SHIFTED)
    text = unicodedata.normalize("NFC", "".join(map(_plain, text)))
    for wrong, right in _REPAIRS:
        text = wrong.sub(right, text)
    return _MARKS.sub(_order_marks, text).strip()
