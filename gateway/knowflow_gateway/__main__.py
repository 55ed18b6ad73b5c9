"""`python -m knowflow_gateway --descriptor F --out envoy.yaml`: the configuration for an Envoy you run yourself."""

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any, get_args, get_type_hints

from knowflow_gateway.render import render
from knowflow_gateway.settings import GatewaySettings


def main(arguments: Sequence[str] | None = None) -> int:
    """Write envoy.yaml and return the exit code."""
    parser = argparse.ArgumentParser(prog="python -m knowflow_gateway", description="Write Envoy's configuration.")
    parser.add_argument("--descriptor", type=Path, required=True, help="The descriptor set to read, with all imports.")
    parser.add_argument("--out", type=Path, help="The file to write; without it, standard output.")
    for name, hint in get_type_hints(GatewaySettings, include_extras=True).items():
        kind, sentence = get_args(hint)
        flag = "--" + name.replace("_", "-")
        parser.add_argument(flag, help=sentence, default=argparse.SUPPRESS, **_form(kind))
    given: dict[str, Any] = vars(parser.parse_args(arguments))
    descriptor, out = given.pop("descriptor"), given.pop("out")
    # The machine that renders need not be the one that runs Envoy.
    given.setdefault("descriptor_path", descriptor.absolute())
    try:
        config = render(GatewaySettings(**given), descriptor.read_bytes())
    except (OSError, ValueError) as error:
        parser.exit(1, f"{error}\n")
    if out is None:
        sys.stdout.write(config)
    else:
        out.write_text(config, encoding="utf-8")
    return 0


def _form(kind: Any) -> dict[str, Any]:
    """Return argparse's words for a setting's type."""
    if kind == tuple[str, ...]:
        return {"type": lambda text: tuple(filter(None, text.split(","))), "metavar": "TEXT,..."}
    for plain in (int, float, Path):
        if kind in (plain, plain | None):
            return {"type": plain, "metavar": plain.__name__.upper()}
    return {"metavar": "TEXT"}


if __name__ == "__main__":
    sys.exit(main())
