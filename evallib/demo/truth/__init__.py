"""The synthetic world: places, needs, projects, progress, outcomes, and what is true of them."""
