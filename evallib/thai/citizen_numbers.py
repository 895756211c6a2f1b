"""The check digit of the 13-digit number of a citizen.

Intake takes every number that passes; the last scan of pages asks for a real office too, so that
budgets and codes of a report are not taken for people.
"""

from __future__ import annotations

# first two digits of the registration office, which are those of a province
PROVINCES = frozenset(
    [*range(10, 28), *range(30, 50), *range(50, 59), *range(60, 68), *range(70, 78),
     *range(80, 87), *range(90, 97)]
)  # fmt: skip


def is_citizen_number(digits: str) -> bool:
    """Tell whether 13 digits carry the check digit of a Thai citizen number.

    Examples
    --------
    >>> is_citizen_number("1234567890121"), is_citizen_number("1234567890123")
    (True, False)
    """
    if len(digits) != 13 or not digits.isascii() or not digits.isdigit():
        return False
    total = sum(int(d) * weight for d, weight in zip(digits, range(13, 1, -1), strict=False))
    return (11 - total % 11) % 10 == int(digits[12])


def is_national_id(digits: str) -> bool:
    """Return whether 13 digits can be the number of a person: office and check digit agree.

    Numbers that begin with 0 belong to firms and offices, but for 00, which foreign workers bear.

    Examples
    --------
    >>> is_national_id("1101700000010"), is_national_id("1101700000011")
    (True, False)
    """
    if not is_citizen_number(digits) or digits[0] == "9":
        return False
    if digits[0] == "0" and digits[1] != "0":
        return False
    return digits[0] == "0" or int(digits[1:3]) in PROVINCES
