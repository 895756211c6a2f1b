"""The fuzzer itself: its targets hold, damage is repeatable, a fault is caught and kept."""

import random

import pytest

from fuzz import run, seeds, targets
from fuzz.mutate import damage_bytes, damage_text


@pytest.mark.parametrize("name", sorted(targets.TARGETS))
def test_properties_hold_on_seeds_and_on_light_damage(name, tmp_path) -> None:
    fuzzer = run.Fuzzer(name, 7, tmp_path)
    for sample in list(fuzzer.corpus):
        fuzzer.try_one(sample)
    for _ in range(20 if name == "file" else 100):
        origin = fuzzer.rng.choice(fuzzer.corpus)
        damage = damage_bytes if isinstance(origin, bytes) else damage_text
        fuzzer.try_one(damage(origin, fuzzer.corpus, fuzzer.rng))
    assert fuzzer.found == {}
    assert len(fuzzer.seen) > 5


def test_no_target_leaves_the_library_changed() -> None:
    from evallib.clean.files import child
    from evallib.clean.sheets import sheet as read

    for content in seeds.files():
        targets.fuzz_file(content)
    assert read.read_in_child is child.read_in_child


def test_damage_is_the_same_from_the_same_seed() -> None:
    files = seeds.files()
    again = seeds.files()
    assert files == again
    for content in files:
        pair = [damage_bytes(content, files, random.Random(3)) for _ in range(2)]
        assert pair[0] == pair[1]
        assert any(damage_bytes(content, files, random.Random(s)) != content for s in range(3))
    texts = [damage_text("1 ต.ค. 2564", seeds.DATES, random.Random(s)) for s in (1, 1, 2)]
    assert texts[0] == texts[1] != texts[2]


def test_a_fault_is_counted_and_kept_with_its_cause(monkeypatch, tmp_path) -> None:
    def broken(text: str) -> targets.Signature:
        targets.must("9" not in text, "a nine")
        return (text,)

    monkeypatch.setitem(targets.TARGETS, "date", broken)
    fuzzer = run.Fuzzer("date", 7, tmp_path)
    for text in ("8", "9", "99"):
        fuzzer.try_one(text)
    assert fuzzer.found == {"date a nine": 2}
    kept = sorted(tmp_path.iterdir())
    assert kept[0].read_bytes() == b"9"
    assert "a nine" in kept[1].read_text(encoding="utf-8")


def test_every_property_notices_when_it_is_broken() -> None:
    with pytest.raises(targets.Violation):
        targets.must([], "nothing")
    wrong = {"date": "parse_thai_dates", "baht": "parse_baht"}
    for name, parser in wrong.items():
        with pytest.MonkeyPatch.context() as patch:
            right = getattr(targets.clean, parser)

            def lose(cells, *rest, right=right):
                values, findings = right(cells, *rest)
                return values.mask(values.notna()), findings  # every value lost without a word

            patch.setattr(targets.clean, parser, lose)
            with pytest.raises(targets.Violation, match="lost without a finding"):
                targets.TARGETS[name]({"date": "1 ต.ค. 2564", "baht": "100,000"}[name])
