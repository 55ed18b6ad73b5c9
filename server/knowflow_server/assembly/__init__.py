"""The parts of the composition root: what is opened, built and joined for a running server."""
