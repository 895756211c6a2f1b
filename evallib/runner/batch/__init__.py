"""Reports in one go: plan, content keys, the engine of notebooks, publishing."""
