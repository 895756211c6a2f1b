from .codes import address_of as address_of
from .codes import area as area
from .codes import find_province as find_province
from .codes import name_of as name_of
from .codes import register as register
from .resolve import resolve_places as resolve_places
from .villages import find_villages as find_villages
