// A small client of Amends for Node, written from docs/contract alone: it shares no code with the services.
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { jetstream } from "@nats-io/jetstream";
import { connect, nkeyAuthenticator } from "@nats-io/transport-node";

const BASE32 = "abcdefghijklmnopqrstuvwxyz234567";
const PATIENCE = 60_000;

/** Connect as one kind of client of the stack that wrote the ready file. */
export async function connectAs(client, ready) {
  const seed = (await readFile(ready.credentials[client], "utf8")).trim();
  const authenticator = nkeyAuthenticator(new TextEncoder().encode(seed));
  return connect({ servers: ready.nats_url, authenticator });
}

/** `C` and the first 15 characters of the base-32 SHA-256 over source, newline, id. */
export function complaintId(source, id) {
  const digest = createHash("sha256").update(`${source}\n${id}`, "utf8").digest("hex");
  let bits = BigInt(`0x${digest}`) >> (256n - 75n);
  let text = "";
  for (let place = 0; place < 15; place += 1, bits >>= 5n) text = BASE32[Number(bits & 31n)] + text;
  return `C${text}`;
}

/** Publish a complaint; resolves once it is durable. */
export function submit(nc, channel, complaint) {
  return jetstream(nc).publish(`complaints.v1.submit.${channel}`, JSON.stringify(complaint));
}

/** One request, one JSON reply. */
export async function ask(nc, subject, body = {}) {
  const reply = await nc.request(`complaints.v1.${subject}`, JSON.stringify(body), { timeout: 30_000 });
  return reply.json();
}

/** The facts of one complaint, from the client's own durable: it begins when the client was added. */
export class Facts {
  all = [];
  #waiting = new Set();

  static async follow(nc, id) {
    const facts = new Facts();
    facts.id = id;
    const consumer = await jetstream(nc).consumers.get("COMPLAINTS_EVENTS", "client-agent");
    facts.messages = await consumer.consume();
    facts.done = facts.#read();
    return facts;
  }

  async #read() {
    for await (const message of this.messages) {
      message.ack();
      if (!message.subject.endsWith(`.${this.id}`)) continue;
      this.all.push(message.json());
      for (const look of this.#waiting) look();
    }
  }

  named(name) {
    return this.all.filter((fact) => fact.type === `complaints.event.${name}.v1`);
  }

  /** The last fact of that name, as soon as there is one. */
  async until(name) {
    await this.#when(() => this.named(name).length > 0, `the fact ${name}`);
    return this.named(name).at(-1).data;
  }

  async count(least) {
    await this.#when(() => this.all.length >= least, `${least} facts`);
  }

  #when(condition, what) {
    return new Promise((resolve, reject) => {
      const seen = () => `after ${this.all.map((fact) => fact.type.split(".")[2]).join(", ") || "nothing"}`;
      const timer = setTimeout(() => reject(new Error(`${what} did not come, ${seen()}`)), PATIENCE);
      const look = () => {
        if (!condition()) return;
        clearTimeout(timer);
        this.#waiting.delete(look);
        resolve();
      };
      this.#waiting.add(look);
      look();
    });
  }
}
