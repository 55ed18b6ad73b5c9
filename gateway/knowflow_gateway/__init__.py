"""The gateway: REST, gRPC-web and gRPC on one port, by an Envoy whose configuration is generated."""
