"""Written places resolved to codes of the register: exactly, or clearly, or not at all."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from typing import TYPE_CHECKING

import pandas as pd

from evallib.errors import SchemaError
from evallib.places.lookup import Gazetteer, Place, gazetteer
from evallib.places.parse import Address, Kind, Names, parse_address
from evallib.places.register import scope_key
from evallib.places.words import fold

if TYPE_CHECKING:
    from collections.abc import Sequence

    from evallib.config import Settings

Stated = str | None
ANYWHERE: Names = ("",)  # every code of the country begins so
NONE = float("nan")
FINEST_FIRST: tuple[set[Kind], ...] = ({"tambon", "municipality"}, {"amphoe"}, {"province"})


def resolve_places(
    texts: pd.Series | Sequence[str | None],
    province: str | pd.Series | None = None,
    amphoe: str | pd.Series | None = None,
    *,
    settings: Settings | None = None,
) -> pd.DataFrame:
    """Find the province, amphoe or tambon that each written place names.

    Parameters
    ----------
    texts : pandas.Series or sequence of str, shape (n,)
        Places, addresses or titles that hold an address; missing values are allowed.
    province, amphoe : str or pandas.Series of str, shape (n,), optional
        Code or name known from elsewhere: another column, the sheet, the title rows. Where a text
        is missing, the place is the amphoe, else the province.
    settings : Settings, optional
        The area. A name without a province is looked for in the area only; with a province, in
        the whole of that province, so that a place outside the area keeps its true code.

    Returns
    -------
    pandas.DataFrame, shape (n, 5)
        Index of ``texts``. ``place_code`` (str, 2, 4 or 6 digits) and ``level`` ("province",
        "amphoe", "tambon"), both missing when nothing is certain; ``score`` (float, 0-100: the
        worst `rapidfuzz.fuzz.ratio` of the names used) and ``margin`` (float: how far behind the
        next name of the same scope is); ``candidates`` (str, codes joined by ``;``, best first,
        at most five), which holds what a reviewer should look at when there is no code.

    Raises
    ------
    SchemaError
        ``province`` or ``amphoe`` is a column of another length.

    Notes
    -----
    A name is accepted when it equals one name of its scope without the marks that PDF text loses,
    or when it scores at least 85 and leads by at least 4. It is never corrected into the area
    when it is exactly the name of a place elsewhere. Names borne by two tambons, several tambons in
    one cell, and municipalities give candidates only. A bare province name in Thai is no place:
    roads, hospitals and universities bear it.

    Examples
    --------
    >>> places = resolve_places(pd.Series([
    ...     "หน่วยเฉพาะกิจยะลา ตำบลเขาตูม อำเภอยะรัง จังหวัดปัตตานี", "ต.บาเจาะ"]))
    >>> places["place_code"].tolist(), places["candidates"].tolist()
    (['941012', nan], ['941012', '950302;960301'])
    """
    texts = texts if isinstance(texts, pd.Series) else pd.Series(list(texts), dtype="object")
    columns = [
        texts.astype("object").where(texts.notna(), None).tolist(),
        _column(province, len(texts), "province"),
        _column(amphoe, len(texts), "amphoe"),
    ]
    row_of, distinct = pd.factorize(pd.Series(list(zip(*columns, strict=True)), dtype="object"))
    resolve = _Resolver(gazetteer(*scope_key(settings)))
    places = pd.DataFrame(
        [resolve(*stated).row() for stated in distinct],
        columns=["place_code", "level", "score", "margin", "candidates"],
    ).astype({"place_code": "str", "level": "str", "score": "float64", "margin": "float64",
              "candidates": "str"})  # fmt: skip
    return places.take(row_of).set_axis(texts.index, axis=0)


def _column(value: str | pd.Series | None, length: int, name: str) -> list[Stated]:
    """Return one stated province or amphoe a row."""
    if value is None or isinstance(value, str):
        return [value] * length
    if len(value) != length:
        raise SchemaError("places.wrong_length", name=name, needed=length, found=len(value))
    return [None if pd.isna(v) else str(v) for v in value]


class _Resolver:
    """Resolve one text at a time; names met before are remembered."""

    def __init__(self, known: Gazetteer) -> None:
        self.known = known
        self.find = cache(known.find)
        self.chain = cache(self._chain)

    def __call__(self, text: object, province: Stated, amphoe: Stated) -> Place:
        """Return the place that a text names within what is stated beside it."""
        in_province = self._stated("province", province, None)
        in_amphoe = self._stated("amphoe", amphoe, in_province)
        for stated in (in_amphoe, in_province):
            if stated is not None and not stated.options:
                return replace(stated, options=())
        if text is None or not str(text).strip():
            return in_amphoe or in_province or Place()
        written = str(text)
        coded = self.known.read_code(written) if written.strip()[:1].isdigit() else None
        if coded is not None:
            return coded.within(in_amphoe or in_province)
        address = parse_address(written)
        if address.parts:
            return self.chain(address, in_province, in_amphoe)
        return self._bare(address, in_province, in_amphoe)

    def _stated(self, level: str, written: Stated, province: Place | None) -> Place | None:
        """Look up what another column says; None when it says nothing."""
        if written is None or not written.strip():
            return None
        found = self.known.read_code(written) or self.find(
            level, _words(written), province.options if province else _anywhere(level)
        )
        return found.within(province)

    def _bare(self, address: Address, province: Place | None, amphoe: Place | None) -> Place:
        """Read a text without markers: a name alone in its cell, or tambon amphoe province."""
        stated = amphoe or province
        if address.whole:
            return stated or Place()
        if len(address.lead) != 1:
            alone = (Address((), (names,), whole=False) for names in address.lead)
            return _one_of([self._bare(one, province, amphoe) for one in alone])
        words = address.lead[0]
        if stated is None:
            return self.known.find_bare(words)
        tambon = self.find("tambon", words, stated.options)
        if amphoe is not None:
            return tambon
        wider = [self.find(level, words, stated.options) for level in ("amphoe", "province")]
        exact = [p for p in (tambon, *wider) if p.options and p.score == 100]
        if len(exact) > 1:  # 24 tambons bear the name of their amphoe, one that of its province
            return Place(tuple(c for p in exact for c in p.options), score=100.0, margin=0.0)
        return exact[0] if exact else tambon

    def _chain(self, address: Address, province: Place | None, amphoe: Place | None) -> Place:
        """Read the markers: every tambon with its amphoe, else every amphoe, else the province."""
        kinds = {part.kind for part in address.parts}
        finest = next(level for level in FINEST_FIRST if level & kinds)
        found = []
        for i, part in enumerate(address.parts):
            if part.kind not in finest:
                continue
            within = self._scope_of(address, i, province, amphoe)
            level = "tambon" if part.kind == "municipality" else part.kind
            first, *others = (self._look_up(level, names, within) for names in part.names)
            found += [first, *(o for o in others if o.options and o.score == 100)]
        place = _one_of(found)
        if "municipality" in finest & kinds:
            return replace(place, options=(), candidates=place.options or place.candidates)
        if finest == {"amphoe"} and place.code and address.lead:
            tambon = self.find("tambon", address.lead[0], place.options)
            if tambon.score == 100 and tambon.code:
                return tambon.at_most(place)
        return place

    def _scope_of(
        self, address: Address, i: int, province: Place | None, amphoe: Place | None
    ) -> tuple[Place | None, Place | None]:
        """Return the province and the amphoe of one part: as written beside it, else as stated."""
        kind = address.parts[i].kind
        near = None if kind == "province" else _nearest(address, i, "province")
        if near is not None:
            written = self.find("province", near, ANYWHERE)
            if written.options:  # "จังหวัดชายแดนภาคใต้" is no province
                province = written.within(province)
        near = None if kind in {"amphoe", "province"} else _nearest(address, i, "amphoe")
        if near is not None:
            amphoe = self.find("amphoe", near, _scope(province)).within(amphoe)
        return province, amphoe

    def _look_up(
        self, level: str, names: Names, within: tuple[Place | None, Place | None]
    ) -> Place:
        """Look one name up inside its province and amphoe."""
        province, amphoe = within
        if level == "province":
            return self.find("province", names, ANYWHERE).within(province)
        if province is not None and not province.options:
            return Place(candidates=province.candidates)  # two provinces are stated
        if level == "amphoe":
            place = self.find("amphoe", names, _scope(province)).within(amphoe)
        elif amphoe is None or amphoe.options:
            place = self.find("tambon", names, _scope(amphoe or province))
        else:  # the amphoe cannot be read: show what the tambon alone would give
            place = self.find("tambon", names, _scope(province))
            place = Place(candidates=place.options or place.candidates, score=amphoe.score)
        return place.at_most(amphoe).at_most(province)


def _scope(place: Place | None) -> Names | None:
    return place.options if place else None


def _anywhere(level: str) -> Names | None:
    return ANYWHERE if level == "province" else None


def _one_of(found: list[Place]) -> Place:
    """Return the one place that all parts name; else their codes as candidates."""
    certain = [p for p in found if p.code]
    if len({p.code for p in certain}) == 1 and not any(p.in_doubt for p in found):
        return max(certain, key=lambda p: p.score)
    if len(found) < 2:
        return found[0] if found else Place()
    seen = dict.fromkeys(code for p in found for code in p.options or p.candidates)
    scores = [p.score for p in found if p.score == p.score]
    return Place(candidates=tuple(seen), score=max(scores, default=NONE), margin=0.0)


def _nearest(address: Address, i: int, kind: str) -> Names | None:
    """Return the amphoe or province that belongs to part ``i``: the next one, or the last one.

    An address climbs from the tambon to the province. Where it descends, what belongs to a tambon
    stands before it.
    """
    kinds = [p.kind for p in address.parts]
    later = [j for j in range(i + 1, len(kinds)) if kinds[j] == kind]
    earlier = [j for j in range(i) if kinds[j] == kind]
    descends = bool(earlier) and kinds[0] == kind and kinds[-1] != kind
    chosen = earlier[-1:] if descends or not later else later[:1]
    return address.parts[chosen[0]].names[0] if chosen else None


@cache
def _words(written: str) -> Names:
    """Return the words of a name that stands in a column of its own, without its marker."""
    address = parse_address(written)
    if address.parts:
        return address.parts[0].names[0]
    return address.lead[0] if address.lead else tuple(fold(written).split()) or ("",)
