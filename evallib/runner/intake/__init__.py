"""Ingest: files in, tables rebuilt, decisions of people honoured, correction sheets out."""
