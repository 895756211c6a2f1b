"""The chapters of a report: one file each, evidence in, blocks out."""
