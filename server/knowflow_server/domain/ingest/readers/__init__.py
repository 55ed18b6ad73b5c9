"""Readers: one file per format, each turning a file into blocks in document order."""
