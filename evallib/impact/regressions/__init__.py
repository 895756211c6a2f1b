"""Least squares with fixed effects, event terms, imputed outcomes."""
