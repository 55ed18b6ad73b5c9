export { Code } from "@connectrpc/connect";
export { interceptors, KnowFlow, type ConnectOptions, type UploadFile } from "./client.js";
export { KnowFlowError, reasonOf } from "./errors.js";
export { ErrorReason } from "./gen/knowflow/options/v1/error_reason_pb.js";
