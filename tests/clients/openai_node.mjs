// One situation with the official Node client; prints what the client saw as JSON.
// Arguments: node_modules folder, situation. Environment: BASE_URL, API_KEY, MODEL.
import { createRequire } from "node:module";

const [modules, situation] = process.argv.slice(2);
const OpenAI = createRequire(`${modules}/`)("openai");
const { BASE_URL: baseURL, API_KEY: apiKey, MODEL: model } = process.env;
const client = new OpenAI({ baseURL, apiKey, maxRetries: 0, timeout: 60_000 });
const messages = [{ role: "user", content: "What is machine learning?" }];

const situations = {
  async whole() {
    const { choices, usage } = await client.chat.completions.create({ model, messages });
    return { text: choices[0].message.content, reason: choices[0].finish_reason, usage };
  },
  async stream() {
    const stream = await client.chat.completions.create({
      model,
      messages,
      stream: true,
      stream_options: { include_usage: true },
    });
    const pieces = [];
    let usage = null;
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta?.content;
      if (text) pieces.push(text);
      usage = chunk.usage ?? usage;
    }
    return { pieces, usage };
  },
  async reference() {
    const { choices } = await client.chat.completions.create({ model, messages, reference: true });
    return { text: choices[0].message.content, reference: choices[0].message.reference };
  },
  async wrong() {
    await client.chat.completions.create({ model, messages: [] });
    return {};
  },
  async many() {
    const texts = await Promise.all(
      Array.from({ length: 20 }, async () => {
        let text = "";
        for await (const chunk of await client.chat.completions.create({ model, messages, stream: true })) {
          text += chunk.choices[0]?.delta?.content ?? "";
        }
        return text;
      }),
    );
    return { texts };
  },
  async cancel() {
    const stream = await client.chat.completions.create({ model, messages, stream: true });
    for await (const chunk of stream) {
      const text = chunk.choices[0]?.delta?.content;
      if (!text) continue;
      stream.controller.abort();
      return { first: text };
    }
    return {};
  },
};

let result;
try {
  result = await situations[situation]();
} catch (error) {
  result = { error: error.constructor.name, status: error.status, code: error.code, body: error.error };
}
console.log(JSON.stringify(result));
