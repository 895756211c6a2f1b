"""Effects of projects: designs, estimators, checks, power and the verdict.

The names are loaded on first use, so that ``import evallib.impact`` costs next to nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from evallib.impact.checks import PreTrend, check_pre_trends, pre_trend_test
    from evallib.impact.design import Design
    from evallib.impact.did import estimate_did
    from evallib.impact.effect import Effect
    from evallib.impact.imputation import estimate_imputation
    from evallib.impact.multiple_testing import adjust_p_values
    from evallib.impact.power import PowerDesign, minimum_detectable_effect
    from evallib.impact.staggered import estimate_staggered
    from evallib.impact.treatment import build_panel, find_cohorts, power_of_panel
    from evallib.impact.twoway import estimate_twoway
    from evallib.impact.verdicts import Verdict, verdict

__all__ = [
    "Design",
    "Effect",
    "PowerDesign",
    "PreTrend",
    "Verdict",
    "adjust_p_values",
    "build_panel",
    "check_pre_trends",
    "estimate_did",
    "estimate_imputation",
    "estimate_staggered",
    "estimate_twoway",
    "find_cohorts",
    "minimum_detectable_effect",
    "power_of_panel",
    "pre_trend_test",
    "verdict",
]

_HOMES = {
    "Design": "design",
    "Effect": "effect",
    "PowerDesign": "power",
    "PreTrend": "checks",
    "Verdict": "verdicts",
    "adjust_p_values": "multiple_testing",
    "build_panel": "treatment",
    "check_pre_trends": "checks",
    "estimate_did": "did",
    "estimate_imputation": "imputation",
    "estimate_staggered": "staggered",
    "estimate_twoway": "twoway",
    "find_cohorts": "treatment",
    "minimum_detectable_effect": "power",
    "power_of_panel": "treatment",
    "pre_trend_test": "checks",
    "verdict": "verdicts",  # a module of that name would hide the function
}


def __getattr__(name: str) -> object:
    """Import a public name from the module in which it stands."""
    if name not in _HOMES:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    value: object = getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    globals()[name] = value
    return value


def __dir__() -> list[str]:
    return sorted(__all__)
