"""Findings of an ingest as a table, with the agency, period and province that they are about."""

from __future__ import annotations

from typing import TYPE_CHECKING

from evallib.errors import SchemaError

if TYPE_CHECKING:
    import pandas as pd

    from evallib.findings import Finding


def findings_table(
    findings: list[Finding], inputs: pd.DataFrame, submissions: pd.DataFrame
) -> pd.DataFrame:
    """Return findings with the agency and period of their file, and the province of their row."""
    from evallib.findings import findings_frame
    from evallib.tables import conform

    frame = findings_frame(findings)
    about = inputs.set_index("file")[
        ["agency_id", "fiscal_year", "quarter", "province_code", "as_of"]
    ]
    joined = frame.assign(file=frame["where"].str.split(" | ", regex=False).str[0]).join(
        about, on="file"
    )
    rows = submissions.assign(
        at=submissions["file"]
        + " | "
        + submissions["sheet"]
        + " | "
        + submissions["row"].astype(str)
    )
    province = rows.drop_duplicates("at").set_index("at")["province_code"]
    at = frame["where"].str.split(" | ", regex=False).str[:3].str.join(" | ")
    joined["province_code"] = at.map(province).fillna(joined["province_code"])
    joined["as_of"] = joined["as_of"].fillna(inputs["as_of"].max())
    accepted, refused = conform(joined, "findings")
    if refused:  # a finding must never get lost: this is a fault of ours, not of the data
        raise SchemaError(
            "tables.wrong_type", table="findings", column=refused[0].where, kind="-",
            found=refused[0].value,
        )  # fmt: skip
    return accepted
