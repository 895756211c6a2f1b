"""Every hostile file: what it is called here, its bytes, and the finding that must say why.

A code that ends with a dot stands for all that begin so; none means that the file is harmless to
us and its two rows are read in full.
"""

from tests.clean.files.hostile_binaries import BINARIES
from tests.clean.files.hostile_ods import SHEETS
from tests.clean.files.hostile_texts import TEXTS
from tests.clean.files.hostile_workbooks import WORKBOOKS, xlsx

GOOD = xlsx()
HOSTILE: dict[str, tuple[bytes, str]] = {**WORKBOOKS, **SHEETS, **TEXTS, **BINARIES}
assert len(HOSTILE) == len(WORKBOOKS) + len(SHEETS) + len(TEXTS) + len(BINARIES)
NAMES = (
    "แถว\nใหม่.xlsx",
    "ก" * 83 + ".xlsx",
    "-rf.xlsx",
    "con.xlsx",
    "a\u202exslx.exe",
    "a | b.xlsx",
    "'; DROP TABLE.xlsx",
    "%s{found}.xlsx",
    " .xlsx",
    "\u200b.xlsx",
    "<script>.xlsx",
    "\x01\x7f.xlsx",
)
