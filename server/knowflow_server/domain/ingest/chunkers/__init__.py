"""Chunkers: one file per chunking method, each cutting the text of blocks into contents without losing a character."""
