"""Whose turn it is, when jobs of several organizations wait."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from knowflow.store.v1.job_pb2 import Job
from knowflow_server.domain.job_queue import JobQueue


def job(organization: str, number: int) -> Job:
    return Job(id=f"{organization}{number}", organization_id=organization, created_at=number)


def queue_of(*jobs: Job) -> JobQueue:
    queue = JobQueue()
    for one in jobs:
        queue.put(one)
    return queue


def drain(queue: JobQueue, workers: int = 1) -> list[str]:
    """Let jobs run one after the other, the first to start being the first to end."""
    order: list[str] = []
    running: list[Job] = []
    while True:
        counts = Counter(one.organization_id for one in running)
        running += (taken := queue.take(workers - len(running), counts, lambda _: False))
        order += [one.id for one in taken]
        if not running:
            return order
        running.pop(0)


def test_take_organizations_take_turns_even_with_one_worker() -> None:
    queue = queue_of(*(job("a", number) for number in range(100)), job("b", 200), job("c", 300))
    assert drain(queue)[:4] == ["a0", "b200", "c300", "a1"]


def test_take_latecomer_waits_for_what_runs_only() -> None:
    queue = queue_of(*(job(name, number) for name in "ab" for number in range(100)))
    counts: Counter[str] = Counter()
    assert [one.id for one in queue.take(2, counts, lambda _: False)] == ["a0", "b0"]
    queue.put(job("c", 999))
    counts.subtract("a")
    assert [one.id for one in queue.take(1, counts, lambda _: False)] == ["c999"]


def test_take_one_who_comes_back_again_and_again_does_not_overtake_everybody() -> None:
    queue = queue_of(*(job("a", number) for number in range(10)))
    order = []
    for number in range(10, 16):
        queue.put(job("b", number))
        order += [one.organization_id for one in queue.take(1, Counter(), lambda _: False)]
    assert order == ["a", "b", "a", "b", "a", "b"] or order == ["b", "a", "b", "a", "b", "a"]


def test_take_blocked_jobs_keep_their_place_and_stop_nobody() -> None:
    queue = queue_of(job("a", 1), job("a", 2), job("b", 3))
    blocked = {"a1", "b3"}
    assert [one.id for one in queue.take(5, Counter(), lambda one: one.id in blocked)] == ["a2"]
    assert len(queue) == 2
    assert drain(queue) == ["b3", "a1"] or drain(queue) == []


def test_take_dropped_jobs_are_gone_and_newer_states_count() -> None:
    queue = queue_of(job("a", 1), job("a", 2))
    queue.drop("a1")
    queue.drop("unknown")
    newer = job("a", 2)
    newer.attempts = 3
    queue.put(newer)
    assert [one.attempts for one in queue.take(5, Counter(), lambda _: False)] == [3]
    assert len(queue) == 0


@given(st.lists(st.tuples(st.sampled_from("abcd"), st.integers(0, 50)), unique=True), st.integers(1, 4))
def test_take_gives_each_job_once_and_each_organization_its_oldest_first(
    jobs: list[tuple[str, int]], workers: int
) -> None:
    order = drain(queue_of(*(job(name, number) for name, number in jobs)), workers)
    assert sorted(order) == sorted(f"{name}{number}" for name, number in jobs)
    for name in "abcd":
        own = [int(identifier[1:]) for identifier in order if identifier[0] == name]
        assert own == sorted(own)
