"""The measures behind the indicators, one subject a file."""
