"""estimate_staggered against csdid and moderndid, ports of the R package did: stored and live."""

from __future__ import annotations

import contextlib
import io
import itertools
import warnings

import pandas as pd
import pytest

from evallib.impact import Design, Effect, estimate_staggered

COUNTY = {"outcome": "lemp", "unit": "countyreal", "time": "year", "cohort": "first.treat"}
EXACT = {"abs": 1e-8}  # same formulas, another order of summation; published digits are fewer
ERROR = {"abs": 1e-6}

# (covariates, summary) -> estimate, standard error; moderndid 0.2.0 and csdid 0.4.3 agree on all
# digits. The R package did prints -.0400, -.0772 (.0200), -.0310 for the first three.
STORED = {
    ((), "simple"): (-0.03995127515517626, 0.012034012770185353),
    ((), "event"): (-0.07723982145731488, 0.019964989061849178),
    ((), "group"): (-0.031018282228748518, 0.012446059320997889),
    ((), "calendar"): (-0.04170043213128195, 0.015971851884559744),
    (("lpop",), "simple"): (-0.04175177205861635, 0.01150283815154501),
    (("lpop",), "event"): (-0.08035394974402409, 0.018957557244824716),
    (("lpop",), "group"): (-0.03281959716130231, 0.011898178727630803),
    (("lpop",), "calendar"): (-0.04417735775655365, 0.015038175096396975),
}
# group, time -> att, se without covariates; csdid 0.4.3
STORED_CELLS = {
    (2004, 2004): (-0.010503246220961887, 0.02325104),
    (2004, 2005): (-0.07042315810314634, 0.03098477),
    (2004, 2006): (-0.13725873888940268, 0.03643566),
    (2004, 2007): (-0.10081136308540371, 0.03435923),
    (2006, 2004): (0.00652011242423298, 0.02332681),
    (2006, 2005): (-0.0027508187505189165, 0.01955856),
    (2006, 2006): (-0.004594606952862948, 0.0177552),
    (2006, 2007): (-0.04122447154621744, 0.02022918),
    (2007, 2004): (0.030506655583292613, 0.01503356),
    (2007, 2005): (-0.0027258928861162005, 0.01639583),
    (2007, 2006): (-0.031087119389688715, 0.01787751),
    (2007, 2007): (-0.026054410719196838, 0.01665544),
}


def rows(effect: Effect, level: str) -> pd.DataFrame:
    return effect.effects[effect.effects["level"] == level]


@pytest.mark.parametrize(("covariates", "summary"), STORED)
def test_summaries_equal_other_software(
    mpdta: pd.DataFrame, covariates: tuple[str, ...], summary: str
) -> None:
    effect = estimate_staggered(mpdta, Design(**COUNTY, covariates=covariates))
    effect = effect.aggregate(summary)
    estimate, std_error = STORED[covariates, summary]

    assert effect.estimate == pytest.approx(estimate, **EXACT)
    assert effect.std_error == pytest.approx(std_error, **ERROR)


def test_group_time_effects_equal_other_software(mpdta: pd.DataFrame) -> None:
    cells = rows(estimate_staggered(mpdta, Design(**COUNTY)), "group_time")

    assert list(zip(cells["group"], cells["time"], strict=True)) == list(STORED_CELLS)
    assert cells["estimate"].tolist() == pytest.approx(
        [v[0] for v in STORED_CELLS.values()], **EXACT
    )
    assert cells["std_error"].tolist() == pytest.approx(
        [v[1] for v in STORED_CELLS.values()], **ERROR
    )


def their_cells(frame: pd.DataFrame, asked: dict[str, object]) -> pd.DataFrame:
    """Return (group, year, att, se) from csdid, which ports R's did 2.5."""
    att_gt = pytest.importorskip("csdid.att_gt", reason="csdid is not installed")
    groups = {"never_treated": "nevertreated", "not_yet_treated": "notyettreated"}
    with warnings.catch_warnings(), contextlib.redirect_stdout(io.StringIO()):
        warnings.simplefilter("ignore")
        fit = att_gt.ATTgt(
            yname="lemp", tname="year", idname="countyreal", gname="first.treat",
            data=frame.copy(), control_group=groups[str(asked["control"])],
            xformla="lemp ~ lpop" if asked["covariates"] else "lemp ~ 1",
            anticipation=asked["anticipation"], weights_name=asked.get("weights"),
        ).fit(est_method=asked["method"], base_period=asked["base"], bstrap=False)  # fmt: skip
    return pd.DataFrame({key: fit.results[key] for key in ("group", "year", "att", "se")})


ASKED = [
    dict(zip(("method", "control", "base", "anticipation", "covariates"), values, strict=True))
    for values in itertools.product(
        ("dr", "reg", "ipw"),
        ("never_treated", "not_yet_treated"),
        ("varying", "universal"),
        (0, 1),
        ((), ("lpop",)),
    )
]


def compare(frame: pd.DataFrame, asked: dict[str, object]) -> None:
    theirs = their_cells(frame, asked)
    call = {k: v for k, v in asked.items() if k not in ("covariates", "weights")}
    design = Design(**COUNTY, covariates=asked["covariates"], weights=asked.get("weights"))
    ours = rows(estimate_staggered(frame, design, **call), "group_time")
    both = ours.merge(theirs, left_on=["group", "time"], right_on=["group", "year"], how="outer")

    assert both["estimate"].tolist() == pytest.approx(both["att"].tolist(), **EXACT)
    assert both["std_error"].tolist() == pytest.approx(both["se"].tolist(), **ERROR, nan_ok=True)


@pytest.mark.slow
@pytest.mark.parametrize("asked", ASKED, ids=lambda asked: "-".join(map(str, asked.values())))
def test_every_option_equals_csdid(mpdta: pd.DataFrame, asked: dict[str, object]) -> None:
    compare(mpdta, asked)


@pytest.mark.slow
def test_weights_and_a_world_without_never_treated_equal_csdid(mpdta: pd.DataFrame) -> None:
    asked = {"method": "dr", "control": "never_treated", "base": "varying", "anticipation": 0}
    weighted = mpdta.assign(w=1 + (mpdta["countyreal"] % 7) / 3)
    compare(weighted, {**asked, "covariates": ("lpop",), "weights": "w"})
    everyone = mpdta[mpdta["first.treat"] > 0]
    compare(everyone, {**asked, "covariates": ("lpop",), "control": "not_yet_treated"})


@pytest.mark.slow
def test_aggregates_equal_moderndid_live(mpdta: pd.DataFrame) -> None:
    md = pytest.importorskip("moderndid", reason="moderndid is not installed")
    effect = estimate_staggered(mpdta, Design(**COUNTY, covariates=("lpop",)))
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        theirs = md.att_gt(
            data=md.load_mpdta(), yname="lemp", tname="year", idname="countyreal",
            gname="first.treat", xformla="~lpop", est_method="dr", boot=False,
        )  # fmt: skip
        for ours, name in (("simple", "simple"), ("event", "dynamic"), ("group", "group")):
            summary = md.aggte(theirs, type=name)
            assert effect.aggregate(ours).estimate == pytest.approx(summary.overall_att, **EXACT)
            assert effect.aggregate(ours).std_error == pytest.approx(summary.overall_se, **ERROR)
