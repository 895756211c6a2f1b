"""Words behind letters whose vowels and tone marks a PDF tool has moved or lost."""

from __future__ import annotations

import re
from collections import Counter
from functools import cache, lru_cache

from evallib.places import register
from evallib.thai.text import normalise_thai, skeleton

_MARK = re.compile("[\u0e31\u0e34-\u0e3a\u0e47-\u0e4e]")
_LOST = re.compile(r"\(cid:\d+\)")
_LOST_MARK = "\ufffd"
_SHORT_FORMS = re.compile(r"(?<![ก-๎])(?:[ก-ฮ]{1,4}\.)+ฯ?|ฯ")  # ต. กศน. อบต.: no words
_HELD = 0xE000  # private characters that stand for them meanwhile
_BASE = re.compile("[ก-ะาำเ-ๅ]")
_LETTERS = "ก-ฮะ-\u0e3aเ-ๅ\u0e47-\u0e4e"
_WORD = re.compile(f"([{_LETTERS}\\s{_LOST_MARK}]*)([^{_LETTERS}{_LOST_MARK}]*)")
_TAIL = re.compile(f"[^{_LETTERS}{_LOST_MARK}]*\\Z")
_APART = re.compile("\u0e4dา|า\u0e4d")  # sara am in two parts, in either order
_AM = str.maketrans("ำ", "า")
_UNKNOWN = 4.0  # cost of a letter that belongs to no word
_LONGEST = 24  # letters of a word without its marks
_MOST = 400  # letters of a text: the search is quadratic in words, and titles are shorter


def respell(text: str) -> str | None:
    """Return the text with the words that its letters spell, or ``None`` where it is in order.

    Words of the dictionary of pythainlp and names of the register of places are compared without
    marks. A text is in order when the same words cover it as well with the marks as they stand.

    Parameters
    ----------
    text : str
        Normalised text.

    Returns
    -------
    str or None
        A proposal, never certain: ``None`` also where some letters belong to no word.

    Notes
    -----
    The least costly division into words is found by dynamic programming. A word costs 1, a little
    more when its marks are out of order, and more for each mark that the text has lost. A mark may
    be lost only where a space or ``(cid:N)`` is left in its place, or where า stands for ำ.

    Examples
    --------
    >>> respell("จงัหวดัปตัตานี"), respell("จ านวน"), respell("จังหวัดปัตตานี")
    ('จังหวัดปัตตานี', 'จำนวน', None)
    """
    held = _SHORT_FORMS.findall(text)
    numbers = iter(range(_HELD, _HELD + len(held)))
    broken = _LOST.sub(_LOST_MARK, _SHORT_FORMS.sub(lambda _: chr(next(numbers)), text))
    bases = [i for i, letter in enumerate(broken) if _BASE.match(letter)]
    if not bases or len(bases) > _MOST:
        return None
    cost, respelt = _divide(broken, bases)
    as_it_stands, _ = _divide(broken, bases, exactly=True)
    if respelt is None or cost >= as_it_stands:
        return None
    respelt = respelt.translate(dict(enumerate(held, _HELD)))
    return None if respelt == text else respelt


def is_spelt(text: str) -> bool:
    """Tell whether a text is made of known Thai words of two letters and more, as they stand.

    Examples
    --------
    >>> is_spelt("ปัตตานี"), is_spelt("กฃฅ")
    (True, False)
    """
    bases = [i for i, letter in enumerate(text) if _BASE.match(letter)]
    outside = re.sub(f"[{_LETTERS} ]", "", text)
    if outside or not 3 <= len(bases) <= _MOST:
        return False
    cost, _ = _divide(text, bases, exactly=True)
    return cost <= len(bases) / 2


def _divide(text: str, bases: list[int], *, exactly: bool = False) -> tuple[float, str | None]:
    """Return the least cost of a division into words, and the text that they spell."""
    bones = "".join(text[i] for i in bases).translate(_AM)
    ends = [*bases[1:], len(text)]
    best: list[tuple[float, int, str | None]] = [(0.0, 0, "")]
    for stop in range(1, len(bones) + 1):
        before = best[stop - 1]
        alone = text[bases[stop - 1] : ends[stop - 1]]
        options: list[tuple[float, int, str | None]] = [(before[0] + _UNKNOWN, stop - 1, None)]
        for start in range(max(0, stop - _LONGEST), stop):
            words = _words().get(bones[start:stop])
            if words is None:
                continue
            piece = text[bases[start] : ends[stop - 1]]
            if not _WORD.fullmatch(piece):
                continue  # a digit or a Latin letter inside: no word
            price, word = _cheapest(piece, words, exactly=exactly)
            options.append((best[start][0] + price, start, word))
        least = min(options, key=lambda option: (option[0], option[1]))
        best.append(least if least[2] is not None else (least[0], least[1], f"\0{alone}"))
    return best[-1][0], _join(text, bases, ends, best)


def _cheapest(piece: str, words: tuple[str, ...], *, exactly: bool) -> tuple[float, str]:
    """Return what the cheapest word costs for a piece of the text, and that word."""
    return min((_price(piece, word, exactly), word) for word in words)


def _tail(piece: str) -> str:
    """Return what stands behind the letters of a piece: spaces, digits, signs."""
    found = _TAIL.search(piece)
    return found[0] if found else ""


@lru_cache(maxsize=65536)
def _price(piece: str, word: str, exactly: bool) -> float:  # noqa: FBT001  lru_cache, inner use
    shown = piece.removesuffix(_tail(piece))
    if shown == word:
        return 1.0
    if exactly or len(_BASE.findall(word)) == 1:  # one letter fits too many words
        return 2 * _UNKNOWN * len(word)
    joined = _APART.sub("ำ", shown)
    have, want = (Counter(_MARK.findall(t)) for t in (joined, word))
    lost_am = word.count("ำ") - joined.count("ำ")
    missing, extra = (want - have).total(), (have - want).total()
    traces = len(re.findall(rf"\s+|{_LOST_MARK}", shown))  # each where one mark was
    if extra or lost_am < 0 or missing > traces:
        return 2 * _UNKNOWN * len(word)  # a PDF tool loses marks, and leaves a trace; it adds none
    return 1.1 + missing + lost_am / 2


def _join(
    text: str,
    bases: list[int],
    ends: list[int],
    best: list[tuple[float, int, str | None]],
) -> str | None:
    """Put the words together again with what stood between them; None where a letter was left."""
    pieces: list[str] = []
    stop = len(bases)
    while stop:
        _, start, word = best[stop]
        if word is None or word.startswith("\0"):
            return None
        behind = text[bases[start] : ends[stop - 1]]
        pieces.append(word + _tail(behind))
        stop = start
    return text[: bases[0]] + "".join(reversed(pieces))


@cache
def _words() -> dict[str, tuple[str, ...]]:
    """Return letters without marks -> words, of the dictionary and of the register of places."""
    from pythainlp.corpus import thai_words  # 62,000 words, wanted only for broken texts

    names = register()[["tambon_th", "amphoe_th", "province_th"]].to_numpy().ravel()
    found: dict[str, set[str]] = {}
    for word in {*thai_words(), *names}:
        clean = normalise_thai(str(word))
        if " " not in clean and clean:
            found.setdefault(skeleton(clean), set()).add(clean)
    return {bones: tuple(sorted(words)) for bones, words in found.items()}
