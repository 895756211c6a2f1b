"""Names of persons in running text: what is one, and where one stands."""
