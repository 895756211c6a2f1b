"""Two-by-two comparisons: their plan, their contrasts, propensities, group-time effects."""
