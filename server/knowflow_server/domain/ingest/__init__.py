"""Turns one file on disk into chunks: readers make blocks of a file, chunkers cut the text of the blocks."""
