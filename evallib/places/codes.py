"""The official register of places: codes and names of the whole country, points of the area."""

from __future__ import annotations

from functools import cache
from importlib import resources

import pandas as pd

from evallib.config import Settings
from evallib.errors import NotFound
from evallib.thai.keys import skeleton

LEVELS = {2: "province", 4: "amphoe", 6: "tambon"}
SUGGEST = 75  # similarity from which a name is worth proposing to the person who typed another


def register() -> pd.DataFrame:
    """Return every tambon of the country with the amphoe and the province that it lies in.

    Returns
    -------
    pandas.DataFrame, shape (7436, 11)
        ``tambon_code`` (str, 6 digits), ``tambon_th``, ``tambon_en``, ``amphoe_code`` (4),
        ``amphoe_th``, ``amphoe_en``, ``province_code`` (2), ``province_th``, ``province_en``, all
        str, and ``lat``, ``lon``, float, degrees WGS84: one point inside the tambon, known for the
        290 tambons of the area only. Sorted by ``tambon_code``. A copy: change it freely.

    Notes
    -----
    Codes and names: GeoThai (CC BY 4.0), from the register of the Department of Provincial
    Administration. Points: COD-AB boundaries of UN OCHA (CC BY-IGO); see
    ``evallib/reference/README.md``.

    Examples
    --------
    >>> places = register()
    >>> places.loc[places["tambon_code"] == "941012", ["tambon_th", "amphoe_th"]].iloc[0].tolist()
    ['เขาตูม', 'ยะรัง']
    """
    return _register().copy()


@cache
def _register() -> pd.DataFrame:
    import geothai  # reads the register on first use only

    rows = [
        (t.code, t.name_th, t.name_en, a.code, a.name_th, a.name_en, p.code, p.name_th, p.name_en)
        for p in geothai.provinces()
        for a in geothai.districts(p.code)
        for t in geothai.subdistricts(a.code)
    ]
    names = [f"{level}_{part}" for level in ("tambon", "amphoe", "province")
             for part in ("code", "th", "en")]  # fmt: skip
    places = pd.DataFrame(rows, columns=names, dtype="str")
    points = resources.files("evallib") / "reference" / "tambon_points.csv"
    with points.open(encoding="utf-8") as file:
        known = pd.read_csv(file, dtype={"tambon_code": "str"})[["tambon_code", "lat", "lon"]]
    places = places.merge(known, on="tambon_code", how="left", validate="one_to_one")
    return places.sort_values("tambon_code", ignore_index=True)


def area(settings: Settings | None = None) -> pd.DataFrame:
    """Return the tambons of the area that is evaluated.

    Parameters
    ----------
    settings : Settings, optional
        ``provinces`` names the provinces; a province of which ``amphoe`` names some amphoe
        belongs to the area with those only. The default area is Pattani, Yala, Narathiwat and
        four amphoe of Songkhla.

    Returns
    -------
    pandas.DataFrame, shape (290, 11) by default
        As `register`, sorted by ``tambon_code``.

    Raises
    ------
    NotFound
        A province or an amphoe of the settings is not in the register.

    Examples
    --------
    >>> tambons = area()
    >>> len(tambons), tambons["amphoe_code"].nunique()
    (290, 37)
    """
    return _area(*scope_key(settings)).copy()


def scope_key(settings: Settings | None) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Return the two settings that fix the area, in a form that a cache can hold."""
    chosen = settings or Settings()
    return chosen.provinces, chosen.amphoe


@cache
def _area(provinces: tuple[str, ...], amphoe: tuple[str, ...]) -> pd.DataFrame:
    places = _register()
    for codes, column in ((provinces, "province_code"), (amphoe, "amphoe_code")):
        absent = sorted(set(codes) - set(places[column]))
        if absent:
            raise NotFound("places.unknown_code", found=", ".join(absent), column=column)
    in_part = {code[:2] for code in amphoe}
    whole = places["province_code"].isin(set(provinces) - in_part)
    part = places["province_code"].isin(provinces) & places["amphoe_code"].isin(amphoe)
    return places[whole | part].reset_index(drop=True)


def find_province(written: str, settings: Settings | None = None) -> str:
    """Return the code of a province of the area from its code, Thai name or English name.

    Parameters
    ----------
    written : str
        ``"94"``, ``"ปัตตานี"``, ``"จังหวัดปัตตานี"``, ``"จ.ปัตตานี"`` or ``"Pattani"``; case,
        spaces, hyphens and misplaced vowels do not matter.
    settings : Settings, optional
        Names the provinces of the area.

    Raises
    ------
    NotFound
        No province of the area is written so; the message lists those that are, and repeats the
        nearest.

    Examples
    --------
    >>> find_province("Pattani"), find_province("จ.ยะลา"), find_province("96")
    ('94', '95', '96')
    """
    from rapidfuzz import fuzz, process  # only a misspelt name needs it

    known = area(settings).drop_duplicates("province_code")
    key = skeleton(str(written)).removeprefix("จงหวด").removeprefix("จว.").removeprefix("จ.")
    for code, th, en in zip(
        known["province_code"], known["province_th"], known["province_en"], strict=True
    ):
        if key in {code, skeleton(th), skeleton(en)}:
            return str(code)
    names = [
        f"{code} {th} ({en})"
        for code, th, en in zip(
            known["province_code"], known["province_th"], known["province_en"], strict=True
        )
    ]
    near = process.extractOne(key, names, processor=skeleton, scorer=fuzz.partial_ratio)
    found = f"{written} (~ {near[0]})" if near and near[1] >= SUGGEST else str(written)
    raise NotFound("places.unknown_province", found=found, known=", ".join(names))


def name_of(code: str, *, language: str = "th") -> str:
    """Return the name of a province, amphoe or tambon.

    Parameters
    ----------
    code : str
        Two, four or six digits.
    language : {"th", "en"}
        Language of the name.

    Raises
    ------
    NotFound
        The register has no such code.

    Examples
    --------
    >>> name_of("94"), name_of("9410", language="en"), name_of("941012")
    ('ปัตตานี', 'Yarang', 'เขาตูม')
    """
    try:
        th, en = _names()[str(code)]
    except KeyError:
        raise NotFound("places.unknown_code", found=str(code), column="code") from None
    return th if language == "th" else en


@cache
def address_of(code: str) -> str:
    """Return the Thai address that a code stands for, with the code.

    Examples
    --------
    >>> address_of("941012"), address_of("94")
    ('ต.เขาตูม อ.ยะรัง จ.ปัตตานี (941012)', 'จ.ปัตตานี (94)')
    """
    marks = zip("ตอจ", (6, 4, 2), strict=True)
    names = [f"{mark}.{name_of(code[:n])}" for mark, n in marks if len(code) >= n]
    return f"{' '.join(names)} ({code})"


@cache
def _names() -> dict[str, tuple[str, str]]:
    """Return code -> (Thai, English) for all three levels."""
    places = _register()
    names: dict[str, tuple[str, str]] = {}
    for level in LEVELS.values():
        columns = [places[f"{level}_{part}"] for part in ("code", "th", "en")]
        for code, th, en in zip(*columns, strict=True):
            names[code] = (th, en)
    return names
