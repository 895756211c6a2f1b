"""Demo: synthetic submissions in the forms of real ones, with a known truth beside them."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
