"""The index over subscribers finds whom a look at every record finds."""

from __future__ import annotations

from collections.abc import Callable

from hypothesis import given
from hypothesis import strategies as st

from knowflow.store.v1.subscriber_pb2 import Subscriber, SubscriberField
from knowflow_server.domain.konversation.subscriber_index import Crowd, Trait, of_value, valued

SMALL = st.integers(1, 3)
SUBSCRIBERS = st.builds(
    lambda number, tags, values, channel, email, time: Subscriber(
        number=number,
        name=f"N{number}",
        channel=channel,
        tags=tags,
        fields=[SubscriberField(field=field, value=value) for field, value in values.items()],
        opted_in_email=email,
        last_interaction=time,
    ),
    st.integers(1, 12),
    st.lists(SMALL, unique=True, max_size=3),
    st.dictionaries(SMALL, st.sampled_from(["a", "b", "x" * 100]), max_size=3),
    st.sampled_from(["web", "vk"]),
    st.integers(0, 1),
    st.integers(0, 5),
)
# A subscriber is put in anew, or the number is deleted.
STEPS = st.lists(SUBSCRIBERS | st.integers(1, 12), max_size=40)

TRAITS: dict[Trait, Callable[[Subscriber], bool]] = {
    ("tag", "1"): lambda one: 1 in one.tags,
    ("tag", "2"): lambda one: 2 in one.tags,
    ("channel", "vk"): lambda one: one.channel == "vk",
    ("opt_in_email", ""): lambda one: one.opted_in_email > 0,
    valued(1): lambda one: any(value.field == 1 for value in one.fields),
    of_value(1, "a"): lambda one: any((value.field, value.value) == (1, "a") for value in one.fields),
    of_value(2, "x" * 100): lambda one: any((value.field, value.value) == (2, "x" * 100) for value in one.fields),
}


@given(STEPS, st.integers(0, 8), st.integers(1, 5))
def test_index_agrees_with_a_look_at_every_subscriber(steps: list[Subscriber | int], offset: int, size: int) -> None:
    crowd, known = Crowd(), {}
    for step in steps:
        if isinstance(step, int):
            crowd.remove(step)
            known.pop(step, None)
        else:
            crowd.put(step)
            known[step.number] = step
    assert len(crowd) == len(known)
    newest = sorted(known, reverse=True)
    assert list(crowd.newest(None, offset, size)) == newest[offset : offset + size]
    for trait, is_true in TRAITS.items():
        expected = {number for number, one in known.items() if is_true(one)}
        assert set(crowd.having(trait)) == expected
        assert crowd.without(crowd.having(trait)) == set(known) - expected
        page = [number for number in newest if number in expected][offset : offset + size]
        assert list(crowd.newest(crowd.having(trait), offset, size)) == page
    assert crowd.since("last_interaction", 3) == {n for n, one in known.items() if one.last_interaction >= 3}


async def test_names_are_found_by_any_part_without_regard_to_case() -> None:
    crowd = Crowd()
    for number, name in enumerate(["Ada Lovelace", "STRASSE", "Grace"], 1):
        crowd.put(Subscriber(number=number, name=name))
    assert await crowd.named("LOVE") == {1}
    assert await crowd.named("straße") == {2}
    assert await crowd.named("a", among=[2, 3]) == {2, 3}
