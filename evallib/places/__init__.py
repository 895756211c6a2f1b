"""Places: the register of provinces, amphoe and tambons, and names resolved to their codes."""

from evallib.places.register import area, find_province, name_of, register
from evallib.places.resolve import resolve_places

__all__ = ["area", "find_province", "name_of", "register", "resolve_places"]
