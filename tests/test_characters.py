"""Characters that are no text: found, and written out."""

import json
import unicodedata

import pytest

from evallib.characters import escaped, is_printable

ODD = [*map(chr, range(0x20)), *map(chr, range(0x7F, 0xA0)), "\u2028", "\u2029", "\u061c",
       "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A)),
       "\ud800", "\udca1", "\udfff"]  # fmt: skip


@pytest.mark.parametrize("character", ODD)
def test_an_odd_character_is_found_and_written_out(character: str) -> None:
    text = f"ก{character}ข"
    assert not is_printable(text)
    shown = escaped(text)
    assert is_printable(shown)
    assert shown.encode()  # what was no character can be printed
    assert json.loads(f'"{escaped(text, json=True)}"') == text
    assert escaped(text, lines=True) == (text if character == "\n" else shown)


def test_every_letter_mark_and_sign_of_thai_stays() -> None:
    thai = "".join(c for c in map(chr, range(0xE00, 0xE80)) if unicodedata.category(c) != "Cn")
    for text in (thai, "a b", "\u200b", "1,234 – ๕", "\u00a0", "😀"):
        assert is_printable(text)
        assert escaped(text) == text
