"""Kinds of submissions: each sheet of one kind to the rows of its contract."""
