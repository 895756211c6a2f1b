"""The signs of Thai writing that every reader of it must know: digits, marks, what is invisible."""

from __future__ import annotations

THAI_DIGITS = "๐๑๒๓๔๕๖๗๘๙"
ARABIC_OF_THAI = dict(zip(THAI_DIGITS, "0123456789", strict=True))
# Vowels above and below, tone marks: what the text of a PDF misplaces or loses.
MARKS = "ัิีึืฺุู็่้๊๋์ํ๎"
# Characters without width that copying leaves between letters; a key drops them.
INVISIBLE = "\u00ad\u200b\u200c\u200d\u2060\ufeff"
