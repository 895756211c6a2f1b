"""The evaluation database: Delta tables in a folder, read as contracts, queried with SQL."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
