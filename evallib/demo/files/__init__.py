"""Submissions of the synthetic world, in the shapes and with the defects of real ones."""
