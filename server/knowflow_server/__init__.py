"""The KnowFlow server."""
