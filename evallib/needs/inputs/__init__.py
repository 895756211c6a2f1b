"""What indicators are computed from: needs, projects, links, weights of a scope and period."""
