"""Places: the register of provinces, amphoe and tambons, and names resolved to their codes."""

from evallib.places.register import address_of, area, find_province, name_of, register
from evallib.places.resolve import resolve_places
from evallib.places.villages import find_villages

__all__ = [
    "address_of",
    "area",
    "find_province",
    "find_villages",
    "name_of",
    "register",
    "resolve_places",
]
