"""Grids to tables: headers, headings, bodies, totals, titles, what is hidden, forms of ours."""
