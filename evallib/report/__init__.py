"""Reports: neutral blocks, drawings, pages and the index over all reports."""

from typing import Any

import lazy_loader

from evallib.report.document import Block

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)


def _present(block: Block) -> dict[str, Any]:
    from evallib.report.notebook import present_block  # brings pandas; a script shows no block

    return present_block(block)


Block.present = staticmethod(_present)
