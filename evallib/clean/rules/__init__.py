"""Rules that rows must keep: their file, their operators, what becomes of a row that breaks one."""
