"""`python -m knowflow_server` is `knowflow`."""

from knowflow_server.cli.main import main

main()
