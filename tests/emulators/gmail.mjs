// The Gmail server of @emulators/google on a free port of this machine, which is the first line of its output. The first line of
// its input is {"url", "users", "oauth_clients", "messages"}, where `url` is what it calls itself; it ends when its input does.
import { createServer as listen } from "node:http";
import { createInterface } from "node:readline";
import { createServer } from "@emulators/core";
import { googlePlugin, seedFromConfig } from "@emulators/google";

function serve({ url, ...seed }) {
  const { app, store } = createServer(googlePlugin, { baseUrl: url });
  seedFromConfig(store, url, seed);
  const server = listen(async (asked, answer) => {
    const parts = [];
    for await (const part of asked) parts.push(part);
    const { method, headers } = asked;
    const body = parts.length ? Buffer.concat(parts) : undefined;
    const said = await app.fetch(new Request(new URL(asked.url, url), { method, headers, body }));
    answer.writeHead(said.status, Object.fromEntries(said.headers));
    answer.end(Buffer.from(await said.arrayBuffer()));
  });
  server.listen(0, "127.0.0.1", () => console.log(server.address().port));
}

const input = createInterface({ input: process.stdin });
input.once("line", (line) => serve(JSON.parse(line)));
input.once("close", () => process.exit(0));
