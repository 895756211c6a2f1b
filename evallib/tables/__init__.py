"""Tables: the contract of each, the frames that meet it, and the dictionary printed from it."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
