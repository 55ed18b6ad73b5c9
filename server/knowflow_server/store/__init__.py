"""Keeping: the only room that knows LanceDB and Arrow."""
