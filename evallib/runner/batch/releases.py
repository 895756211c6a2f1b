"""The release register: which forms the published figures about people rest on."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from evallib.errors import DisclosureError, EvallibError
from evallib.privacy.rounding import STEP
from evallib.runner.files import hash_value

if TYPE_CHECKING:
    from collections.abc import Mapping

    import pandas as pd

    from evallib.config import Settings
    from evallib.privacy.forms import Settled
    from evallib.runner.batch.plan import Job

REGISTER, FORMS = "releases", "released_forms"
LIMIT = "≤"  # before a number that says no more than how few there can be at most


def require_release(job: Job, blocks: list[Any], results: Mapping[str, pd.DataFrame]) -> None:
    """Refuse a report that shows people and does not say which forms it rests on.

    Raises
    ------
    DisclosureError
        ``runner.no_release``: its notebook emits no rows of `REGISTER`; ``runner.small_number``: a
        table about people holds a number that is not rounded.
    """
    of_people = [block for block in blocks if getattr(block, "people", False)]
    if of_people and not len(results.get(REGISTER, ())):
        raise DisclosureError("runner.no_release", job=job.name)
    for block in of_people:
        if "n" in block.frame and not block.frame["n"].map(_in_tens).all():
            raise DisclosureError("runner.small_number", job=job.name, table=block.caption)


def _in_tens(written: object) -> bool:
    """Tell whether a number of people is written as the gate writes it."""
    number = str(written).replace(",", "")
    return number.startswith(LIMIT) or (number.isdecimal() and int(number) % STEP == 0)


def standing_sets(job: Job, settings: Settings) -> str:
    """Return a hash of what the register changes in a report, or ``"-"`` when it changes nothing.

    A report rests on the forms that came, unless a set that was published stands in for them. What
    a report registers itself are the forms that it rests on, which then stand in for themselves:
    it does not make itself out of date.
    """
    if not (settings.store / FORMS).is_dir():
        return "-"
    from evallib.privacy.forms import settle_forms
    from evallib.report.evidence_cut import of_periods, of_scope
    from evallib.store import Store

    store = Store(settings.store)
    survey = store.read("beneficiary_survey", as_of=dict(job.parameters)["as_of"])
    came = of_scope(of_periods(survey, job.period), job.scope)
    kept = of_periods(store.read(FORMS), job.period)
    alone, beside = (settle_forms(came, r, threshold=settings.threshold) for r in (None, kept))
    if _said(alone) == _said(beside):
        return "-"
    return hash_value(_said(beside))


def _said(settled: Settled) -> list[object]:
    """Return what tells two answers about forms apart: their digests, and how many wait."""
    from evallib.privacy.blocks import FORM

    return [settled.waiting, sorted(settled.forms[FORM])]


def forms_to_keep(
    job: Job, releases: pd.DataFrame, settings: Settings, *, run_id: str
) -> pd.DataFrame:
    """Return the forms of the sets that a report rests on and that no other report rested on.

    Of a run that is made again only the newest commit counts, so what it kept before is among them.

    Parameters
    ----------
    job : Job
    releases : pandas.DataFrame
        What its notebook emitted for `REGISTER`.
    settings : Settings
        Store and threshold.
    run_id : str
        Name of the run that will keep them.

    Returns
    -------
    pandas.DataFrame
        Contract ``released_forms`` without run and date.

    Raises
    ------
    EvallibError
        ``runner.data_changed``: the survey is no longer what the notebook read.
    """
    import pandas as pd  # only a report that was made needs it

    from evallib.privacy.blocks import BLOCK, SAID
    from evallib.privacy.forms import SET, set_id, settle_forms
    from evallib.report.evidence_cut import of_periods
    from evallib.store import Store

    store = Store(settings.store)
    kept = of_periods(store.read(FORMS), job.period)
    survey = store.read("beneficiary_survey", as_of=dict(job.parameters)["as_of"])
    settled = settle_forms(of_periods(survey, job.period), kept, threshold=settings.threshold).forms
    named = [
        forms.assign(**{SET: set_id(forms)}) for _, forms in settled.groupby(list(BLOCK), sort=True)
    ]
    marked = pd.concat(named) if named else settled.assign(**{SET: ""})
    if not set(releases[SET]) <= set(marked[SET]):
        raise EvallibError("runner.data_changed", job=job.name)
    new = marked[SET].isin(releases[SET]) & ~marked[SET].isin(kept[SET])
    own = kept[kept["run_id"] == run_id]
    rows = pd.concat(
        [own.drop(columns=["run_id", "as_of"]), marked[new].drop(columns=["as_of", SAID])]
    )
    return rows.reset_index(drop=True)
