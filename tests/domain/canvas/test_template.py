"""Templates: rendered in a process of their own, which ends when it takes too much."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from knowflow_server.domain.canvas.template import is_template
from knowflow_server.domain.ports import TemplateFailedError
from knowflow_server.workers.templates import TemplateWorkers
from tests.domain.canvas.harness import Conversation, graph, node


@pytest.fixture(scope="module")
async def workers() -> AsyncIterator[TemplateWorkers]:
    made = TemplateWorkers(size=1, limit_s=3.0)
    yield made
    await made.close()


@pytest.mark.parametrize(
    ("text", "is_one"),
    [
        ("Hello {x@y}", False),
        ("Hello {{x@y}}", False),
        ("{{ sys.query }}", False),
        ("{% if sys.query %}yes{% endif %}", True),
        ("{{ x@y | upper }}", True),
        ("{# nothing #}", True),
        ("a { b } c }} {", False),
    ],
)
async def test_is_template_only_with_marks_beside_references(text: str, is_one: bool) -> None:
    assert is_template(text) == is_one


async def test_message_with_marks_is_rendered_with_values_of_references() -> None:
    text = "{% for item in a@result %}{{ loop.index }}. {{ item }} {% endfor %}for {sys.query} {{ sys.query | upper }}"
    dsl = graph(
        begin=node("Begin", "a"),
        a=node("StringTransform", "m", split_ref="sys.query", delimiters=["-"]),
        m=node("Message", content=[text]),
    )
    conversation = Conversation(dsl)
    await conversation.turn("x-{{7*7}}")
    # What a user writes is a value, never a template.
    assert conversation.answer == "1. x 2. {{7*7}} for x-{{7*7}} X-{{7*7}}"


@pytest.mark.parametrize(
    "source",
    [
        "{{ ''.__class__.__mro__[1].__subclasses__() }}",
        "{{ self.__init__.__globals__ }}",
        "{{ cycler.__init__.__globals__.os.popen('id').read() }}",
        "{{ namespace.__init__.__globals__ }}",
        "{{ (1).__class__.__base__.__subclasses__() }}",
        "{{ lipsum.__globals__['os'].system('id') }}",
        "{{ ''|attr('__class__')|attr('__mro__') }}",
        "{{ '{0.__class__}'.format('')|attr('x') }}",
        "{% set x = [] %}{{ x.append(1) }}",
        "{% include '/etc/passwd' %}",
        "{% import 'os' as os %}",
        "{% if %}",
        "{{ 1/0 }}",
        "{{ x.y.z }}",
    ],
)
async def test_template_that_reaches_for_more_is_refused_or_gets_nothing(workers: TemplateWorkers, source: str) -> None:
    try:
        text = await workers.render(source, {})
    except TemplateFailedError as error:
        assert error.sentence
    else:
        assert "class" not in text
        assert text == ""


@pytest.mark.parametrize(
    "source",
    [
        "{% for a in range(99999) %}{% for b in range(99999) %}{% endfor %}{% endfor %}",
        "{% macro f(n) %}{{ f(n) }}{{ f(n) }}{% endmacro %}{{ f(1) }}",
        "{{ 'a' * 10**10 }}",
        "{{ 'a'.ljust(10**10) }}",
        "{{ 9**(9**9) }}",
        "{% set ns = namespace(x='aaaaaaaaaa') %}{% for i in range(60) %}{% set ns.x = ns.x ~ ns.x %}{% endfor %}",
        "{% for i in range(99999) %}{{ 'a' * 1000 }}{% endfor %}",
    ],
)
async def test_template_without_end_ends_and_the_next_one_is_rendered(workers: TemplateWorkers, source: str) -> None:
    with pytest.raises(TemplateFailedError):
        await workers.render(source, {})
    assert await workers.render("{{ a + 1 }}", {"a": 1}) == "2"


async def test_template_gets_json_values(workers: TemplateWorkers) -> None:
    assert await workers.render("{{ a | tojson }}{{ b }}", {"a": {"x": [1]}, "b": None}) == '{"x": [1]}None'
