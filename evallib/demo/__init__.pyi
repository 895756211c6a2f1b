from .write import DemoReport as DemoReport
from .write import write_demo as write_demo
