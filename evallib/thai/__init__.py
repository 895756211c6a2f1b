"""How Thai is written: certain repairs, keys under which spellings meet, bytes, days, columns."""
