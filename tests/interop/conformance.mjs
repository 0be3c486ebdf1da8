// What Amends says, held against the JSON Schemas that it publishes.
import assert from "node:assert/strict";
import { readdir, readFile } from "node:fs/promises";
import Ajv from "ajv/dist/2020.js";
import formats from "ajv-formats";

const folder = new URL("../../docs/contract/schemas/", import.meta.url);
const ajv = new Ajv.default({ strict: false, allErrors: true });
formats.default(ajv);
for (const file of await readdir(folder)) {
  if (file.endsWith(".json")) ajv.addSchema(JSON.parse(await readFile(new URL(file, folder), "utf8")));
}

/** Throws unless `message` is valid by the schema `urn:amends:contract:v1:<name>`. */
export function conforms(name, message) {
  const schema = ajv.getSchema(`urn:amends:contract:v1:${name}`);
  assert.ok(schema, `there is no schema ${name}`);
  assert.ok(schema(message), `not a valid ${name}: ${ajv.errorsText(schema.errors)}`);
  return message;
}

/** A fact names its own schema. */
export function conformsToItself(fact) {
  return conforms(fact.dataschema.replace("urn:amends:contract:v1:", ""), fact);
}
