"""Names that readers know, for the codes in the tables."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd


def agency_names(codes: pd.Series, language: str) -> pd.Series:
    """Return the name of each agency; an unknown one is named as such."""
    from evallib.agencies import read_agencies
    from evallib.i18n import text

    register = read_agencies().set_index("agency_id")
    names = register["name_th" if language == "th" else "name_en"]
    return codes.map(names).fillna(text("report.unknown_agency", language))


def sector_names(codes: pd.Series, language: str) -> pd.Series:
    """Return the name of each sector."""
    from evallib.needs import read_sectors

    register = read_sectors().set_index("sector_code")
    return codes.map(register["sector_th" if language == "th" else "sector_en"])


def amphoe_names(codes: pd.Series, language: str) -> pd.Series:
    """Return the name of each amphoe; a project without one is named as such."""
    from evallib.i18n import text
    from evallib.places import register

    places = register().drop_duplicates("amphoe_code").set_index("amphoe_code")
    names = places["amphoe_th" if language == "th" else "amphoe_en"]
    return codes.map(names).fillna(text("report.no_amphoe", language))


def tambon_names(codes: pd.Series, language: str) -> pd.Series:
    """Return the name of each tambon; a project without one is named as such."""
    from evallib.i18n import text
    from evallib.places import register

    names = register().set_index("tambon_code")["tambon_th" if language == "th" else "tambon_en"]
    return codes.map(names).fillna(text("report.no_tambon", language))
