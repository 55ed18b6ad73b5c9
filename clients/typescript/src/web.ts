// The client in browsers: gRPC-web through the gateway. Show a key that may do little: whoever opens the page can read it.

import { createGrpcWebTransport } from "@connectrpc/connect-web";

import { interceptors, KnowFlow, type ConnectOptions } from "./client.js";

/** Returns a client of the gateway, `http://localhost:9380`; the gateway's CORS setting must name the page's origin. */
export function connect(options: ConnectOptions): KnowFlow {
  const { baseUrl, timeoutMs } = options;
  const transport = createGrpcWebTransport({
    baseUrl,
    defaultTimeoutMs: timeoutMs ?? 60_000,
    interceptors: interceptors(options),
  });
  return new KnowFlow(transport);
}
