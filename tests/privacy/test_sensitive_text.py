"""SensitiveText in every place where words slip out."""

import copy
import json
import logging
import pickle
import traceback
from io import StringIO
from pathlib import Path
from string import Template

import numpy as np
import pandas as pd
import pytest

from evallib.errors import DisclosureError
from evallib.privacy import SensitiveText, conceal_text

WORDS = "น้ำประปาไม่ไหลมาสามเดือน secret"
MASK = "[ปกปิด]"


@pytest.fixture
def said() -> SensitiveText:
    return SensitiveText(WORDS)


@pytest.fixture
def frame() -> pd.DataFrame:
    return pd.DataFrame({"n": [1, 2], "words": conceal_text(pd.Series([WORDS, None]))})


@pytest.mark.parametrize(
    "show",
    [
        str, repr, format, ascii,
        "{}".format, "{!r}".format, "%s".__mod__, "%r".__mod__,
        lambda s: f"{s}", lambda s: f"{s!r}", lambda s: f"{s!s:>40}", lambda s: f"{s=}",
        lambda s: f"{[s]} {({'k': s})} {(s,)}", lambda s: Template("$x").substitute(x=s),
        lambda s: np.array([s], dtype=object).__repr__(), lambda s: str(np.array([s], dtype=str)),
        lambda s: json.dumps({"x": s}, default=str), lambda s: str(Exception(s)),
        lambda s: repr(ValueError("bad", s)), lambda s: str(dir(s)),
    ],
)  # fmt: skip
def test_no_way_of_showing_shows_the_words(show, said: SensitiveText) -> None:
    shown = show(said)
    assert "secret" not in shown
    assert "น้ำ" not in shown


def test_only_reveal_gives_the_words(said: SensitiveText) -> None:
    assert said.reveal() == WORDS
    assert str(said) == repr(said) == MASK
    assert f"{said:*^11}" == f"**{MASK}**"


@pytest.mark.parametrize(
    "write",
    [
        repr, str, lambda f: f.to_string(), lambda f: f.to_csv(), lambda f: f.to_html(),
        lambda f: f._repr_html_(), lambda f: f.to_json(default_handler=str),
        lambda f: f.T.to_string(),
        lambda f: str(f.to_dict()), lambda f: str(f["words"].astype("str").tolist()),
        lambda f: str(f["words"].unique()), lambda f: f["words"].value_counts().to_string(),
        lambda f: f.set_index("words").to_string(), lambda f: f.describe(include="all").to_string(),
        lambda f: f.to_string(index=False),
    ],
)  # fmt: skip
def test_no_table_shows_the_words(write, frame: pd.DataFrame) -> None:
    written = write(frame)
    assert "secret" not in written
    assert "น้ำ" not in written


def test_json_without_a_handler_does_not_leak(said: SensitiveText, frame: pd.DataFrame) -> None:
    with pytest.raises(TypeError) as refused:
        json.dumps({"x": said})
    assert "secret" not in str(refused.value)
    try:
        written = frame.to_json()
    except (TypeError, ValueError, OverflowError) as error:
        written = str(error)
    assert "secret" not in written


def test_a_traceback_with_its_locals_does_not_leak(said: SensitiveText) -> None:
    def fail(answer: SensitiveText) -> None:
        raise KeyError(answer)

    try:
        fail(said)
    except KeyError as error:
        told = "".join(
            traceback.TracebackException.from_exception(error, capture_locals=True).format()
        )
    assert MASK in told
    assert "secret" not in told


def test_a_log_does_not_leak(said: SensitiveText) -> None:
    stream = StringIO()
    log = logging.Logger("privacy")
    log.addHandler(logging.StreamHandler(stream))
    log.error("said %s and %r", said, [said])
    assert stream.getvalue() == f"said {MASK} and [{MASK}]\n"


def test_it_cannot_be_pickled_even_inside_a_frame(
    said: SensitiveText, frame: pd.DataFrame, tmp_path: Path
) -> None:
    for thing in (said, {"x": [said]}, frame):
        for protocol in range(pickle.HIGHEST_PROTOCOL + 1):
            with pytest.raises(DisclosureError):
                pickle.dumps(thing, protocol=protocol)
    with pytest.raises(DisclosureError):
        frame.to_pickle(tmp_path / "x.pkl")
    with pytest.raises(DisclosureError):
        said.__getstate__()


def test_it_cannot_be_written_to_parquet(frame: pd.DataFrame, tmp_path: Path) -> None:
    import pyarrow as pa

    with pytest.raises(pa.ArrowInvalid) as refused:
        frame.to_parquet(tmp_path / "x.parquet")
    assert "secret" not in str(refused.value)


def test_it_holds_no_open_door(said: SensitiveText) -> None:
    assert not isinstance(said, str)
    assert not hasattr(said, "__dict__")
    for use in (len, iter, sorted, "".join, lambda s: s + "x", lambda s: s[0], lambda s: "a" in s):
        with pytest.raises(TypeError):
            use(said)
    with pytest.raises(AttributeError):
        said.words = "x"  # type: ignore[attr-defined]


def test_equal_words_are_equal_so_that_doubles_can_be_found(said: SensitiveText) -> None:
    assert said == SensitiveText(WORDS)
    assert said != SensitiveText("other")
    assert said != WORDS
    assert len({said, SensitiveText(WORDS), SensitiveText("other")}) == 2
    assert copy.deepcopy([said])[0] is copy.copy(said)


@pytest.mark.parametrize("value", [1234567890123, None, b"secret", ["secret"]])
def test_other_than_text_is_refused_without_being_shown(value: object) -> None:
    with pytest.raises(TypeError) as refused:
        SensitiveText(value)  # type: ignore[arg-type]
    assert str(refused.value) == type(value).__name__


def test_concealing_keeps_index_name_and_gaps() -> None:
    words = pd.Series(["a", None, "b"], index=[7, 3, 5], name="need")
    before = words.copy()
    hidden = conceal_text(words)
    assert hidden.index.tolist() == [7, 3, 5]
    assert hidden.name == "need"
    assert hidden.isna().tolist() == [False, True, False]
    assert [s.reveal() for s in hidden.dropna()] == ["a", "b"]
    pd.testing.assert_series_equal(words, before)
