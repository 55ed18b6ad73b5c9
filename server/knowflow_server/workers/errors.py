"""What can go wrong between a parent and its worker."""

import signal as signals


class WorkerError(Exception):
    """Base of everything a worker request can fail with; `worker` is the worker's name, for example "embed"."""

    def __init__(self, worker: str, sentence: str) -> None:
        super().__init__(sentence)
        self.worker = worker


class WorkerClosedError(WorkerError):
    """The worker was closed for good before or during the request."""

    def __init__(self, worker: str) -> None:
        super().__init__(worker, f"The {worker} worker is closed.")


class WorkerFailedError(WorkerError):
    """The worker refused or failed one request and lives on; asking again gives the same answer.

    Attributes:
        kind: The worker's own word for the failure: "memory", "unexpected", or what its handler raised.
        sentence: The worker's sentence, for example an ingest error's.
    """

    def __init__(self, worker: str, kind: str, *, sentence: str) -> None:
        super().__init__(worker, f"The {worker} worker failed a request ({kind}): {sentence}")
        self.kind = kind
        self.sentence = sentence


class WorkerDiedError(WorkerError):
    """The worker's process ended during the request; the next request starts a new one, so a retry may succeed.

    Attributes:
        exit_code: The process' exit code, or None when a signal ended it.
        signal: The signal that ended it, or None.
    """

    def __init__(self, worker: str, *, return_code: int, reason: str = "died") -> None:
        self.exit_code = return_code if return_code >= 0 else None
        self.signal = -return_code if return_code < 0 else None
        how = f"exit code {return_code}" if self.signal is None else signal_name(self.signal)
        super().__init__(worker, f"The {worker} worker {reason} ({how}).")


class WorkerTimeoutError(WorkerDiedError):
    """The worker was killed because it worked longer than the request's deadline of `limit_s` seconds."""

    def __init__(self, worker: str, *, return_code: int, limit_s: float) -> None:
        super().__init__(worker, return_code=return_code, reason=f"took longer than {limit_s:g} s")
        self.limit_s = limit_s


class WorkerMemoryError(WorkerDiedError):
    """The worker was killed because its resident memory passed `limit_mb` MiB."""

    def __init__(self, worker: str, *, return_code: int, limit_mb: int) -> None:
        super().__init__(worker, return_code=return_code, reason=f"needed more than {limit_mb} MB")
        self.limit_mb = limit_mb


def signal_name(number: int) -> str:
    """Return for example "signal 11, SIGSEGV"; real-time signals have no name."""
    try:
        return f"signal {number}, {signals.Signals(number).name}"
    except ValueError:
        return f"signal {number}"
