"""How a table is understood: what headings say, what cells are, which column is which."""
