"""The estimators, one a file: a frame and a design go in, an Effect comes out."""
