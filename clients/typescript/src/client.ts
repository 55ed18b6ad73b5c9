// The client: what programs do most with KnowFlow, over any transport.

import { create, type JsonObject } from "@bufbuild/protobuf";
import { Code, createClient, type Client, type Interceptor, type Transport } from "@connectrpc/connect";
import type { DescService } from "@bufbuild/protobuf";

import { KnowFlowError, reasonOf } from "./errors.js";
import { ErrorReason } from "./gen/knowflow/options/v1/error_reason_pb.js";
import { AgentRunService, type RunResponse, type StreamRunResponse } from "./gen/knowflow/v1/agent_run_service_pb.js";
import { AgentService } from "./gen/knowflow/v1/agent_service_pb.js";
import type { Chat } from "./gen/knowflow/v1/chat_pb.js";
import { ChatService } from "./gen/knowflow/v1/chat_service_pb.js";
import type { Chunk } from "./gen/knowflow/v1/chunk_pb.js";
import { ChunkService } from "./gen/knowflow/v1/chunk_service_pb.js";
import {
  CompletionService,
  type CompleteResponse,
  type StreamCompleteResponse,
} from "./gen/knowflow/v1/completion_service_pb.js";
import type { Dataset } from "./gen/knowflow/v1/dataset_pb.js";
import { DatasetService } from "./gen/knowflow/v1/dataset_service_pb.js";
import type { Document } from "./gen/knowflow/v1/document_pb.js";
import {
  DocumentService,
  UploadFilesRequestSchema,
  type WatchDocumentResponse,
} from "./gen/knowflow/v1/document_service_pb.js";
import type { RetrievedChunk } from "./gen/knowflow/v1/retrieval_pb.js";
import { RetrievalService } from "./gen/knowflow/v1/retrieval_service_pb.js";
import { SystemService, type CheckHealthResponse } from "./gen/knowflow/v1/system_service_pb.js";

const PAGE_SIZE = 200;
const PIECE_BYTES = 1024 * 1024;
const RETRIES = 3;
// What is called a search costs credits.
const READING = /^(Check|Get|List|Retrieve)/;

/** Where and as whom a client calls. */
export interface ConnectOptions {
  /** Address of the server, `http://localhost:9390` for gRPC, `http://localhost:9380` for the gateway. */
  baseUrl: string;
  /** Shown with each call. */
  apiKey?: string;
  /** How long a call may take, in milliseconds; streams and uploads have no limit. Default: 60,000. */
  timeoutMs?: number;
}

/** A file to upload. */
export interface UploadFile {
  /** File name with its extension. */
  name: string;
  /** Its bytes, whole or in pieces. */
  data: Uint8Array | AsyncIterable<Uint8Array>;
  /** Size in bytes. When it is given, the server refuses a file that broke off. */
  size?: number;
}

type Page<T> = { items: T[]; total: number };

/** Returns what each call passes through: the key, typed errors, and new attempts of what only reads. */
export function interceptors(options: ConnectOptions): Interceptor[] {
  return [
    (next) => async (request) => {
      if (options.apiKey) request.header.set("authorization", `Bearer ${options.apiKey}`);
      for (let attempt = 0; ; attempt += 1) {
        try {
          return await next(request);
        } catch (failure) {
          const error = KnowFlowError.from(failure);
          // Of a write that broke off nobody knows whether it was done.
          const reads = !request.stream && READING.test(request.method.name);
          // With a reason it is the server that refuses the call.
          const unreached = error.code === Code.Unavailable && error.reason === ErrorReason.UNSPECIFIED;
          if (!reads || !unreached || attempt >= RETRIES || request.signal.aborted) throw error;
          await pause(200 * 3 ** attempt * (0.5 + Math.random()), request.signal);
        }
      }
    },
  ];
}

/** Everything a program does with KnowFlow, over one transport. Methods throw `KnowFlowError`. */
export class KnowFlow {
  readonly #datasets: Client<typeof DatasetService>;
  readonly #documents: Client<typeof DocumentService>;
  readonly #chunks: Client<typeof ChunkService>;
  readonly #chats: Client<typeof ChatService>;
  readonly #completions: Client<typeof CompletionService>;
  readonly #agents: Client<typeof AgentService>;
  readonly #runs: Client<typeof AgentRunService>;

  constructor(private readonly transport: Transport) {
    this.#datasets = this.service(DatasetService);
    this.#documents = this.service(DocumentService);
    this.#chunks = this.service(ChunkService);
    this.#chats = this.service(ChatService);
    this.#completions = this.service(CompletionService);
    this.#agents = this.service(AgentService);
    this.#runs = this.service(AgentRunService);
  }

  /** Returns a generated client of any service, for what has no method here. */
  service<S extends DescService>(service: S): Client<S> {
    return createClient(service, this.transport);
  }

  /** Returns whether the server works; needs no key. */
  async health(): Promise<CheckHealthResponse> {
    return this.service(SystemService).checkHealth({});
  }

  readonly datasets = {
    /** Creates a dataset. */
    create: async (name: string, more: { description?: string; chunkMethod?: string; parserConfig?: JsonObject } = {}) =>
      present((await this.#datasets.createDataset({ name, ...more })).data),
    /** Yields all datasets, newest first. */
    list: (filter: { name?: string } = {}): AsyncGenerator<Dataset> =>
      pages(async (page) => {
        const { data } = await this.#datasets.listDatasets({ page, pageSize: PAGE_SIZE, ...filter });
        return { items: data?.datasets ?? [], total: data?.total ?? 0 };
      }),
    /** Deletes datasets with everything in them, all or none. */
    delete: async (ids: string[]) => void (await this.#datasets.deleteDatasets({ ids: listed(ids) })),
  };

  readonly documents = {
    /** Uploads files; nothing is parsed yet. Needs Node: browsers cannot stream to a server, they post a form. */
    upload: async (
      datasetId: string,
      files: UploadFile[],
      onProgress?: (sentBytes: number) => void,
    ): Promise<Document[]> => (await this.#documents.uploadFiles(uploadPieces(datasetId, files, onProgress), streaming())).data,
    /** Yields the documents of a dataset, newest first. */
    list: (datasetId: string): AsyncGenerator<Document> =>
      pages(async (page) => {
        const { data } = await this.#documents.listDocuments({ datasetId, page, pageSize: PAGE_SIZE });
        return { items: data?.documents ?? [], total: data?.total ?? 0 };
      }),
    /** Has documents parsed, in the background. */
    parse: async (datasetId: string, documentIds: string[]) =>
      void (await this.#chunks.parseOrCreateChunk({ datasetId, documentIds })),
    /** Yields a document now and at each step of its parsing, until none runs. */
    watch: (datasetId: string, documentId: string, signal?: AbortSignal): AsyncGenerator<Document> =>
      steps(this.#documents.watchDocument({ datasetId, documentId }, streaming(signal))),
    /** Deletes documents with their chunks. */
    delete: async (datasetId: string, ids: string[]) =>
      void (await this.#documents.deleteDocuments({ datasetId, ids: listed(ids) })),
  };

  readonly chunks = {
    /** Yields the chunks of a document in the order of its text. */
    list: (datasetId: string, documentId: string): AsyncGenerator<Chunk> =>
      pages(async (page) => {
        const { data } = await this.#chunks.listChunks({ datasetId, documentId, page, pageSize: PAGE_SIZE });
        return { items: data?.chunks ?? [], total: data?.total ?? 0 };
      }),
  };

  /** Returns the chunks which answer a question, best first. */
  async retrieve(
    question: string,
    where: { datasetIds?: string[]; documentIds?: string[]; top?: number; similarityThreshold?: number },
  ): Promise<RetrievedChunk[]> {
    const { top, ...rest } = where;
    const answer = await this.service(RetrievalService).retrieve({ question, pageSize: top ?? 10, ...rest });
    return answer.data?.chunks ?? [];
  }

  readonly chats = {
    /** Creates an assistant over datasets. */
    create: async (name: string, more: { datasetIds?: string[]; description?: string } = {}): Promise<Chat> =>
      present((await this.#chats.createChat({ name, ...more })).data),
    /** Yields all assistants, newest first. */
    list: (): AsyncGenerator<Chat> =>
      pages(async (page) => {
        const { data, total } = await this.#chats.listChats({ page, pageSize: PAGE_SIZE });
        return { items: data, total };
      }),
    /** Deletes assistants with their sessions. */
    delete: async (ids: string[]) => void (await this.#chats.deleteChats({ ids: listed(ids) })),
    /** Asks a question; without a session a new one begins. */
    complete: (chatId: string, question: string, sessionId = ""): Promise<CompleteResponse> =>
      this.#completions.complete({ chatId, question, sessionId }, { timeoutMs: 300_000 }),
    /** Asks a question, and yields the answer as it is written: `started`, `delta` after `delta`, `finished`. */
    stream: (chatId: string, question: string, sessionId = "", signal?: AbortSignal) =>
      events(this.#completions.streamComplete({ chatId, question, sessionId }, streaming(signal))),
  };

  readonly agents = {
    /** Creates an agent from its graph, and returns its id. */
    create: async (title: string, dsl: JsonObject): Promise<string> =>
      (await this.#agents.createAgent({ title, dsl })).id,
    /** Deletes an agent with its sessions. */
    delete: async (agentId: string) => void (await this.#agents.deleteAgent({ agentId })),
    /** Runs an agent, and returns its whole answer. */
    run: (agentId: string, question: string, more: { sessionId?: string; inputs?: JsonObject } = {}): Promise<RunResponse> =>
      this.#runs.run({ agentId, question, ...more }, { timeoutMs: 600_000 }),
    /** Runs an agent, and yields each event as it happens. */
    stream: (agentId: string, question: string, more: { sessionId?: string; inputs?: JsonObject } = {}, signal?: AbortSignal) =>
      events(this.#runs.streamRun({ agentId, question, ...more }, streaming(signal))),
  };
}

/** Waits; a call that is given up, or whose time is over, waits no longer. */
function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    const done = () => {
      clearTimeout(timer);
      signal.removeEventListener("abort", done);
      resolve();
    };
    const timer = setTimeout(done, ms);
    signal.addEventListener("abort", done);
  });
}

function streaming(signal?: AbortSignal) {
  // 0 lifts the transport's time limit.
  return signal ? { signal, timeoutMs: 0 } : { timeoutMs: 0 };
}

async function* pages<T>(fetchPage: (page: number) => Promise<Page<T>>): AsyncGenerator<T> {
  let seen = 0;
  for (let page = 1; ; page += 1) {
    const { items, total } = await fetchPage(page);
    yield* items;
    seen += items.length;
    if (seen >= total || items.length === 0) return;
  }
}

async function* steps(stream: AsyncIterable<WatchDocumentResponse>): AsyncGenerator<Document> {
  try {
    for await (const { document } of stream) if (document) yield document;
  } catch (failure) {
    throw KnowFlowError.from(failure);
  }
}

async function* events<E extends StreamCompleteResponse | StreamRunResponse>(stream: AsyncIterable<E>): AsyncGenerator<E> {
  try {
    for await (const message of stream) {
      if (message.event.case === "failed") {
        const { reason, message: sentence } = message.event.value;
        throw new KnowFlowError(sentence, Code.Unknown, reasonOf(reason));
      }
      yield message;
    }
  } catch (failure) {
    throw KnowFlowError.from(failure);
  }
}

async function* uploadPieces(datasetId: string, files: UploadFile[], onProgress?: (sentBytes: number) => void) {
  let sent = 0;
  yield create(UploadFilesRequestSchema, { piece: { case: "datasetId", value: datasetId } });
  for (const { name, data, size } of files) {
    const known = size ?? (data instanceof Uint8Array ? data.byteLength : undefined);
    const header = known === undefined ? { name } : { name, size: known };
    yield create(UploadFilesRequestSchema, { piece: { case: "file", value: header } });
    for await (const piece of piecesOf(data)) {
      yield create(UploadFilesRequestSchema, { piece: { case: "data", value: piece } });
      sent += piece.byteLength;
      onProgress?.(sent);
    }
  }
}

async function* piecesOf(data: Uint8Array | AsyncIterable<Uint8Array>) {
  for await (const part of data instanceof Uint8Array ? [data] : data) {
    for (let start = 0; start < part.byteLength; start += PIECE_BYTES) yield part.subarray(start, start + PIECE_BYTES);
  }
}

function listed(ids: string[]) {
  // An empty list would mean all.
  if (ids.length === 0) throw new RangeError("Name at least one id; what deletes everything says so.");
  return { kind: { case: "listValue" as const, value: { values: ids.map((id) => ({ kind: { case: "stringValue" as const, value: id } })) } } };
}

function present<T>(value: T | undefined): T {
  if (value === undefined) throw new Error("The server's answer is empty.");
  return value;
}
