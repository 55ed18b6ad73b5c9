"""What a server does not load."""

from __future__ import annotations

import subprocess
import sys

PROGRAM = """
from knowflow_server.unneeded import CATALOGUES, leave_out_catalogues
leave_out_catalogues()
import sys, lance, lancedb
print({name.rpartition(".")[2] for name in sys.modules if name.startswith(CATALOGUES)} > {"api", "table_api"})
print(sys.modules[CATALOGUES + ".table_api"].__dict__.keys() & {"TableApi"})
"""


def test_catalogues_of_lancedb_are_left_out() -> None:
    done = subprocess.run([sys.executable, "-c", PROGRAM], capture_output=True, text=True, check=False)
    assert (done.stdout, done.returncode) == ("True\nset()\n", 0), done.stderr
