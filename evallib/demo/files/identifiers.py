"""Made-up names, numbers and addresses of persons, planted where forms should hold none."""

from __future__ import annotations

import string
from typing import TYPE_CHECKING

from evallib.demo.wording import phrases, pick, thai_digits

if TYPE_CHECKING:
    import numpy as np

NO_SUCH_PROVINCE = "99"  # the register of provinces ends at 96: nobody bears such a number


def citizen_id(rng: np.random.Generator) -> str:
    """Return 13 digits with a valid check digit that no person can bear.

    Examples
    --------
    >>> import numpy as np
    >>> number = citizen_id(np.random.default_rng(0))
    >>> total = sum(int(d) * (13 - i) for i, d in enumerate(number[:12]))
    >>> (11 - total % 11) % 10 == int(number[12])
    True
    """
    digits = f"{rng.integers(1, 9)}{NO_SUCH_PROVINCE}{rng.integers(0, 10**9):09d}"
    total = sum(int(d) * (13 - i) for i, d in enumerate(digits))
    return f"{digits}{(11 - total % 11) % 10}"


def plant_identifiers(rng: np.random.Generator) -> tuple[str, list[tuple[str, str]]]:
    """Return a sentence that names or describes a made-up person, and what it gives away.

    Returns
    -------
    sentence : str
        What a clerk might type.
    planted : list of (kind, value)
        ``citizen_id``, ``phone``, ``name`` or ``email``, each exactly as it stands in the sentence.
    """
    sentence: str = pick(rng, phrases()["words"]["contacts"])
    values: dict[str, str] = {}
    for _, kind, _, _ in string.Formatter().parse(sentence):
        if kind:
            values[kind] = _write(kind, rng)
    return sentence.format(**values), list(values.items())


def _write(kind: str, rng: np.random.Generator) -> str:
    words = phrases()["words"]
    if kind == "name":
        gap = pick(rng, ("", "", " "))
        first, last = pick(rng, words["first_names"]), pick(rng, words["last_names"])
        return f"{pick(rng, words['titles'])}{gap}{first} {last}"
    if kind == "email":
        return f"demo{rng.integers(100, 999)}@example.{pick(rng, ('com', 'org'))}"
    if kind == "phone":
        number = f"0800000{rng.integers(0, 1000):03d}"
        shapes = ("{}{}{}", "{}-{}-{}", "{} {} {}", "{}-{}{}")
        shown = pick(rng, shapes).format(number[:3], number[3:6], number[6:])
    else:
        number = citizen_id(rng)
        parts = (number[0], number[1:5], number[5:10], number[10:12], number[12])
        shown = pick(rng, ("", "-", " ")).join(parts)
    return thai_digits(shown) if rng.random() < 0.15 else shown
