"""Damage to files and to cells, as transmission, programs, people and attackers do it."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import random

BYTES = (
    b"\0", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b",", b"\r", b"\n", b"\t", b"<", b">", b"&", b"'",
    b"<td>", b"</td>", b"<tr>", b"<table>", b"</table>", b' rowspan="999"', b' colspan="-1"',
    b' colspan="0"',
    ' colspan="²"'.encode(), b"<!--", b"<script>", b"&#0;", b"&#x110000;", b"<![CDATA[", b"]]>",
    b'<!DOCTYPE a [<!ENTITY b "c">]>', b"&b;", b' ss:Index="0"', b' ss:Index="99999999"',
    b' ss:MergeDown="4000000000"', b"XFD1048576", b"A0", b"AAAAAA1", b' t="s"', b' t="d"',
    b"<v>1e999</v>", b"<v>-1</v>", b"<f>A1</f>", b' hidden="1"', b"sep=;\n", b"sep=\n",
    "ที่".encode(), "รวม".encode(), "ลงชื่อ".encode(), "ที่".encode("cp874"), b"\xe0\xb8", b"PK\3\4",
    b"\xed\xa0\x80", b"\xf4\x90\x80\x80", b'<mergeCell ref="A1:B2"/>', b'<mergeCell ref="B2:A1"/>',
)  # fmt: skip
TEXTS = (
    "0", "1", "9", "๑", "๙", "０", "٣", "²", "½", "-", "–", "/", ".", ",", "(", ")",
    "%", "+", "'", "=", " ", "\u00a0", "\u200b", "\u202e", "\n", "\ufeff", "\x00",
    "e", "E9", "ๆ", "ฯ", "ํ", "า", "เ", "ๅ", "บาท", "ล้าน", "พัน", "แสน", "ล้านบาท",
    "สตางค์", "ถ้วน", "เอ็ด", "ยี่", "สิบ", "ร้อย", "ครึ่ง", "ถึง", "ประมาณ",
    "ไม่ระบุ", "-", "n/a", "#REF!", "ม.ค.", "กุมภาพันธ์", "พ.ย.", "พฤศภาคม", "feb",
    "ปี", "พ.ศ.", "ค.ศ.", "ปีงบประมาณ", "ไตรมาสที่", "Q3", "เดือน", "31", "29",
    "2565", "2022", "65", "30/2/", "2565-02-29", "T00:00:00", "99999999999999999999",
    "1e308", "inf", "nan", "๒๕๖๕", "1,2,3", "1.200.000", "(cid:1)",
)  # fmt: skip


def damage_bytes(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    """Return a file with one to six damages; in an archive mostly in the part of it."""
    if content[:2] == b"PK" and rng.random() < 0.8:
        return _damage_part(content, others, rng)
    return _damage(content, others, rng)


def damage_text(text: str, others: list[str], rng: random.Random) -> str:
    """Return a cell with one to six damages."""
    for _ in range(rng.randint(1, 6)):
        at, until = sorted(rng.randint(0, len(text)) for _ in range(2))
        until = min(until, at + rng.choice((1, 1, 2, 8)))
        kind = rng.randrange(6)
        if kind == 0:
            text = text[:at] + text[until:]
        elif kind == 1:
            text = text[:at] + text[at:until] * rng.randint(2, 4) + text[until:]
        elif kind == 2:
            other = rng.choice(others)
            text = text[:at] + other[rng.randint(0, len(other)) :]
        elif kind == 3:
            text = text[:at] + chr(
                rng.choice((rng.randint(0x0E00, 0x0E5F), rng.randint(1, 0x2FFF)))
            )
        else:
            text = text[:at] + rng.choice(TEXTS) + text[until if kind == 4 else at :]
    return text[:400]


def _damage(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    for _ in range(rng.randint(1, 6)):
        at, until = sorted(rng.randint(0, len(content)) for _ in range(2))
        until = min(until, at + rng.choice((1, 2, 16, 400)))
        kind = rng.randrange(7)
        if kind == 0:
            content = content[:at] + content[until:]
        elif kind == 1:
            content = content[:at] + content[at:until] * rng.choice((2, 3, 50)) + content[until:]
        elif kind == 2:
            other = rng.choice(others)
            content = content[:at] + other[rng.randint(0, len(other)) :]
        elif kind == 3:
            content = content[:at] + bytes([rng.randrange(256)]) + content[at + 1 :]
        elif kind == 4:
            content = content[:at]
        else:
            content = content[:at] + rng.choice(BYTES) + content[until if kind == 5 else at :]
    return content[:200_000]


def _damage_part(content: bytes, others: list[bytes], rng: random.Random) -> bytes:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            parts = {name: archive.read(name) for name in archive.namelist()}
    except (zipfile.BadZipFile, zlib.error, OSError, ValueError, NotImplementedError, RuntimeError):
        return _damage(content, others, rng)
    if not parts:
        return content
    name = rng.choice(sorted(parts))
    parts[name] = _damage(parts[name], list(parts.values()), rng)
    held = io.BytesIO()
    with zipfile.ZipFile(held, "w", zipfile.ZIP_DEFLATED) as archive:
        for part, data in parts.items():
            archive.writestr(zipfile.ZipInfo(part.replace("\0", "") or "x"), data)
    return held.getvalue()
