"""Names of the register under the keys by which written names are looked up."""

from __future__ import annotations

from collections import defaultdict
from functools import cache
from typing import TYPE_CHECKING, Literal, NamedTuple

from evallib.places.codes import LEVELS, _area, _register, name_of
from evallib.thai.keys import single, skeleton

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from evallib.places.parse import Names

Script = Literal["th", "en"]
CAPITAL = skeleton("เมือง")  # short for the capital amphoe of any province
_LEVEL_OF_GEOTHAI = {"subdistrict": "tambon", "district": "amphoe", "province": "province"}


class Former(NamedTuple):
    """An area that was abolished, and the codes that took its place."""

    code: str
    successors: Names


@cache
def keys_of(level: str, script: Script = "th") -> tuple[tuple[str, str], ...]:
    """Return (key, code) of every place of a level in one script, in order of code."""
    places = _register().drop_duplicates(f"{level}_code")
    names, codes = places[f"{level}_{script}"], places[f"{level}_code"]
    return tuple((letters_of(name), code) for name, code in zip(names, codes, strict=True))


@cache
def keys_within(level: str, script: Script = "th") -> Mapping[str, tuple[tuple[str, str], ...]]:
    """Return beginning of a code -> (key, code) of the places whose codes begin so."""
    found: dict[str, list[tuple[str, str]]] = defaultdict(list)
    for key, code in keys_of(level, script):
        for length in range(0, len(code) + 1, 2):
            found[code[:length]].append((key, code))
    return {beginning: tuple(pairs) for beginning, pairs in found.items()}


@cache
def codes_of(level: str) -> Mapping[str, Names]:
    """Return key -> codes of a level, in Thai and English."""
    places = _register().drop_duplicates(f"{level}_code")
    columns = (places[f"{level}_{part}"] for part in ("th", "en", "code"))
    return _gathered(
        (key, code)
        for th, en, code in zip(*columns, strict=True)
        for key in _spellings(level, th, en, code)
    )


def _spellings(level: str, th: str, en: str, code: str) -> list[str]:
    """Return the keys of one place, each once."""
    keys = [letters_of(th), letters_of(en)]
    if level == "amphoe" and is_capital(code, th):
        keys.append(CAPITAL)
    if level == "amphoe" and th.startswith("เขต"):
        keys.append(letters_of(th.removeprefix("เขต")))
    return list(dict.fromkeys(keys))


@cache
def doubled_of(level: str) -> Mapping[str, Names]:
    """Return key with doubled letters written once -> codes, of Thai names only."""
    return _gathered((single(key), code) for key, code in keys_of(level))


@cache
def joined_of(provinces: Names, amphoe: Names) -> Mapping[str, Names]:
    """Return key of names that stand in a row without markers -> codes.

    "บานา เมือง ปัตตานี" anywhere in the country; "บานา เมืองปัตตานี" and "บานา ปัตตานี" in the area only.
    """
    local = set(_area(provinces, amphoe)["tambon_code"])
    places = _register()
    found: list[tuple[str, str]] = []
    for part in ("th", "en"):
        columns = [places[f"{level}_{part}"].map(letters_of) for level in LEVELS.values()]
        for code, name, p, a, t in zip(
            places["tambon_code"], places[f"amphoe_{part}"], *columns, strict=True
        ):
            for short in (a, CAPITAL) if is_capital(code[:4], name) else (a,):
                found += [(t + short + p, code), (short + p, code[:4])]
                if code in local:
                    found += [(t + short, code), (t + p, code)]
    return _gathered(dict.fromkeys(found))


@cache
def former_of(level: str) -> Mapping[str, tuple[Former, ...]]:
    """Return key -> abolished places of that name whose successors are known."""
    found: dict[str, list[Former]] = defaultdict(list)
    for name, of_level, former in _abolished():
        if of_level == level and former.successors:
            found[letters_of(name)].append(former)
    return {key: tuple(places) for key, places in found.items()}


@cache
def wider_keys(code: str) -> frozenset[str]:
    """Return the keys of the amphoe and the province in which a place lies."""
    keys: set[str] = set()
    for level, digits in (("province", 2), ("amphoe", 4)):
        if digits < len(code):
            th, en = (name_of(code[:digits], language=language) for language in ("th", "en"))
            keys |= set(_spellings(level, th, en, code[:digits]))
    return frozenset(keys)


@cache
def all_codes() -> frozenset[str]:
    """Return every code of the register, of all levels."""
    return frozenset(code for level in LEVELS.values() for _, code in keys_of(level))


@cache
def former_codes() -> Mapping[str, Former]:
    """Return abolished code -> what took its place; codes of today are not among them."""
    return {former.code: former for _, _, former in _abolished()}


@cache
def _abolished() -> tuple[tuple[str, str, Former], ...]:
    from geothai.abolished import abolished_areas  # 0.1 MB that few texts need

    return tuple(
        (area.name_th, _LEVEL_OF_GEOTHAI[area.level], Former(area.code, area.successors))
        for area in abolished_areas()
    )


def is_capital(code: str, name: str) -> bool:
    """Tell whether an amphoe is the capital of its province, which is called เมือง for short."""
    return code.endswith("01") and name.startswith("เมือง")


@cache
def letters_of(name: str) -> str:
    """Return the key of a name of the register: its skeleton, letters only."""
    return "".join(c for c in skeleton(name) if c.isalpha())


def _gathered(pairs: Iterable[tuple[str, str]]) -> Mapping[str, Names]:
    found: dict[str, list[str]] = defaultdict(list)
    for key, code in pairs:
        found[key].append(code)
    return {key: tuple(codes) for key, codes in found.items()}
