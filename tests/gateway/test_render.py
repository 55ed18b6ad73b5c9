"""What the configuration takes from the protos, and the command line which writes it."""

import dataclasses
import re
import socket
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

import httpx
import pytest
import yaml
from google.api import annotations_pb2
from google.protobuf import descriptor_pb2

from knowflow_gateway.__main__ import main
from knowflow_gateway.render import render
from knowflow_gateway.routes import read_api
from knowflow_gateway.settings import GatewaySettings
from tests.gateway.backend import PACKAGE, Backend
from tests.gateway.conftest import running, settings_for

README = Path(__file__).parents[2] / "gateway" / "README.md"


def with_services(descriptor_set: bytes, services: dict[str, Sequence[tuple[str, str]]]) -> bytes:
    """Return a descriptor set with one service more for each package, with these verbs and paths."""
    files = descriptor_pb2.FileDescriptorSet.FromString(descriptor_set)
    for package, rules in services.items():
        file = files.file.add(name=f"{package}.proto", package=package, syntax="proto3")
        file.dependency.extend(["google/api/annotations.proto", "probe.proto"])
        service = file.service.add(name="ExtraService")
        for number, (verb, path) in enumerate(rules):
            method = service.method.add(
                name=f"Rpc{number}", input_type=f".{PACKAGE}.Probe", output_type=f".{PACKAGE}.Count"
            )
            setattr(method.options.Extensions[annotations_pb2.http], verb, path)
    return files.SerializeToString()


def test_routes_and_streams_are_read_from_the_protos(descriptor_set: bytes) -> None:
    api = read_api(descriptor_set)
    found = {(route.verb, route.template) for route in api.routes}
    assert ("PATCH", "/api/v1/probes/{id}") in found
    assert ("GET", "/api/v1/chats_openai/probes") in found
    assert {route.service for route in api.routes} == {f"{PACKAGE}.ProbeService"}
    streams = ("ProbeService/Upload", "ProbeService/Download", "ProbeService/Complete", "ProbeService/WatchProbe")
    assert api.streaming == tuple(f"/{PACKAGE}.{name}" for name in (*streams, "NativeService/Chat"))
    assert [route.upload for route in api.routes if route.template == "/api/v1/probes/{id}/files"] == [True, False]


def test_pattern_and_variables_of_a_template_are_read(descriptor_set: bytes) -> None:
    template = "/v1/{name=shelves/*/books/**}/x/{id}:cancel"
    added = with_services(descriptor_set, {"extra.v1": [("get", template)]})
    route = read_api(added).routes[-1]
    assert (route.pattern, route.variables) == ("/v1/shelves/*/books/**/x/*:cancel", ["name", "id"])


@pytest.mark.parametrize("damaged", [b"", b"\xff", b"\x0a\x00"])
def test_bytes_which_are_no_descriptor_set_are_refused(damaged: bytes) -> None:
    with pytest.raises(ValueError, match="This is no descriptor set with"):
        read_api(damaged)


def test_two_rules_for_the_same_method_and_path_are_refused(descriptor_set: bytes) -> None:
    added = with_services(descriptor_set, {"extra.v1": [("get", "/api/v1/probes/{probe_id}")]})
    expected = f"GET /api/v1/probes/{{probe_id}} of extra.v1.ExtraService is already /api/v1/probes/{{id}} of {PACKAGE}"
    with pytest.raises(ValueError, match=re.escape(expected)):
        read_api(added)


def test_streaming_calls_have_no_timeout_and_others_have_one(descriptor_set: bytes) -> None:
    settings = GatewaySettings(unary_timeout_s=7, stream_idle_timeout_s=9)
    config = yaml.safe_load(render(settings, descriptor_set))
    manager = config["static_resources"]["listeners"][0]["filter_chains"][0]["filters"][0]["typed_config"]
    routes = manager["route_config"]["virtual_hosts"][0]["routes"]
    timeouts = {next(iter(route["match"].values())): route["route"]["timeout"] for route in routes}
    assert timeouts[f"/{PACKAGE}.NativeService/Chat"] == "0s"
    assert timeouts[f"/{PACKAGE}.ProbeService/Complete"] == "0s"
    assert timeouts["/"] == "7s"
    assert {route["route"].get("idle_timeout") for route in routes} == {"9s", None}


async def test_route_outside_its_surfaces_paths_and_004_without_api_speak_their_dialect(
    backend: Backend, descriptor_set: bytes, tmp_path: Path
) -> None:
    services: dict[str, Sequence[tuple[str, str]]] = {
        "knowflow.v1": [("get", "/api/v1/agents")],
        "knowflow.knowledgebase.v1": [("post", "/api/v1/agents"), ("get", "/api/v1/credits-left")],
        "knowflow.konversation.v1": [("get", "/flow/tags"), ("get", "/api/flow/tags")],
    }
    down = "The server cannot be reached. Try again later."
    with socket.socket() as bound:
        bound.bind(("127.0.0.1", 0))
        settings = settings_for(backend, grpc_port=bound.getsockname()[1])
        async with (
            running(settings, with_services(descriptor_set, services), tmp_path) as process,
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{process.port}") as client,
        ):
            assert (await client.get("/api/v1/agents")).json() == {"code": 500, "message": down}
            # Only rules with a body read one; these have none, and the call gets as far as the missing server.
            assert (await client.post("/api/v1/agents")).json() == {"error": down}
            assert (await client.get("/api/v1/credits-left/")).json() == {"error": down}
            assert (await client.get("/flow/tags")).json() == {"message": down}
            assert (await client.get("/flow/nobody")).json() == {"message": "There is no such path. Check the URL."}


def test_command_line_writes_the_configuration(descriptor_set: bytes, tmp_path: Path) -> None:
    descriptor, out = tmp_path / "probe.pb", tmp_path / "envoy.yaml"
    descriptor.write_bytes(descriptor_set)
    arguments = ["--descriptor", str(descriptor), "--out", str(out), "--listen-port", "9999"]
    assert main([*arguments, "--cors-origins", "https://a.example,https://b.example"]) == 0
    expected = GatewaySettings(
        listen_port=9999, descriptor_path=descriptor, cors_origins=("https://a.example", "https://b.example")
    )
    assert out.read_text() == render(expected, descriptor_set)


def test_command_line_prints_the_configuration_without_a_file(
    descriptor_set: bytes, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    descriptor = tmp_path / "probe.pb"
    descriptor.write_bytes(descriptor_set)
    assert main(["--descriptor", str(descriptor), "--descriptor-path", "/etc/knowflow.pb"]) == 0
    assert capsys.readouterr().out == render(GatewaySettings(descriptor_path=Path("/etc/knowflow.pb")), descriptor_set)


@pytest.mark.parametrize("content", [None, b"\xff"])
def test_command_line_says_in_a_sentence_what_it_cannot_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], content: bytes | None
) -> None:
    descriptor = tmp_path / "probe.pb"
    if content is not None:
        descriptor.write_bytes(content)
    with pytest.raises(SystemExit) as left:
        main(["--descriptor", str(descriptor)])
    assert left.value.code == 1
    assert capsys.readouterr().err.count("\n") == 1


def readme_row(name: str, hint: Any, default: Any) -> str:
    _, sentence = get_args(hint)
    shown = {None: "", (): "", "": ""}.get(default, f"`{default}`")
    return f"| `{name}` | {shown} | {sentence} |"


def test_readme_lists_every_setting_with_its_default_and_sentence() -> None:
    hints = get_type_hints(GatewaySettings, include_extras=True)
    expected = [
        readme_row(field.name, hints[field.name], field.default) for field in dataclasses.fields(GatewaySettings)
    ]
    listed = re.findall(r"^\| `\w+` \|.*\|$", README.read_text(), flags=re.MULTILINE)
    assert listed[: len(expected)] == expected
