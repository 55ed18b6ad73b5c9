// What every failure of a call is.

import { Code, ConnectError } from "@connectrpc/connect";

import { ErrorInfoSchema } from "./gen/google/rpc/error_details_pb.js";
import { ErrorReason } from "./gen/knowflow/options/v1/error_reason_pb.js";

/** A call that failed. `rawMessage` is the server's sentence, `code` the gRPC status. */
export class KnowFlowError extends ConnectError {
  constructor(
    sentence: string,
    code: Code,
    /** Why, e.g. `ErrorReason.DATASET_NOT_FOUND`; `ErrorReason.UNSPECIFIED` when the server was not reached. */
    readonly reason: ErrorReason,
    /** What the error is about, e.g. the id that was not found. */
    readonly info: Readonly<Record<string, string>> = {},
    headers?: Headers,
    cause?: unknown,
  ) {
    super(sentence, code, headers, undefined, cause);
  }

  // Connect knows its errors by their name and members, of which the name must stay.
  static override [Symbol.hasInstance](value: unknown): boolean {
    return value instanceof ConnectError && "reason" in value && "info" in value;
  }

  /** Identifies the call in the server's log; may be empty. */
  get requestId(): string {
    return this.metadata.get("x-request-id") ?? "";
  }

  /** Returns the error of a failed call. */
  static override from(failure: unknown): KnowFlowError {
    if (failure instanceof KnowFlowError) return failure;
    const error = ConnectError.from(failure);
    const info = error.findDetails(ErrorInfoSchema)[0];
    const reason = reasonOf(info?.reason ?? "");
    return new KnowFlowError(error.rawMessage, error.code, reason, info?.metadata, error.metadata, failure);
  }
}

/** Returns the reason of a name, `DATASET_NOT_FOUND`. */
export function reasonOf(name: string): ErrorReason {
  const reason = (ErrorReason as unknown as Record<string, ErrorReason | undefined>)[name];
  return typeof reason === "number" ? reason : ErrorReason.UNSPECIFIED;
}
