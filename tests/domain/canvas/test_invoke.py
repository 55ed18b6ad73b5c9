"""Invoke: requests, and what stands in no trace."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from knowflow_server.domain.canvas.component import ComponentError
from knowflow_server.errors.core import AgentDslInvalidError
from tests.domain.canvas.outside import Api, called, ran, services

PAGE = "<html><head><style>p {}</style></head><body><h1>Title</h1><script>1</script><p>One &amp; two</p></body></html>"


@pytest.fixture
def api() -> Iterator[Api]:
    made = Api()
    made.json("/echo", {"ok": True})
    made.page("/page", PAGE)
    with made.server:
        yield made


def variables(**values: Any) -> list[dict[str, Any]]:
    return [{"key": key, **value} for key, value in values.items()]


async def test_get_sends_variables_in_the_query(api: Api) -> None:
    done = await ran(
        "Invoke",
        {
            "url": f"127.0.0.1:{api.server.port}/echo?x=1#y",
            "variables": variables(q={"ref": "sys.query"}, n={"value": 3}, m={"ref": "{begin@name}"}),
            "headers": None,
            "proxy": None,
        },
        services(api.server.port),
        "a b&c",
        name="ä",
    )

    assert {"result": '{"ok": true}', "status": 200} == {name: done.outputs[name] for name in ("result", "status")}
    assert ["/echo?x=1&q=a+b%26c&n=3&m=%C3%A4"] == [exchange.path for exchange in api.asked]


async def test_post_sends_variables_as_json_and_keeps_their_types(api: Api) -> None:
    await ran(
        "Invoke",
        {
            "url": f"{api.url}/{{begin@path}}",
            "method": "POST",
            "headers": '{"X-Key": "k"}',
            "variables": variables(
                n={"value": 3}, list={"value": [1, "{sys.query}"]}, text={"value": "say {sys.query}"}
            ),
        },
        services(api.server.port),
        "hi",
        path="echo",
    )

    assert {"n": 3, "list": [1, "hi"], "text": "say hi"} == api.body()
    assert ("application/json", "k") == (api.asked[0].headers["Content-Type"], api.asked[0].headers["X-Key"])


async def test_put_sends_variables_as_a_form(api: Api) -> None:
    params = {
        "url": f"{api.url}/echo",
        "method": "put",
        "datatype": "formdata",
        "variables": variables(a={"value": "b c"}),
    }

    await ran("Invoke", params, services(api.server.port))

    assert b"a=b+c" == api.asked[0].body
    assert "application/x-www-form-urlencoded" == api.asked[0].headers["Content-Type"]


async def test_page_is_cleaned(api: Api) -> None:
    done = await ran("Invoke", {"url": f"{api.url}/page", "clean_html": True}, services(api.server.port))

    assert "Title\n\nOne & two" == done.outputs["result"]


async def test_error_status_is_an_output(api: Api) -> None:
    done = await ran("Invoke", {"url": f"{api.url}/missing"}, services(api.server.port))

    assert (404, "") == (done.outputs["status"], done.error)


@pytest.mark.parametrize(
    ("params", "sentence"),
    [
        ({"url": ""}, "no `url`"),
        ({"url": "http://169.254.169.254/"}, "does not allow it"),
        ({"url": "{url}/echo", "proxy": "http://127.0.0.1:1"}, "does not allow that proxy"),
        ({"url": "{url}/echo", "headers": "no json"}, "should be a JSON object"),
        ({"url": "{url}/echo", "headers": '{"Host": "x"}'}, "The header Host cannot be set"),
    ],
)
async def test_request_that_is_not_allowed_is_an_error(api: Api, params: dict[str, Any], sentence: str) -> None:
    done = await ran("Invoke", params | {"url": params["url"].replace("{url}", api.url)}, services(api.server.port))

    assert sentence in done.error
    assert sentence in done.outputs["_ERROR"]
    assert not api.asked


async def test_headers_stand_in_no_trace(api: Api) -> None:
    headers = {"Authorization": "Bearer secret-literal", "X-Key": "{begin@key}"}

    done = await ran(
        "Invoke", {"url": f"{api.url}/echo", "headers": headers}, services(api.server.port), key="secret-input"
    )

    asked = api.asked[0].headers
    assert ("Bearer secret-literal", "secret-input") == (asked["Authorization"], asked["X-Key"])
    assert "secret-literal" not in done.everything
    assert "secret-input" not in repr(done.step.inputs)


@pytest.mark.parametrize(
    "params",
    [
        *({"method": "delete"}, {"timeout": 0}, {"timeout": 601}, {"datatype": "xml"}, {"url": "{missing@x}"}),
        {"variables": [{"key": "a", "ref": "missing@x"}]},
        {"headers": '{"a": "{missing@x}"}'},
    ],
)
async def test_wrong_parameter_is_refused_when_the_agent_is_kept(params: dict[str, Any]) -> None:
    with pytest.raises(AgentDslInvalidError, match=r"\bit\b"):
        await ran("Invoke", params, services())


async def test_model_adds_variables_and_gives_the_address_only_where_none_is_set(api: Api) -> None:
    fixed = {"url": f"{api.url}/echo", "variables": variables(a={"value": "owner"})}
    used = services(api.server.port)

    await called("Invoke", fixed, used, url="http://10.0.0.1/", variables={"a": "model", "b": 2})
    await called("Invoke", {}, used, url=f"{api.url}/echo")
    with pytest.raises(ComponentError, match="does not allow"):
        await called("Invoke", {}, used, url="http://10.0.0.1/")

    assert ["/echo?a=owner&b=2", "/echo"] == [exchange.path for exchange in api.asked]
