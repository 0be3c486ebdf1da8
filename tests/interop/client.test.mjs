// One complaint, from its submission to its resolution, by a client in another language.
import assert from "node:assert/strict";
import { randomUUID } from "node:crypto";
import { readFile } from "node:fs/promises";
import { after, before, test } from "node:test";
import { jetstreamManager } from "@nats-io/jetstream";
import { ask, complaintId, connectAs, Facts, submit } from "./amends.mjs";
import { conforms, conformsToItself } from "./conformance.mjs";

const SOURCE = "interop.example/工单";
const externalId = randomUUID();
const id = complaintId(SOURCE, externalId);
const complaint = {
  specversion: "1.0",
  type: "complaints.submitted.v1",
  source: SOURCE,
  id: externalId,
  time: new Date().toISOString(),
  data: {
    language: "zh",
    customer: { ref: "cust-interop", name: "王小明", timezone: "Asia/Shanghai" },
    title: "电水壶两天就坏了",
    narrative: "新买的电水壶用了两天就不加热了，我要求退款。",
    remedy_sought: "refund",
    loss: { value: "199.00", currency: "CNY" },
    hints: { category: "product", motives: ["refund"] },
  },
};

let publisher, agent, customer, facts, owner, respond, responded;

async function command(verb, data, actor = owner, command_id = randomUUID()) {
  const request = { command_id, complaint_id: id, actor: { id: actor }, data };
  const client = actor === "customer" ? customer : agent;
  return conforms("command-reply", await ask(client, `command.${verb}`, request));
}

async function done(verb, data, actor = owner) {
  conforms(`command:${verb}`, { command_id: "x", complaint_id: id, actor: { id: actor }, data });
  const reply = await command(verb, data, actor);
  assert.ok(reply.ok, `${verb} was refused: ${JSON.stringify(reply.error)}`);
  return reply;
}

async function result(name, request = {}) {
  const reply = conforms(`query-reply:${name}`, await ask(agent, `query.${name}`, conforms(`query:${name}`, request)));
  assert.ok(reply.ok, `${name} was refused: ${JSON.stringify(reply.error)}`);
  return reply.result;
}

before(async () => {
  const ready = JSON.parse(await readFile(process.env.AMENDS_READY_FILE, "utf8"));
  publisher = await connectAs("publisher", ready);
  agent = await connectAs("agent", ready);
  customer = await connectAs("customer", ready);
});

after(() => Promise.all([publisher?.close(), agent?.close(), customer?.close()]));

test("the complaint id of the worked example comes out right", () => {
  assert.equal(complaintId("crm.example/cases", "2026-000123"), "Cxl24reuudjrczpw");
});

test("a complaint is durable once acknowledged, and sent twice it is one complaint with one owner", async () => {
  conforms("submission", complaint);
  assert.equal((await submit(publisher, "web", complaint)).stream, "COMPLAINTS_SUBMIT");
  await submit(publisher, "web", complaint);
  facts = await Facts.follow(agent, id);
  assert.equal((await facts.until("received")).external_ref, externalId);
  ({ owner } = await facts.until("assigned"));
});

test("the usual opening line of a JetStream client is answered, and the rest of its administration is not", async () => {
  const manager = await jetstreamManager(publisher);
  assert.ok((await manager.getAccountInfo()).streams >= 3);
  await assert.rejects(manager.streams.info("COMPLAINTS_EVENTS"));
});

test("a client cannot name an actor that is not its own", async () => {
  const request = { command_id: randomUUID(), complaint_id: id, actor: { id: owner }, data: { reason: "no" } };
  const { error } = await ask(customer, "command.withdraw", request);
  assert.equal(error.code, "client_not_allowed");
  assert.equal(error.field, "actor.id");
});

test("a malformed command is refused with a code, a field and words in two languages", async () => {
  const { ok, error } = await command("respond", { text: "没有种类" });
  assert.equal(ok, false);
  assert.equal(error.code, "malformed");
  assert.equal(error.field, "data.kind");
  assert.match(error.message_zh, /[\u4e00-\u9fff]/);
});

test("an offer before the substantive response is refused, and says what is possible", async () => {
  const { error } = await command("offer", { option_id: "any", standards: [], text: "退款" });
  assert.equal(error.code, "needs_response_first");
  assert.ok(error.allowed.includes("respond"));
});

test("a repeated command repeats the reply", async () => {
  respond = { kind: "explanation", text: "很抱歉给您带来不便，我们已检查您的电水壶，确认是加热元件故障。" };
  responded = randomUUID();
  const first = await command("respond", respond, owner, responded);
  assert.ok(first.ok, JSON.stringify(first.error));
  assert.ok(first.events.includes("responded"));
  assert.deepEqual(await command("respond", respond, owner, responded), first);
});

test("owner and customer agree on an offer, the owner carries it out, and a callback is scheduled", async () => {
  const { remedies, standards } = await result("policy");
  const kind = remedies.find((remedy) => !remedy.money);
  const money = remedies.find((remedy) => remedy.money);
  const options = [
    { option_id: "kind", remedy: kind.id },
    { option_id: "money", remedy: money.id, amount: { value: "50.00", currency: "CNY" } },
  ];
  await done("clarify", { cause: "heating-element", cause_side: "defect", liability: "company" });
  await done("record_interest", { party: "customer", interest: "money", confirmed: true });
  await done("prepare_options", { options });
  await done("offer", { option_id: "money", standards: [standards[0].id], text: "我们为您退还部分货款，请您考虑。" });
  const { offer_id } = await facts.until("offer_made");
  await done("answer", { offer_id, answer: "accepted" }, "customer");
  const answered = (await facts.until("offer_answered")).actor;
  assert.deepEqual(answered, { id: "customer", role: "customer", via: "customer" });
  const { actions } = await facts.until("agreed");
  assert.ok(actions.length > 0);
  for (const { action_id } of actions) await done("complete_action", { action_id, evidence: "流水号 20261121-1" });
  assert.equal((await facts.until("resolved")).outcome, "agreed");
  assert.ok(new Date((await facts.until("callback_scheduled")).due) > new Date());
});

test("the state, the worklist, the rates and a text can be read", async () => {
  const state = await result("complaint", { complaint_id: id });
  assert.equal(state.stage, "following_up");
  assert.ok((await result("worklist", { owner })).items.some((item) => item.complaint_id === id));
  assert.ok((await result("rates")).response.denominator >= 1);
  const { text_ref } = await facts.until("responded");
  const { text } = await result("text", { text_ref, actor: { id: owner }, purpose: "interop" });
  assert.equal(text, respond.text);
});

test("the timeline is what was followed, without gaps, each thing once", async () => {
  const { events } = await result("timeline", { complaint_id: id });
  await facts.count(events.length);
  assert.deepEqual(facts.all.slice(0, events.length), events);
  events.forEach(conformsToItself);
  const last = {};
  for (const { source, data } of events) {
    assert.equal(data.seq, (last[source] ?? 0) + 1, `a gap in what ${source} said`);
    last[source] = data.seq;
  }
  assert.deepEqual(Object.keys(last).sort(), ["amends/followup", "amends/intake", "amends/routing"]);
  for (const name of ["received", "responded", "agreed", "resolved"]) {
    assert.equal(facts.named(name).length, 1, name);
  }
  assert.ok(!JSON.stringify(events).includes("王小明"));
});
