"""A pipeline whose import says that it has begun, and does not end."""

import os
import time
from pathlib import Path

Path(os.environ["SLOW_PIPELINE_FIFO"]).write_text(str(os.getpid()), encoding="ascii")
time.sleep(3_600)
