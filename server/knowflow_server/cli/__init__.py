"""The command `knowflow`."""

from knowflow_server.cli.main import main

__all__ = ["main"]
