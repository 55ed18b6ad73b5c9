// A tour with the TypeScript client: node typescript_tour.mjs PACKAGE; prints what it saw as JSON.

import { pathToFileURL } from "node:url";
import path from "node:path";

const folder = process.argv[2];
const load = (name) => import(pathToFileURL(path.join(folder, "dist", name)).href);
const { ErrorReason, KnowFlowError } = await load("index.js");
const node = await load("node.js");
const web = await load("web.js");

const seen = {};
const client = node.connect();
const dataset = await client.datasets.create("of the TypeScript client");
let sent = 0;
const bytes = new TextEncoder();
const documents = await client.documents.upload(
  dataset.id,
  [
    { name: "cats.txt", data: bytes.encode("Cats sleep sixteen hours a day.\n".repeat(50)) },
    { name: "dogs.txt", data: bytes.encode("Dogs bark at the postman.") },
  ],
  (count) => (sent = count),
);
seen.uploaded = [documents.map((one) => one.name), sent];
await client.documents.parse(dataset.id, documents.map((one) => one.id));
seen.progress = [];
for (const { id } of documents) {
  let last;
  for await (const document of client.documents.watch(dataset.id, id)) last = document;
  seen.progress.push([last.run, last.progress]);
}
seen.best = (await client.retrieve("Who barks?", { datasetIds: [dataset.id], top: 1 }))[0].content;
const chat = await client.chats.create("of the TypeScript client", { datasetIds: [dataset.id] });
seen.events = [];
seen.text = "";
for await (const { event } of client.chats.stream(chat.id, "Who barks?")) {
  seen.events.push(event.case);
  if (event.case === "delta") seen.text += event.value;
  if (event.case === "finished") seen.answer = event.value.answer;
}
try {
  await client.datasets.create("of the TypeScript client");
} catch (error) {
  const known = error instanceof KnowFlowError && error.reason === ErrorReason.DATASET_NAME_EXISTS;
  seen.error = [known, error.info, error.requestId !== ""];
}
try {
  for await (const _ of client.chats.stream("nobody", "Hello?"));
} catch (error) {
  seen.streamError = ErrorReason[error.reason];
}
// The same over gRPC-web, which is what browsers speak.
const browser = web.connect({ baseUrl: process.env.GATEWAY, apiKey: process.env.KNOWFLOW_API_KEY });
seen.web = [];
for await (const one of browser.datasets.list({ name: dataset.name })) seen.web.push(one.name);
seen.webEvents = [];
for await (const { event } of browser.chats.stream(chat.id, "Who barks?")) seen.webEvents.push(event.case);
try {
  await browser.datasets.delete(["nothing"]);
} catch (error) {
  seen.webError = ErrorReason[error.reason];
}
await client.chats.delete([chat.id]);
await client.datasets.delete([dataset.id]);
console.log(JSON.stringify(seen));
