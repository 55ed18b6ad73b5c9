"""Typed errors: a class is one situation, with its gRPC code, its reason of `error_reason.proto` and its sentence."""
