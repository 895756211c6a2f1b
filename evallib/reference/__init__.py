"""Reference data that ships with the package."""
