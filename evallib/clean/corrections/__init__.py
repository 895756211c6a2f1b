"""Correction sheets: what goes back to an agency, and the answers that come in."""
