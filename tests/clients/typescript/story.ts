// A ticket's life through the client that openapi-typescript makes.

import assert from "node:assert/strict";

import createClient from "openapi-fetch";

import type { components, paths } from "./schema.js";

type BugReport = components["schemas"]["BugReport"];

function client(key: string) {
  const baseUrl = required("DESK_URL");
  return createClient<paths>({ baseUrl, headers: { Authorization: `Bearer ${key}` } });
}

function required(name: string): string {
  const value = process.env[name];
  assert(value, `${name} is not set`);
  return value;
}

const shop = client(required("TOOL_KEY"));
const asha = client(required("AGENT_KEY"));

const report: BugReport = {
  kind: "bug",
  title: "The invoice shows another currency",
  severity: "high",
  actual: "It says EUR",
  affected_users: 3,
  metadata: { order: "A-7", items: [1, 2] },
};
const filing = { params: { header: { "Idempotency-Key": "story-ts" } }, body: report };
const filed = await shop.POST("/v1/tickets", filing);
assert.equal(filed.response.status, 201);
assert(filed.data);
const ticket = filed.data.key;
const again = await shop.POST("/v1/tickets", filing);
assert.equal(again.response.headers.get("idempotent-replayed"), "true");
assert.equal(again.data?.id, filed.data.id);

const seen = await asha.GET("/v1/tickets/{ticket}", { params: { path: { ticket } } });
assert.deepEqual(seen.data?.metadata, report.metadata);
const etag = seen.response.headers.get("etag");
assert(etag);

const patch = (version: string, title: string) =>
  asha.PATCH("/v1/tickets/{ticket}", {
    params: { path: { ticket }, header: { "If-Match": version } },
    body: { title, tags: ["invoice"], metadata: { order: null, seen: true } },
  });
const patched = await patch(etag, "Invoices show EUR");
assert.equal(patched.data?.title, "Invoices show EUR");
assert.deepEqual(patched.data.metadata, { items: [1, 2], seen: true });
const stale = await patch(etag, "Too late");
assert.equal(stale.response.status, 412);
assert.equal(stale.error?.code, "stale");
assert.equal(stale.error.current_etag, patched.response.headers.get("etag"));

const body = { author: "agent", visibility: "public", text: "We look into it" } as const;
const said = await asha.POST("/v1/tickets/{ticket}/comments", {
  params: { path: { ticket } },
  body,
});
assert.equal(said.response.status, 201);

const resolved = await asha.POST("/v1/tickets/{ticket}/resolve", {
  params: { path: { ticket } },
  body: {},
});
assert.equal(resolved.data?.status, "resolved");

const listed = await shop.GET("/v1/tickets", { params: { query: { status: "resolved" } } });
assert.deepEqual(listed.data?.items.map((item) => item.key), [ticket]);

const refused = await shop.POST("/v1/tickets", {
  body: { ...report, title: "" },
});
assert.equal(refused.response.status, 422);
assert.deepEqual(refused.error?.errors?.map((fault) => fault.pointer), ["/title"]);

console.log(`TypeScript: ${ticket} was filed, patched and resolved`);
