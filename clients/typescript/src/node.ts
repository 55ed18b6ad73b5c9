// The client in Node: gRPC over HTTP/2, to the server or to its gateway.

import { createGrpcTransport } from "@connectrpc/connect-node";

import { interceptors, KnowFlow, type ConnectOptions } from "./client.js";

/** Returns a client. What is left out comes from KNOWFLOW_ADDRESS and KNOWFLOW_API_KEY. */
export function connect(options: Partial<ConnectOptions> = {}): KnowFlow {
  const address = options.baseUrl ?? (process.env["KNOWFLOW_ADDRESS"] || "localhost:9390");
  const baseUrl = /^https?:/.test(address) ? address : `http://${address}`;
  const apiKey = options.apiKey ?? process.env["KNOWFLOW_API_KEY"] ?? "";
  const transport = createGrpcTransport({
    baseUrl,
    defaultTimeoutMs: options.timeoutMs ?? 60_000,
    interceptors: interceptors({ baseUrl, apiKey }),
  });
  return new KnowFlow(transport);
}
