"""Surrogate ids: the same identity gets the same id, whoever asks."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def hashed(prefix: str, length: int, identities: Iterable[str]) -> list[str]:
    """Return one id for each identity: a prefix and the first digits of its SHA-256.

    Examples
    --------
    >>> hashed("N-", 10, ["940101|ถนน"])
    ['N-cca2177117']
    """
    wanted = list(identities)
    digest = {i: hashlib.sha256(i.encode()).hexdigest() for i in sorted(set(wanted))}
    taken: dict[str, str] = {}
    for identity, hexadecimal in digest.items():
        start = 0
        while hexadecimal[start : start + length] in taken:  # 8 digits may collide in big registers
            start += 1
        taken[hexadecimal[start : start + length]] = identity
    short = {identity: digits for digits, identity in taken.items()}
    return [prefix + short[identity] for identity in wanted]
