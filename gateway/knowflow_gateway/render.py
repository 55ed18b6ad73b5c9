"""Descriptor set and settings in, `envoy.yaml` out."""

from typing import Any

import yaml

from knowflow_gateway.listener import listener
from knowflow_gateway.routes import read_api
from knowflow_gateway.settings import GatewaySettings
from knowflow_gateway.upstream import cluster

# Only these are worth their memory; everything else Envoy would count per host, per filter and per code.
_STATS = ("cluster.server.", "http.rest.", "listener_manager.", "overload.", "server.")


def render(settings: GatewaySettings, descriptor_set: bytes) -> str:
    """Return Envoy's configuration as YAML.

    Args:
        settings: What an operator decided.
        descriptor_set: A serialised `FileDescriptorSet` with all imports; Envoy reads the same from
            `settings.descriptor_path` when it starts.

    Raises:
        ValueError: The bytes are no descriptor set, or it has no REST route.
    """
    bootstrap = {
        "node": {"id": "knowflow", "cluster": "knowflow"},
        "admin": _admin(settings),
        "static_resources": {
            "listeners": [listener(settings, read_api(descriptor_set))],
            "clusters": [cluster(settings)],
        },
        "overload_manager": {"resource_monitors": [_connection_limit(settings)]},
        "stats_config": {"stats_matcher": {"inclusion_list": {"patterns": [{"prefix": name} for name in _STATS]}}},
    }
    return yaml.dump(bootstrap, Dumper=_Dumper, sort_keys=False, width=120)


def _admin(settings: GatewaySettings) -> dict[str, Any]:
    if settings.admin_port is not None:
        return {"address": {"socket_address": {"address": "127.0.0.1", "port_value": settings.admin_port}}}
    if settings.admin_path is not None:
        return {"address": {"pipe": {"path": str(settings.admin_path), "mode": 0o600}}}
    return {}


def _connection_limit(settings: GatewaySettings) -> dict[str, Any]:
    kind = "envoy.extensions.resource_monitors.downstream_connections.v3.DownstreamConnectionsConfig"
    return {
        "name": "envoy.resource_monitors.global_downstream_max_connections",
        "typed_config": {
            "@type": f"type.googleapis.com/{kind}",
            "max_active_downstream_connections": settings.max_connections,
        },
    }


class _Dumper(yaml.SafeDumper):
    """Writes the Lua source as a readable block, and nothing as a reference to something else."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - given by yaml
        return True


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style="|" if "\n" in text else None)


_Dumper.add_representer(str, _text)
