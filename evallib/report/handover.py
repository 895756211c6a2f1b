"""What a notebook hands over: blocks for the reader, rows for the database."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from evallib.i18n import plural
from evallib.tables import contract

if TYPE_CHECKING:
    import pandas as pd

    from evallib.report.document import Block

RESULT_MIME = "application/vnd.evallib.result+json"


@dataclass(frozen=True, repr=False, eq=False)
class Result:
    """Rows that a notebook hands to the runner for one table of the evaluation database."""

    name: str
    frame: Any

    def __repr__(self) -> str:
        n_rows = len(self.frame)
        return f"<Result {self.name}: {n_rows} {plural(n_rows, 'row', 'rows')}>"

    def _repr_mimebundle_(self, include: Any = None, exclude: Any = None) -> dict[str, Any]:
        """Carry the rows; JupyterLab shows the name and the number of rows."""
        from evallib.report.wire import encode_frame  # wire imports this module

        del include, exclude
        carried = {"table": self.name} | encode_frame(self.frame)
        return {"text/plain": repr(self), RESULT_MIME: carried}


def result_block(name: str, frame: pd.DataFrame) -> Result:
    """Return rows for one table of the database, ready to be displayed in a notebook.

    Parameters
    ----------
    name : str
        Name of the table, such as ``"effects"``.
    frame : pandas.DataFrame, shape (n, k)
        Rows; the index is not carried. Floats, missing values and dates arrive exactly.

    Raises
    ------
    NotFound
        There is no table of that name.
    """
    return Result(contract(name).name, frame)


def emit(name: str, frame: pd.DataFrame) -> None:
    """Hand rows to the runner, which commits them when the whole job has succeeded.

    Called in a notebook; several calls for one table add up. See ``result_block``.
    """
    show(result_block(name, frame))


def show(*blocks: Block | Result) -> None:
    """Display blocks in a notebook, in order."""
    from IPython.display import display  # only a notebook has it loaded

    for block in blocks:
        display(block)  # type: ignore[no-untyped-call]
