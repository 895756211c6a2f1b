"""Cells to values: dates, money, counts, measures, states; one parser a file."""
