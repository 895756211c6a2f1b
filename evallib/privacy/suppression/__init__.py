"""Suppression of one table: small counts hidden, and others with them, with exact margins."""
