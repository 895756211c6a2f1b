"""Which project answers which need: candidates, their evidence, probabilities, decisions."""
