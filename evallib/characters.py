"""Characters that are no text: what moves a cursor, turns the reading or is half a character."""

from __future__ import annotations

import unicodedata

__all__ = ["escaped", "is_printable"]

_UNPRINTABLE = {"Cc", "Cs", "Zl", "Zp"}  # controls, halves of characters, breaks of lines
_TURNS = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")


def is_printable(text: str) -> bool:
    r"""Tell whether a text can be shown on one line without doing anything else.

    Examples
    --------
    >>> is_printable("ศอ.บต. ตำบล"), is_printable("red \x1b[31m"), is_printable("\u202excod.exe")
    (True, False, False)
    """
    # most texts are plain, and str.isprintable is a hundred times as fast
    return text.isprintable() or not any(map(_is_odd, text))


def escaped(text: str, *, lines: bool = False, json: bool = False) -> str:
    r"""Return a text with its odd characters written out, as Python or JSON writes them.

    Parameters
    ----------
    text : str
        Any text, also one that holds bytes of a file name that are not UTF-8.
    lines : bool, default False
        Whether line feeds stay.
    json : bool, default False
        Whether the text is JSON, in which ``\u001b`` is the only way to write them.

    Examples
    --------
    >>> print(escaped("a\x1b[2Jb\u202e"), escaped("\x9b", json=True))
    a\x1b[2Jb\u202e \u009b
    """
    if text.isprintable():
        return text

    def shown(character: str) -> str:
        if not _is_odd(character) or (lines and character == "\n"):
            return character
        code = ord(character)
        return f"\\u{code:04x}" if json or code > 0xFF else f"\\x{code:02x}"

    return "".join(map(shown, text))


def _is_odd(character: str) -> bool:
    return character in _TURNS or unicodedata.category(character) in _UNPRINTABLE
