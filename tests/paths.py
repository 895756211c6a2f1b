"""Where tests find the checkout, their own data, and real data when it lies beside the checkout."""

from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
DATA = ROOT / "tests" / "data"
SHARED = ROOT.parent / "shared" / "data"  # not part of the project
