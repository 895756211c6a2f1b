"""The last scan of finished text for numbers and addresses that identify a person."""

from __future__ import annotations

import html
import json
import re
import zipfile
from pathlib import Path
from typing import TYPE_CHECKING, Any

from evallib.errors import NotFound, RefusedFile
from evallib.findings import Finding
from evallib.thai.citizen_numbers import is_national_id
from evallib.thai.signs import ARABIC_OF_THAI, INVISIBLE

if TYPE_CHECKING:
    from collections.abc import Iterator


# written otherwise, meant the same; what is invisible becomes nothing
PLAIN = (
    ARABIC_OF_THAI
    | {chr(0xFF10 + i): str(i) for i in range(10)}
    | {"＠": "@", "．": ".", "－": "-", "＋": "+"}
    | dict.fromkeys("\u2010\u2011\u2012\u2013\u2014\u2212", "-")
    | dict.fromkeys("\u00a0\u2007\u2009\u202f", " ")
    | dict.fromkeys(INVISIBLE + "\u200e\u200f", "")
)
BLOB = re.compile(r"[A-Za-z0-9+/](?<![A-Za-z0-9+/]{2})[A-Za-z0-9+/]{119,}+={0,2}")

END = r"(?![0-9A-Za-z_])(?!\.[0-9])"
CODE_END = END + r"(?!-[0-9A-Za-z])"


def _alone(first: str) -> str:
    """Return a pattern of a first character that continues no word, hash, decimal or code.

    The character comes before the look behind, so that the search jumps from one to the next.
    """
    return rf"{first}(?<![0-9A-Za-z_#]{first})(?<![0-9]\.{first})(?<![0-9A-Za-z][\-/]{first})"


NATIONAL_ID = re.compile(
    _alone("[0-8]")
    + r"(?:[0-9]{12}|-[0-9]{12}|([ \-.])[0-9]{4}\1[0-9]{5}\1(?:[0-9]{3}|[0-9]{2}\1[0-9]))"
    + CODE_END
)
ID_WORDS = (
    "ประชาชน", "ประจำตัว", "เลขบัตร", "13 หลัก", "National ID", "national ID", "national id",
    "Citizen ID", "citizen ID", "citizen id", "ID card",
)  # fmt: skip
NAMED_ID = re.compile(r"[^0-9\n]{0,40}([0-9](?:[ .\-]{0,3}[0-9]){12})(?![0-9])")
MOBILE = r"[689](?:[0-9]{8}|(?:[\-.]?[0-9]){8}|[0-9][ \-][0-9]{3}[ \-]?[0-9]{4}|[0-9][ \-][0-9]{4}[ \-]?[0-9]{3}|[ \-][0-9]{4}[ \-][0-9]{4})"  # noqa: E501
FIXED = r"(?:2[ \-.)]{0,2}|[3-57][0-9]?[ \-.)]{0,2})[0-9]{3,4}[ \-.]?[0-9]{3,4}"
LOCAL_PHONE = re.compile(
    _alone("0") + rf"(?:066[ \-.]?\(?0?\)?[ \-.]?)?[ \-]?(?:{MOBILE}|{FIXED}){END}"
)
WORLD_PHONE = re.compile(rf"\+66[ \-.]?\(?0?\)?[ \-.]?(?:{MOBILE}|{FIXED}){END}")
ACCOUNT = re.compile(_alone("[0-9]") + r"[0-9]{2}([ \-])[0-9]\1[0-9]{5}\1[0-9]" + CODE_END)
ACCOUNT_WORDS = (
    "บัญชี", "บ/ช", "บช.", "พร้อมเพย์", "promptpay", "PromptPay", "Promptpay", "account", "Account",
    "acct", "Acct", "A/C", "a/c",
)  # fmt: skip
NAMED_ACCOUNT = re.compile(
    r"[^0-9\n,]{0,40}([0-9](?:-?[0-9]){9,14})" + END + r"(?!,[0-9])(?! ?(?:บาท|[Bb]aht|ล้าน|THB))"
)
MAIL_LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._%+-"
MAIL_AFTER = re.compile(r" ?((?:[A-Za-z0-9\-]{1,63}\.){1,8}([A-Za-z]{2,24}))(?![A-Za-z0-9])")
NOT_MAIL = {"png", "jpg", "jpeg", "svg", "gif", "webp", "css", "js", "py", "html", "json", "md"}


def scan_text(text: str, *, where: str = "") -> list[Finding]:
    """Find what identifies a person in a finished text.

    Looks for 13-digit national ids (with a valid check digit, or named as such), Thai telephone
    numbers, e-mail addresses and bank accounts, in Arabic, Thai or full-width digits, grouped as
    people group them. Long base64 blobs such as pictures are passed over.

    Parameters
    ----------
    text : str
        Text of any size; the cost grows with its length only.
    where : str, optional
        Name of the file, which the findings repeat.

    Returns
    -------
    list of Finding
        ``privacy.scan_national_id``, ``.scan_phone``, ``.scan_email`` or ``.scan_bank_account``
        (error), by position. ``where`` is ``<file> | line <n> | column <n>``; ``value`` is the
        written form with every letter and digit blotted out.

    Examples
    --------
    >>> [(f.code, f.value) for f in scan_text("โทร ๐๘๑-๒๓๔-๕๖๗๘ ตำบล 940101")]
    [('privacy.scan_phone', 'xxx-xxx-xxxx')]
    """
    plain = BLOB.sub(_blank, _plain(text))
    hits = sorted(set(_hits(plain)))
    findings, reached = [], 0
    line, line_start, counted = 1, 0, 0
    for start, end, code in hits:
        if start < reached:
            continue  # one number may fit two forms; it is reported once, as the first
        reached = end
        line += plain.count("\n", counted, start)
        line_start = max(line_start, plain.rfind("\n", counted, start) + 1)
        counted = start
        place = f"line {line} | column {start - line_start + 1}"
        blotted = re.sub(r"[^\W_]", "x", plain[start:end])
        findings.append(Finding(code, "error", f"{where} | {place}" if where else place, blotted))
    return findings


def _plain(text: str) -> str:
    if text.isascii():
        return text
    for written, meant in PLAIN.items():
        if written in text:
            text = text.replace(written, meant)
    return text


def _blank(blob: re.Match[str]) -> str:
    return " " * len(blob.group())


def _hits(text: str) -> Iterator[tuple[int, int, str]]:
    for match in NATIONAL_ID.finditer(text):
        if is_national_id(_digits(match.group())):
            yield *match.span(), "privacy.scan_national_id"
    for span in _named(text, ID_WORDS, NAMED_ID):
        yield *span, "privacy.scan_national_id"
    for pattern, prefix in ((LOCAL_PHONE, "0066"), (WORLD_PHONE, "66")):
        for match in pattern.finditer(text):
            number = "0" + _digits(match.group()).removeprefix(prefix).lstrip("0")
            wanted = 10 if number[1] in "689" else 9
            if len(number) == wanted:
                yield *match.span(), "privacy.scan_phone"
    for match in ACCOUNT.finditer(text):
        yield *match.span(), "privacy.scan_bank_account"
    for span in _named(text, ACCOUNT_WORDS, NAMED_ACCOUNT):
        yield *span, "privacy.scan_bank_account"
    yield from _mail(text)


def _named(text: str, words: tuple[str, ...], number: re.Pattern[str]) -> Iterator[tuple[int, int]]:
    """Find numbers soon after a word that names them; words are sought far faster one by one."""
    for word in words:
        at = text.find(word)
        while at >= 0:
            match = number.match(text, at + len(word))
            if match:
                yield match.span(1)
            at = text.find(word, at + len(word))


def _mail(text: str) -> Iterator[tuple[int, int, str]]:
    at = text.find("@")
    while at >= 0:
        before = text[max(0, at - 65) : at].rstrip(" ")
        name = len(before) - len(before.rstrip(MAIL_LETTERS))
        after = MAIL_AFTER.match(text, at + 1) if name else None
        if after and after.group(2).lower() not in NOT_MAIL:
            start = max(0, at - 65) + len(before) - name
            yield start, after.end(), "privacy.scan_email"
        at = text.find("@", at + 1)


def _digits(written: str) -> str:
    return re.sub(r"[^0-9]", "", written)


TEXTS = frozenset({".csv", ".tsv", ".txt", ".md", ".svg", ".xml", ".toml", ".log", ".typ"})
PAGES = frozenset({".html", ".htm"})
TREES = frozenset({".json", ".ipynb"})
BOOKS = frozenset({".xlsx", ".docx"})
TAG = re.compile(r"<[^<>]*>")
SCANNED = TEXTS | PAGES | TREES | BOOKS


def scan_file(path: str | Path) -> list[Finding]:
    """Find what identifies a person in a finished file.

    Parameters
    ----------
    path : path
        A report, its notebook, data or workbook: HTML, JSON, ipynb, CSV, text, SVG, xlsx, docx.

    Returns
    -------
    list of Finding
        As ``scan_text`` gives them; ``where`` begins with the name of the file, without folders.

    Raises
    ------
    NotFound
        There is no such file.
    RefusedFile
        The file is of another kind, or is not what its suffix says, so that nothing can be
        vouched for.

    Examples
    --------
    >>> import tempfile
    >>> file = Path(tempfile.mkdtemp()) / "report.json"
    >>> _ = file.write_text('["081-234-5678"]')
    >>> scan_file(file)[0].where
    'report.json | line 1 | column 1'
    """
    file = Path(path)
    if not file.is_file():
        raise NotFound("privacy.no_file", found=file.name)
    try:
        text = _text(file)
    except (ValueError, zipfile.BadZipFile) as error:  # undecodable, not JSON, not a workbook
        raise RefusedFile("privacy.unscannable", found=file.name) from error
    return scan_text(text, where=file.name)


def _text(file: Path) -> str:
    suffix = file.suffix.lower()
    if suffix in BOOKS:
        return "\n".join(_parts(file))
    if suffix not in SCANNED:
        raise ValueError(suffix)
    text = file.read_text(encoding="utf-8-sig")
    if suffix in PAGES:
        return html.unescape(text)
    if suffix in TREES:
        return "\n".join(_leaves(json.loads(text, parse_float=str)))
    return text


def _leaves(tree: Any) -> Iterator[str]:
    """Yield every key, text and number of a JSON value, in its order."""
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        if isinstance(node, dict):
            waiting.extend(reversed([part for pair in node.items() for part in pair]))
        elif isinstance(node, list):
            waiting.extend(reversed(node))
        elif node is not None:
            yield str(node)


def _parts(file: Path) -> Iterator[str]:
    """Yield the words of each part of a workbook or document; a tag ends a word."""
    with zipfile.ZipFile(file) as book:
        for name in sorted(book.namelist()):
            if name.endswith((".xml", ".rels", ".vml")):
                part = book.read(name).decode("utf-8")
                yield html.unescape(TAG.sub("\n", part))
