"""Refusing what libraries would report to their makers."""

import sys


def refuse_openvino() -> None:
    """Keep OpenVINO from reporting its use; call it before OpenVINO is imported, directly or by another library.

    Its reporting package is asked for with each import, knows no environment variable that refuses it, and sends from
    a forked process. A fork runs gRPC's fork handlers, which break calls under way and have ended whole processes.
    Where the package cannot be imported, OpenVINO takes a stand-in that sends nothing.
    """
    sys.modules["openvino_telemetry"] = None  # type: ignore[assignment] # None makes an import fail
