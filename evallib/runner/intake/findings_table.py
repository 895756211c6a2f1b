"""Findings of an ingest as a table, with the agency, period and province that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.errors import SchemaError

if TYPE_CHECKING:
    import pandas as pd

    from evallib.findings import Finding

_ROW = ["file", "sheet", "row"]


def findings_table(
    findings: list[Finding], inputs: pd.DataFrame, submissions: pd.DataFrame
) -> pd.DataFrame:
    """Return findings with their place in parts, its agency and period, and the row's province."""
    from evallib.findings import findings_frame
    from evallib.tables import conform

    frame = findings_frame(findings)
    frame = frame.join(_parts(frame["where"], set(inputs["file"])))
    about = inputs.set_index("file")[
        ["agency_id", "fiscal_year", "quarter", "province_code", "as_of"]
    ]
    joined = frame.join(about, on="file")
    rows = submissions[[*_ROW, "province_code"]].drop_duplicates(_ROW)
    province = frame[_ROW].merge(rows, on=_ROW, how="left")["province_code"]
    joined["province_code"] = province.fillna(joined["province_code"])
    joined["as_of"] = joined["as_of"].fillna(inputs["as_of"].max())
    accepted, refused = conform(joined, "findings")
    if refused:  # a finding must never get lost: this is a fault of ours, not of the data
        raise SchemaError(
            "tables.wrong_type", table="findings", column=refused[0].where, kind="-",
            found=refused[0].value,
        )  # fmt: skip
    return accepted


def _parts(wheres: pd.Series, files: set[str]) -> pd.DataFrame:
    """Return file, sheet, row and column of places; each distinct text is read once.

    A text of one part that is no file is the key of something else, such as a project.
    """
    import pandas as pd  # comes with the tables

    from evallib.findings import BAR, Where

    which, texts = pd.factorize(wheres)
    places = [Where.read(text) if BAR in text or text in files else Where() for text in texts]
    parts = {
        "file": pd.Series([at.file or None for at in places], dtype="str"),
        "sheet": pd.Series([at.sheet for at in places], dtype="str"),
        "row": pd.Series([at.row for at in places], dtype="Int64"),
        "column": pd.Series([at.column or None for at in places], dtype="str"),
    }
    return pd.DataFrame(parts).take(which).set_axis(wheres.index)
