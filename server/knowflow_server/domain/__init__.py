"""Decisions: what may happen to datasets, documents and chunks, and what a question finds."""
