"""Bytes to text in the encodings that Thai offices use, and the two ways in which they go wrong.

Detectors of encodings fail on short Thai texts, so the order is fixed: byte order mark, UTF-16
without one, UTF-8, cp874. What was read with the wrong one of them before it was sent, and saved
so, is undone where that is certain.
"""

from __future__ import annotations

import codecs
import re
from collections import Counter

from evallib.errors import RefusedFile
from evallib.findings import Finding

_BOMS = (
    (codecs.BOM_UTF8, "utf-8"),
    (codecs.BOM_UTF32_LE, "utf-32-le"),  # begins like that of UTF-16
    (codecs.BOM_UTF32_BE, "utf-32-be"),
    (codecs.BOM_UTF16_LE, "utf-16-le"),
    (codecs.BOM_UTF16_BE, "utf-16-be"),
)
_HEAD = 4_096
_HALVES = (0x00, 0x0E)  # upper bytes of UTF-16: Latin and Thai; neither occurs in other texts
_THAI = re.compile("[ก-\u0e3a฿-\u0e5b]")
_FOREIGN = re.compile("[^\0-\x7f]")
_THAI_IN_UTF8 = re.compile(rb"\xe0[\xb8\xb9][\x80-\xbf]")
_NON_ASCII = bytes(range(128))
_LINES = re.compile(rb"[^\n]*\n?")
_LATER_SCRIPT = re.compile("[\u0800-\u0dff]")  # what cp874 becomes in the rare case it is UTF-8

# UTF-8 read as cp874: each Thai letter is three signs, the first two of which are เธ or เน. The
# third is a byte from 80 to BF; those that cp874 lacks stay as controls or are lost.
_CONTROLS = {chr(byte): bytes([byte]) for byte in range(0x80, 0xA0)}
_THIRD = "\u0080-\u00a0€…‘’“”•–—ก-ฟ"
_AS_CP874 = re.compile(f"(?:(?:เ[ธน]|โ€)[{_THIRD}])+")
_AS_CP874_LONG = re.compile(f"(?:(?:เ[ธน]|โ€)[{_THIRD}]){{3,}}")  # no Thai word looks like that
_LOST_CP874 = re.compile("เ[ธน][\ufffd?]")
# TIS-620 read as Latin-1: Thai letters become the letters and signs of Western Europe.
_LATIN = "\u0080\u0085\u0091-\u0097\u00a0-\u00da\u00df-\u00fb"
_AS_LATIN, _AS_LATIN_WORD = re.compile(f"[{_LATIN}]+"), re.compile(f"[{_LATIN}]{{2,}}")
_FULL = 10  # letters from which on a file may be said to be full of it


def decode(content: bytes) -> tuple[str, list[Finding]]:
    """Return the text of a file and what was not certain about it.

    Parameters
    ----------
    content : bytes
        A delimited or an HTML file.

    Returns
    -------
    text : str
    findings : list of Finding
        ``read.encoding_guessed``, ``read.encoding_mixed``, ``read.characters_lost``,
        ``read.mojibake_repaired``, ``read.mojibake_lost``; none for a plain file.

    Raises
    ------
    RefusedFile
        ``read.encoding``: no Thai comes out of it; ``read.damaged``: UTF-16 that is cut short.

    Examples
    --------
    >>> decode("ปัตตานี".encode("cp874")), decode("ยะลา".encode("utf-16"))
    (('ปัตตานี', []), ('ยะลา', []))
    >>> text, findings = decode("เธขเธฐเธฅเธฒ".encode())
    >>> text, findings[0].code
    ('ยะลา', 'read.mojibake_repaired')
    """
    for bom, encoding in _BOMS:
        if content.startswith(bom):
            text, findings = _decode_marked(content[len(bom) :], encoding)
            break
    else:
        wide = unmarked_utf16(content[:_HEAD])
        text, findings = _decode_marked(content, wide) if wide else _decode_unmarked(content)
        if wide:
            findings.append(Finding("read.encoding_guessed", "info", "", wide))
    text, undone = _undo(text)
    return text, findings + undone


def unmarked_utf16(head: bytes) -> str | None:
    """Tell whether text without a byte order mark is UTF-16, and of which order.

    Examples
    --------
    >>> unmarked_utf16("ที่,ตำบล".encode("utf-16-le")), unmarked_utf16("ที่,ตำบล".encode())
    ('utf-16-le', None)
    """
    for encoding, upper in (("utf-16-le", head[1::2]), ("utf-16-be", head[::2])):
        lower = head[::2] if encoding == "utf-16-le" else head[1::2]
        if len(upper) < 4 or b"\0" in lower:
            continue
        if sum(map(upper.count, _HALVES)) >= 0.9 * len(upper):
            return encoding
    return None


def _decode_marked(content: bytes, encoding: str) -> tuple[str, list[Finding]]:
    try:
        return content.decode(encoding), []
    except UnicodeDecodeError as error:
        if encoding == "utf-8":  # the mark was put before something else
            text, findings = _decode_unmarked(content)
            return text, [*findings, Finding("read.encoding_guessed", "info", "", "cp874")]
        code = "read.damaged" if error.end >= len(content) - 1 else "read.encoding"
        raise RefusedFile(code, found=encoding) from error


def _decode_unmarked(content: bytes) -> tuple[str, list[Finding]]:
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        pass
    else:
        if not _LATER_SCRIPT.search(text) or _THAI.search(text):
            return text, []
    foreign = len(content.translate(None, _NON_ASCII))
    if 3 * len(_THAI_IN_UTF8.findall(content)) * 50 < foreign:
        text, lost = _decode_cp874(content)
    else:
        return _decode_lines(content)
    if not _is_thai(text):
        raise RefusedFile("read.encoding", found="?")
    return text, _lost(lost)


def _decode_lines(content: bytes) -> tuple[str, list[Finding]]:
    """Decode a file whose lines are of several encodings, or UTF-8 with damaged bytes."""
    parts: list[str] = []
    kinds: Counter[str] = Counter()
    lost = 0
    for line in _LINES.findall(content):
        foreign = len(line.translate(None, _NON_ASCII))
        if not foreign:
            parts.append(line.decode("ascii"))
        elif 6 * len(_THAI_IN_UTF8.findall(line)) >= foreign:  # at least half of it
            text = line.decode("utf-8", "replace")
            parts.append(text)
            lost += text.count("\ufffd")
            kinds["utf-8"] += 1
        else:
            text, n = _decode_cp874(line)
            parts.append(text)
            lost += n
            kinds["cp874"] += 1
    text = "".join(parts)
    if not _is_thai(text):
        raise RefusedFile("read.encoding", found="?")
    shown = ", ".join(f"{kind} {count:,}" for kind, count in sorted(kinds.items()))
    mixed = [Finding("read.encoding_mixed", "warning", "", shown)] if len(kinds) > 1 else []
    return text, mixed + _lost(lost)


def _decode_cp874(content: bytes) -> tuple[str, int]:
    """Return the text and how many bytes of it cp874 does not know."""
    text = content.decode("cp874", "replace")
    return text, text.count("\ufffd")


def _lost(count: int) -> list[Finding]:
    return [Finding("read.characters_lost", "warning", "", f"{count:,}")] if count else []


def _is_thai(text: str) -> bool:
    """Tell whether at least half of what is not ASCII is Thai."""
    return 2 * len(_THAI.findall(text)) >= len(_FOREIGN.findall(text))


def _undo(text: str) -> tuple[str, list[Finding]]:
    """Undo a wrong encoding that was saved: long runs of it, or all in a file full of it."""
    repaired = 0

    def undo_cp874(match: re.Match[str]) -> str:
        nonlocal repaired
        raw = b"".join(_CONTROLS.get(c) or c.encode("cp874") for c in match[0])
        repaired += 1
        return raw.decode("utf-8")

    def undo_latin(match: re.Match[str]) -> str:
        nonlocal repaired
        repaired += 1
        return match[0].encode("latin-1").decode("cp874")

    findings = []
    if "เธ" in text or "เน" in text:
        lost = len(_LOST_CP874.findall(text))
        signs = sum(map(len, _AS_CP874.findall(text))) + 3 * lost
        full = signs >= 3 * _FULL and 2 * signs >= len(_FOREIGN.findall(text))
        text = (_AS_CP874 if full else _AS_CP874_LONG).sub(undo_cp874, text)
        if lost and (full or repaired):
            findings.append(Finding("read.mojibake_lost", "warning", "", f"{lost:,}"))
    elif not _THAI.search(text):
        signs = sum(map(len, _AS_LATIN_WORD.findall(text)))
        if signs >= _FULL and 10 * signs >= 8 * len(_FOREIGN.findall(text)):
            text = _AS_LATIN.sub(undo_latin, text)
    if repaired:
        findings.append(Finding("read.mojibake_repaired", "warning", "", f"{repaired:,}"))
    return text, findings
