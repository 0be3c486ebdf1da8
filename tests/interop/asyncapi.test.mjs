// The generated AsyncAPI document, judged by the official parser.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { test } from "node:test";
import { DiagnosticSeverity, Parser } from "@asyncapi/parser";

const file = new URL("../../docs/contract/asyncapi.yaml", import.meta.url);

test("the official parser finds no error in the AsyncAPI document", async () => {
  const { document, diagnostics } = await new Parser().parse(await readFile(file, "utf8"));
  const errors = diagnostics.filter((found) => found.severity === DiagnosticSeverity.Error);
  assert.deepEqual(errors.map((found) => `${found.path.join(".")}: ${found.message}`), []);
  assert.equal(document.version(), "3.0.0");
});

test("the official parser does find an error in a broken document", async () => {
  const broken = (await readFile(file, "utf8")).replace("action: receive", "action: overhear");
  const { document } = await new Parser().parse(broken);
  assert.equal(document, undefined);
});

test("every command and query names its reply", async () => {
  const { document } = await new Parser().parse(await readFile(file, "utf8"));
  const asked = document.operations().filter((operation) => /^(command|query)\./.test(operation.id()));
  assert.ok(asked.length > 20);
  for (const operation of asked) assert.ok(operation.reply()?.messages().length, operation.id());
});
