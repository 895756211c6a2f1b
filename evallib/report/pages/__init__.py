"""Blocks to pages: HTML, tables, findings, fonts, the index over all reports."""
