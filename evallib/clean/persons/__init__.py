"""What is about persons and must not stay: numbers, names, addresses, whole columns and sheets."""
