"""Transport: the only room that knows gRPC."""
