"""The version of the package, for those who may not import its face."""

__version__ = "0.1.0"
