"""Reports that stand in the folder and that the database knows nothing of."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evallib.errors import DisclosureError, EvallibError
from evallib.runner.batch.key import MANIFEST, read_manifest
from evallib.runner.batch.plan import read_notebook
from evallib.runner.batch.publish import REPORT_NOTEBOOK
from evallib.runner.batch.releases import FORMS, REGISTER

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    import pandas as pd

    from evallib.config import Settings

SHOWN = 5  # names of reports in a message


def known_runs(settings: Settings) -> set[str]:
    """Return the ids of the runs whose results the database holds."""
    if not (settings.store / "runs").is_dir():
        return set()
    from evallib.store import Store  # brings pyarrow

    return set(Store(settings.store).read("runs")["run_id"])


def refuse_unknown_reports(settings: Settings, known: set[str]) -> None:
    """Refuse to publish where the register of releases does not know what was published before.

    A report whose forms the database would still show in the same sets tells no more than a new
    one, so that a database that was made anew from the same files passes.

    Parameters
    ----------
    settings : Settings
    known : set of str
        As `known_runs` returns it.

    Raises
    ------
    DisclosureError
        ``runner.register_missing``: reports about people were published from forms that the
        register has lost, or that are another office's.
    """
    lost = sorted(
        f"{manifest['period']}/{manifest['scope']}"
        for folder, manifest in _reports(settings.reports)
        if manifest["run_id"] not in known and not _is_covered(folder, manifest, settings)
    )
    if lost:
        more = f" … ({len(lost)})" if len(lost) > SHOWN else ""
        raise DisclosureError(
            "runner.register_missing", found=", ".join(lost[:SHOWN]) + more,
            reports=settings.reports, store=settings.store,
        )  # fmt: skip


def _reports(root: Path) -> Iterator[tuple[Path, dict[str, Any]]]:
    """Yield finished reports of editions that round; earlier ones kept no sets of forms."""
    for file in sorted(root.rglob(MANIFEST)):
        manifest = read_manifest(file.parent)
        if manifest and "people" in manifest and {"run_id", "period", "scope"} <= manifest.keys():
            yield file.parent, manifest


def _is_covered(folder: Path, manifest: dict[str, Any], settings: Settings) -> bool:
    """Tell whether the forms of a report are those on which one made now would rest."""
    from evallib.periods import FiscalPeriod
    from evallib.report import results_of
    from evallib.report.evidence_cut import of_periods
    from evallib.store import Store

    try:
        releases = results_of(read_notebook(folder / REPORT_NOTEBOOK)).get(REGISTER)
    except (OSError, EvallibError):
        return True  # no page either: nothing stands there that could be read beside a new one
    if releases is None or releases.empty:
        return True
    store, period = Store(settings.store), FiscalPeriod.parse(str(manifest["period"]))
    survey = store.read("beneficiary_survey", as_of=manifest["parameters"]["as_of"])
    kept = of_periods(store.read(FORMS), period)
    return set(releases["set_id"]) <= _sets(of_periods(survey, period), kept, settings.threshold)


def _sets(survey: pd.DataFrame, kept: pd.DataFrame, threshold: int) -> set[str]:
    """Return the names of the sets of forms that are published, or would be now."""
    from evallib.privacy.blocks import BLOCK
    from evallib.privacy.forms import SET, set_id, settle_forms

    settled = settle_forms(survey, kept, threshold=threshold).forms
    named = {set_id(forms) for _, forms in settled.groupby(list(BLOCK))}
    return named | set(kept[SET])
