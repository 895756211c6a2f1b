"""Surrogate ids: the same identity gets the same id, whoever asks."""

from __future__ import annotations

import hashlib
import hmac
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable


def hashed(
    prefix: str, length: int, identities: Iterable[str], *, key: bytes | None = None
) -> list[str]:
    """Return one id for each identity: a prefix and the first digits of its SHA-256.

    Parameters
    ----------
    prefix : str
        What ids of this kind begin with.
    length : int
        Hexadecimal digits.
    identities : iterable of str
        What is told apart; equal ones get one id.
    key : bytes, optional
        A secret: ids are then HMAC-SHA256, and nobody without it can find out whether an identity
        that he guesses is the one behind an id.

    Examples
    --------
    >>> hashed("N-", 10, ["940101|ถนน"])
    ['N-cca2177117']
    >>> hashed("R-", 10, ["95|17"], key=b"a secret") == hashed("R-", 10, ["95|17"], key=b"another")
    False
    """
    wanted = list(identities)
    digest = {i: _digest(i.encode(), key) for i in sorted(set(wanted))}
    taken: dict[str, str] = {}
    for identity, hexadecimal in digest.items():
        start = 0
        while hexadecimal[start : start + length] in taken:  # 8 digits may collide in big registers
            start += 1
        taken[hexadecimal[start : start + length]] = identity
    short = {identity: digits for digits, identity in taken.items()}
    return [prefix + short[identity] for identity in wanted]


def _digest(identity: bytes, key: bytes | None) -> str:
    if key is None:
        return hashlib.sha256(identity).hexdigest()
    return hmac.new(key, identity, hashlib.sha256).hexdigest()
