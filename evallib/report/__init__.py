"""Reports: neutral blocks, drawings, pages and the index over all reports."""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
