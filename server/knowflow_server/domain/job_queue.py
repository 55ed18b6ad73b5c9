"""The jobs that wait, and whose turn it is."""

from __future__ import annotations

import heapq
import itertools
from collections import Counter
from collections.abc import Callable

from knowflow.store.v1.job_pb2 import Job


class JobQueue:
    """Waiting jobs of one kind, fair between organizations.

    The next job is the oldest of the organization with the fewest running ones; among equals, of the one whose last
    turn is longest ago. So an organization with one document waits for one other document at most, however many others
    have queued up. The jobs themselves are records: this holds an entry of some hundred bytes for each, and choosing
    takes time with the number of organizations, not with that of the jobs.
    """

    def __init__(self) -> None:
        self._jobs: dict[str, Job] = {}
        self._heaps: dict[str, list[tuple[int, str]]] = {}
        self._turns: dict[str, int] = {}
        self._numbers = itertools.count(1)

    def __len__(self) -> int:
        """Return the number of jobs that wait."""
        return len(self._jobs)

    def put(self, job: Job) -> None:
        """Add a job, or its newer state."""
        if job.id not in self._jobs:
            heapq.heappush(self._heaps.setdefault(job.organization_id, []), (job.created_at, job.id))
        self._jobs[job.id] = job

    def drop(self, identifier: str) -> None:
        """Take a job out, if it is there; its entry in the heap goes when it comes to the top."""
        self._jobs.pop(identifier, None)

    def take(self, number: int, running: Counter[str], is_blocked: Callable[[Job], bool]) -> list[Job]:
        """Take out the jobs to start now, at most a number.

        Args:
            number: How many may start.
            running: Number of running jobs by organization; those that are taken are added.
            is_blocked: Whether a job has to wait for another one; it keeps its place.
        """
        chosen: list[Job] = []
        blocked: list[Job] = []
        waiting = set(self._heaps)
        while len(chosen) < number and waiting:
            organization = min(waiting, key=lambda name: (running[name], self._turns.get(name, 0), self._heaps[name]))
            job = self._oldest(organization, blocked, is_blocked)
            if job is None:
                waiting.discard(organization)
                continue
            chosen.append(job)
            running[organization] += 1
            # Kept when nothing waits any more: who comes back must not overtake everybody each time.
            self._turns[organization] = next(self._numbers)
        for job in blocked:
            self.put(job)
        return chosen

    def _oldest(self, organization: str, blocked: list[Job], is_blocked: Callable[[Job], bool]) -> Job | None:
        heap = self._heaps[organization]
        while heap:
            job = self._jobs.pop(heapq.heappop(heap)[1], None)
            if job is None:
                continue
            if not is_blocked(job):
                return job
            blocked.append(job)
        del self._heaps[organization]
        return None
