"""Frames to arrays: columns, roles, panels, rows, and the programme that is evaluated."""
