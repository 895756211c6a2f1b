"""How Thai is written: repairs that are certain, keys under which spellings meet, and bytes."""
