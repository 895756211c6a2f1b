"""Demo: synthetic submissions in the forms of real ones, with a known truth beside them."""

from evallib.demo.write import DemoReport, write_demo

__all__ = ["DemoReport", "write_demo"]
