"""Errors, degrees of freedom and p values from influence functions and residuals."""
