"""The gate: what is about people leaves only after suppression, and only where it may.

The names are loaded on first use, so that ``import evallib.privacy`` costs next to nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
