"""Places: the register of provinces, amphoe and tambons, and names resolved to their codes."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
