"""Effects of projects: designs, estimators, checks, power and the verdict.

The names are loaded on first use, so that ``import evallib.impact`` costs next to nothing.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
