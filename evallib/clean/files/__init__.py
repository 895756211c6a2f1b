"""Bytes of foreign files to grids of cells, opened in a child with limits."""
