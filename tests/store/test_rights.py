"""Tables of single answers are read by their owner alone."""

import stat
import sys

import pandas as pd
import pytest

from evallib.store import Store
from evallib.tables import empty


@pytest.mark.skipif(sys.platform == "win32", reason="rights of files are those of Unix")
def test_single_answers_are_closed_to_others(tmp_path) -> None:
    store = Store(tmp_path / "processed")
    one = {"resp_key": "a", "tambon_code": "950101", "amphoe_code": "9501", "province_code": "95",
           "fiscal_year": 2565, "quarter": 3, "aware": 1, "as_of": "2022-06-24"}  # fmt: skip
    store.rebuild({"beneficiary_survey": pd.DataFrame([one]), "needs": empty("needs")},
                  run_id="r", as_of="2022-06-24")  # fmt: skip
    form = pd.DataFrame([one | {"set_id": "s", "form": "f"}]).drop(columns="as_of")
    store.commit({"released_forms": form}, run_id="r", as_of="2022-06-24")
    for table in ("beneficiary_survey", "released_forms"):
        folder = store.path / table
        paths = [folder, *folder.rglob("*")]
        assert len(paths) > 3
        for path in paths:
            mode = stat.S_IMODE(path.stat().st_mode)
            assert mode == (0o700 if path.is_dir() else 0o600), path.name
    assert len(store.read("beneficiary_survey")) == len(store.read("released_forms")) == 1
