"""Drawings: Thai is shaped in Sarabun, nothing crashes on nothing, bytes repeat, numbers agree."""

from __future__ import annotations

import inspect
import os
import subprocess
import sys
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pytest

import evallib as ev
from evallib import report
from evallib.errors import DisclosureError, SchemaError
from evallib.report.figures.canvas import MOST_AGENCIES
from evallib.report.style import (
    FAMILY,
    MARKERS,
    SERIES,
    font_file,
    house_style,
    text_width,
    wrap_words,
)

NAMES = ("agency", "waterfall", "sector", "alignment", "heatmap", "progress", "event", "survey",
         "map", "trend")  # fmt: skip
PNG = b"\x89PNG"


@pytest.fixture(scope="module")
def drawn(sample) -> dict[str, dict[str, object]]:
    return {language: sample.drawings(language) for language in ("th", "en")}


def ink(text: str) -> np.ndarray:
    """Return which pixels a text inks at a size that shows its marks."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    with house_style():
        figure = Figure(figsize=(3, 2), dpi=100)
        canvas = FigureCanvasAgg(figure)
        figure.text(0.1, 0.4, text, fontsize=60)
        canvas.draw()
        return np.asarray(canvas.buffer_rgba())[..., 0] < 128


def top(text: str) -> int:
    return int(np.flatnonzero(ink(text).any(axis=1))[0])


def width(text: str) -> int:
    columns = np.flatnonzero(ink(text).any(axis=0))
    return int(columns[-1] - columns[0])


def test_thai_marks_stand_above_each_other_and_take_no_room() -> None:
    assert top("ก") > top("กี") > top("กี่")  # the tone mark stands above the vowel
    assert top("ที") > top("ที่")
    assert width("กี่") == pytest.approx(width("กี"), abs=2)
    bare, tall = ink("ก่"), ink("กี่")
    assert np.flatnonzero(bare.any(axis=1))[0] > np.flatnonzero(tall.any(axis=1))[0]
    # In น้ำ the ring of sara am stands below the tone mark, not beside it.
    assert width("น้ำ") < width("น") + width("า") + 25
    assert top("น้ำ") < top("นำ")


def test_the_typeface_is_the_one_that_we_ship_and_no_glyph_is_missing(drawn) -> None:
    from matplotlib import font_manager

    with house_style():
        for weight, name in (("normal", "Regular"), ("bold", "Bold")):
            found = font_manager.findfont(font_manager.FontProperties(family=FAMILY, weight=weight))
            assert found == str(font_file(name))
    for each in drawn["th"].values():
        report.png_bytes(each)  # a missing glyph warns, and a warning is an error here
        texts = [t for t in each.findobj(lambda a: hasattr(a, "get_fontfamily")) if t.get_text()]
        assert texts
        assert {t.get_fontfamily()[0] for t in texts} == {FAMILY}


@pytest.mark.parametrize("name", NAMES)
def test_every_drawing_has_words_units_and_the_same_bytes(drawn, sample, name: str) -> None:
    for language in ("th", "en"):
        figure = drawn[language][name]
        first = report.png_bytes(figure)
        assert first.startswith(PNG)
        if language == "th":
            assert figure._repr_png_() == first
        assert len(figure.alt_text) > 15
        assert figure.caption
        axes = figure.axes[0]
        assert axes.get_xlabel() or axes.get_ylabel()
        assert figure.get_size_inches()[0] * 2.54 == pytest.approx(16.0)
    assert drawn["th"][name].alt_text != drawn["en"][name].alt_text
    thai = [sign for sign in drawn["en"][name].caption if "\u0e00" <= sign <= "\u0e7f"]
    assert not thai


def test_nothing_to_draw_says_so(sample) -> None:
    for language, said in (("th", "ไม่มีข้อมูลสำหรับภาพนี้"), ("en", "There are no data for this figure")):
        for name, figure in sample.drawings(language, empty=True).items():
            assert said in figure.alt_text, name
            assert said in [text.get_text() for text in figure.axes[0].texts]
            assert report.Figure(figure).image.startswith(PNG)


def test_missing_values_alone_do_not_crash() -> None:
    gap = float("nan")
    frames = {
        report.agency_budget_figure: {"agency": [None], "n_projects": [None], "budget": [gap],
                                      "disbursed": [gap]},
        report.alignment_figure: {"indicator": ["A1"], "label": ["x"], "value": [gap],
                                  "low": [gap], "high": [gap]},
        report.progress_figure: {"physical_pct": [gap], "disbursed_pct": [3.0]},
        report.survey_figure: {"group": ["x"], "share": [gap], "ci_low": [gap], "ci_high": [gap],
                               "n": [gap]},
        report.coverage_map_figure: {"tambon_code": ["950101", "950102"], "lat": [6.5, gap],
                                     "lon": [101.2, 101.0], "value": [gap, 2.0]},
        report.trend_figure: {"period": ["a", "b"], "x": [gap, gap]},
        report.event_study_figure: {"event_time": [-1], "estimate": [gap], "ci_low": [gap],
                                    "ci_high": [gap]},
        report.needs_by_sector_figure: {"sector": ["x"], "n_needs": [0], "weight": [0.0]},
    }  # fmt: skip
    for draw, columns in frames.items():
        assert report.png_bytes(draw(pd.DataFrame(columns))).startswith(PNG), draw.__name__
    zero = pd.DataFrame([[0.0, gap]], ["a"], ["b", "c"])
    assert "ไม่มีข้อมูล" in report.need_project_heatmap_figure(zero).alt_text


def test_numbers_in_words_and_ink_agree_with_the_frame(sample, drawn) -> None:
    frame = sample.frames()["progress"]
    ahead = frame["disbursed_pct"] - frame["physical_pct"]
    above, below = int((ahead > 20).sum()), int((ahead < -20).sum())
    words = drawn["en"]["progress"].alt_text
    assert words == (
        f"Scatter of 240 projects: {240 - above - below} in step, {above} with money ahead of "
        f"work, {below} with work ahead of money"
    )
    points = drawn["en"]["progress"].axes[0].collections
    drawn_points = sorted(len(c.get_offsets()) for c in points if len(c.get_offsets()) > 1)
    assert drawn_points == sorted([above, below, 240 - above - below])

    widths = sorted(bar.get_width() for bar in drawn["en"]["agency"].axes[0].patches)
    money = sample.frames()["agency"]
    assert widths == pytest.approx(sorted([*money["budget"] / 1e6, *money["disbursed"] / 1e6]))

    steps = [(b.get_y(), b.get_height()) for b in drawn["en"]["waterfall"].axes[0].patches]
    assert steps == [pytest.approx(step) for step in ((0, 412.5), (374.4, 38.1), (0, 374.4))]


def test_the_event_study_takes_an_effect_and_marks_the_reference(sample) -> None:
    rows = sample.frames()["event"]
    extra = pd.DataFrame({"level": ["overall"], "event_time": [99.0], "estimate": [1.0],
                          "ci_low": [0.0], "ci_high": [2.0]})  # fmt: skip
    effect = SimpleNamespace(effects=pd.concat([rows.sample(frac=1, random_state=1), extra]))
    figure = report.event_study_figure(effect, language="en")
    assert report.png_bytes(figure) == report.png_bytes(
        report.event_study_figure(rows, language="en")
    )
    hollow = [line for line in figure.axes[0].lines if line.get_markerfacecolor() == "white"]
    assert [line.get_xdata().tolist() for line in hollow] == [[-1.0]]


@pytest.mark.parametrize(
    ("step", "language", "shown"),
    [("year", "th", "ปีงบประมาณ"), ("year", "en", "Fiscal years"), ("period", "en", "Periods")],
)
def test_the_event_study_says_what_a_period_is(sample, step, language, shown) -> None:
    figure = report.event_study_figure(sample.frames()["event"], language=language, step=step)
    assert shown in figure.axes[0].get_xlabel()
    assert shown.lower() in figure.alt_text.lower()
    with pytest.raises(SchemaError):
        report.event_study_figure(sample.frames()["event"], language=language, step="month")


@pytest.mark.parametrize("draw", [report.agency_budget_figure, report.baht_ledger_figure])
def test_the_words_of_a_figure_name_the_number_of_agencies_that_it_draws(draw) -> None:
    def rows(n: int) -> list[str]:
        frame = pd.DataFrame({name: np.ones(n) for name in ("n_projects", "budget", "disbursed",
                              "unique_baht", "contained", "duplicated", "repeated")})  # fmt: skip
        drawing = draw(frame.assign(agency=[f"A{i:02d}" for i in range(n)]), language="en")
        return [tick.get_text() for tick in drawing.axes[0].get_yticklabels()]

    assert f"More than {MOST_AGENCIES} agencies: the smallest share one bar" in draw.__doc__
    assert rows(MOST_AGENCIES) == [f"A{i:02d}" for i in range(MOST_AGENCIES)]
    assert len(rows(MOST_AGENCIES + 1)) == MOST_AGENCIES
    assert "2" in rows(MOST_AGENCIES + 1)[-1]


@pytest.mark.parametrize("name", [n for n in dir(report) if n.endswith("_figure")])
def test_every_drawing_takes_its_language_by_name_alone(name: str) -> None:
    language = inspect.signature(getattr(report, name)).parameters["language"]
    assert language.kind is inspect.Parameter.KEYWORD_ONLY
    assert language.default == "th"


def test_a_long_tail_of_agencies_becomes_one_bar_that_keeps_the_sum() -> None:
    n = 45
    frame = pd.DataFrame({"agency": [f"หน่วยงาน {i}" for i in range(n)], "n_projects": 1,
                          "budget": np.arange(1, n + 1) * 1e6, "disbursed": 1e6})  # fmt: skip
    axes = report.agency_budget_figure(frame, language="en").axes[0]
    labels = [tick.get_text() for tick in axes.get_yticklabels()]
    assert len(labels) == 10
    assert labels[-1] == "Other agencies (36)"
    assert sum(bar.get_width() for bar in axes.patches) == pytest.approx(n * (n + 1) / 2 + n)


def test_row_order_does_not_matter_and_frames_are_left_alone(sample) -> None:
    for name, draw in (("agency", report.agency_budget_figure), ("map", report.coverage_map_figure),
                       ("sector", report.needs_by_sector_figure),
                       ("progress", report.progress_figure)):  # fmt: skip
        frame = sample.frames()[name]
        shuffled = frame.sample(frac=1, random_state=3)
        before = shuffled.copy()
        assert report.png_bytes(draw(shuffled)) == report.png_bytes(draw(frame)), name
        pd.testing.assert_frame_equal(shuffled, before)


def test_refusals() -> None:
    with pytest.raises(SchemaError, match="disbursed"):
        report.agency_budget_figure(pd.DataFrame({"agency": [], "n_projects": [], "budget": []}))
    with pytest.raises(SchemaError, match=r"5.00 - 3.00 - 1.00"):
        report.waterfall_figure(5.0, 3.0, 1.0)
    with pytest.raises(SchemaError, match="fr"):
        report.trend_figure(pd.DataFrame({"period": ["a"], "x": [1.0]}), language="fr")
    for n in (4, None):
        shown = pd.DataFrame({"group": ["x"], "share": [0.5], "ci_low": [0.1], "ci_high": [0.9],
                              "n": [n]})  # fmt: skip
        with pytest.raises(DisclosureError):
            report.survey_figure(shown)


def test_a_hidden_group_shows_neither_its_share_nor_its_number() -> None:
    frame = pd.DataFrame({"group": ["เปิด", "ปิด"], "share": [0.5, None], "ci_low": [0.4, None],
                          "ci_high": [0.6, None], "n": [100, 7]})  # fmt: skip
    figure = report.survey_figure(frame, language="en")
    told = " ".join(t.get_text() for t in figure.axes[0].texts)
    assert told == "n = 100 hidden (small number)"
    assert "7" not in figure.alt_text
    assert "ปิด" not in figure.alt_text.replace("เปิด", "")


def test_names_are_text_never_formulas() -> None:
    hostile = ["$\\frac{1}", "a_b^c$x$", "_hidden", "100%\x00", "ส่วน\u200bงาน"]
    frame = pd.DataFrame({"agency": hostile, "n_projects": 1, "budget": 1e6, "disbursed": 1.0})
    assert report.png_bytes(report.agency_budget_figure(frame)).startswith(PNG)
    lines = pd.DataFrame({"period": hostile[:2], "_hidden": [1.0, 2.0], "$x": [2.0, 1.0]})
    trend = report.trend_figure(lines)
    assert report.png_bytes(trend).startswith(PNG)
    assert [text.get_text().strip() for text in trend.legends[0].get_texts()] == ["_hidden", "$x"]


@pytest.mark.parametrize(
    "name",
    ["สำนักงานส่งเสริมการปกครองท้องถิ่นจังหวัดยะลา", "ศูนย์อำนวยการบริหารจังหวัดชายแดนภาคใต้ (ศอ.บต.)",
     "Office of the Permanent Secretary for Everything",
     "คณะกรรมการกลั่นกรองแผนงานระดับพื้นที่ชายขอบทั้งหมด", "ก", ""],
)  # fmt: skip
def test_wrapping_loses_nothing_and_never_parts_a_letter_from_its_marks(name: str) -> None:
    wrapped = wrap_words(name, 20)
    assert wrapped.replace("\n", "").replace(" ", "") == name.replace(" ", "")
    lines = wrapped.split("\n")
    assert all(text_width(line) <= 26 for line in lines)
    assert not any(
        (line and "\u0e31" <= line[0] <= "\u0e3a") or (line[:1] in "็่้๊๋์" and line) for line in lines
    )


def luminance(colour: str) -> float:
    channels = np.array([int(colour[i : i + 2], 16) / 255 for i in (1, 3, 5)])
    linear = np.where(channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4)
    return float(linear @ [0.2126, 0.7152, 0.0722])


def test_first_series_stay_apart_in_grey() -> None:
    light = [luminance(colour) for colour in SERIES[:3]]
    contrast = [
        (max(a, b) + 0.05) / (min(a, b) + 0.05) for i, a in enumerate(light) for b in light[i + 1 :]
    ]
    assert min(contrast) > 1.5
    assert len(set(MARKERS)) == len(SERIES)


PROBE = (
    "import sys, evallib.report as r; r.Prose; r.render_html; print('matplotlib' in sys.modules)"
)


def test_a_page_without_drawings_does_not_load_matplotlib() -> None:
    done = subprocess.run([sys.executable, "-c", PROBE], check=True, capture_output=True, text=True,
                          env=os.environ | {"PYTHONWARNINGS": "error"})  # fmt: skip
    assert done.stdout.strip() == "False"


def panel_of_tambons(n_cohorts: int = 3) -> pd.DataFrame:
    """Return a panel of twelve quarters with starts one apart, one unit without its last rows."""
    unit, t = np.divmod(np.arange(60 * 12), 12)
    cohort = np.array([*range(4, 4 + n_cohorts), np.nan])[unit % (n_cohorts + 1)]
    frame = pd.DataFrame({"unit": unit, "t": t, "cohort": cohort, "y": 9000 + 20.0 * t})
    frame.loc[frame["t"] >= frame["cohort"], "y"] += 300
    return frame[~((frame["unit"] == 7) & (frame["t"] > 9))]


@pytest.mark.parametrize("language", ["th", "en"])
def test_cohorts_are_drawn_as_they_are(language: str) -> None:
    roles = ev.Design(outcome="y", unit="unit", time="t", cohort="cohort")
    frame = panel_of_tambons()
    timing = report.treatment_timing_figure(frame, roles, language=language)
    cells = np.asarray(timing.axes[0].images[0].get_array())
    assert cells.shape == (60, 12)
    assert (cells == 0).sum() == 2
    treated = frame["t"] >= frame["cohort"]
    assert (cells == 2).sum() == treated.sum()
    assert [label.get_text().count("15") for label in timing.axes[0].get_yticklabels()] == [1] * 4
    trends = report.outcome_trends_figure(frame, roles, language=language, outcome="บาท")
    lines = [line for line in trends.axes[0].get_lines() if len(line.get_xdata()) > 1]
    assert len(lines) == 4
    marks = [line.get_marker() for line in lines]
    assert marks[-1] == "None"  # never treated
    assert len(set(marks)) == 4
    first = frame[frame["cohort"] == 4].groupby("t")["y"].mean()
    assert lines[0].get_ydata() == pytest.approx(first.to_numpy())
    for figure in (timing, trends):
        assert report.png_bytes(figure).startswith(PNG)
        assert len(figure.alt_text) > 15
    assert report.png_bytes(timing) == report.png_bytes(
        report.treatment_timing_figure(
            frame.sample(frac=1, random_state=1), roles, language=language
        )
    )


def test_many_cohorts_share_a_line() -> None:
    roles = ev.Design(outcome="y", unit="unit", time="t", cohort="cohort")
    trends = report.outcome_trends_figure(panel_of_tambons(8), roles, language="en")
    assert "other cohorts" in trends.alt_text
    assert trends.alt_text.count(";") == 6
