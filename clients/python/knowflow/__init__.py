"""KnowFlow's Python package: the generated messages and stubs."""
