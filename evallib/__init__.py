"""Evaluate public development projects in Thailand's southern border provinces.

Five nouns carry the library: a frame that meets a contract of ``evallib.tables``, ``FiscalPeriod``,
a place code, ``Finding`` and ``Effect``. Functions are the verbs between them: read, clean, link,
estimate, suppress, store, report.

Examples
--------
>>> import evallib as ev
>>> ev.FiscalPeriod.parse("2565-Q3").label("en")
'quarter 3, fiscal year 2565 (2021/22)'
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
