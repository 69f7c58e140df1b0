import { beforeEach, expect, test, vi } from "vitest";

import { Api } from "../src/api";
import { Conversation } from "../src/conversation";
import { Session } from "../src/session";
import { stringsFor } from "../src/strings";
import { Page } from "./page";
import { ANSWER, json, message, opened, problem, Server, SERVER } from "./server";

const strings = stringsFor("en");

let server: Server;
let page: Page;
let conversation: Conversation;

function reopened(): Conversation {
  page = new Page();
  return new Conversation(new Api(SERVER), new Session(SERVER), page, strings);
}

beforeEach(() => {
  sessionStorage.clear();
  server = new Server();
  server.answer("POST messages", () => json({ messages: [ANSWER] }));
  conversation = reopened();
});

test("a question is sent with the token, and its answer shown", async () => {
  const bubble = page.bubble();
  await conversation.say({ text: "what is CBT?" }, bubble);
  expect(page.seen).toEqual(["opening: I'm an automated program.", "answer"]);
  expect(bubble.state).toBe("sent");
  expect(page.isWaiting).toBe(false);
  expect(server.asks("POST messages")).toMatchObject([
    { body: { text: "what is CBT?" }, token: "Bearer token-1" },
  ]);
});

test("the tab's conversation is taken up on the next page", async () => {
  await conversation.say({ text: "what is CBT?" }, page.bubble());
  server.answer("GET history", () =>
    json({ messages: [{ from: "person", text: "what is CBT?" }, { from: "assistant", message: ANSWER }] }),
  );
  await reopened().begin();
  expect(page.seen).toEqual(["me: what is CBT?", "answer"]);
  expect(server.asks("POST sessions")).toHaveLength(1);
});

test("two questions at once begin one conversation", async () => {
  await Promise.all([
    conversation.say({ text: "a" }, page.bubble()),
    conversation.say({ text: "b" }, page.bubble()),
  ]);
  expect(server.asks("POST sessions")).toHaveLength(1);
});

test("a conversation that has ended is begun anew and the text sent again", async () => {
  let sessions = 0;
  server.answer("POST sessions", () => json(opened(`token-${(sessions += 1)}`), 201));
  server.answer("POST messages", (asked) =>
    asked.token === "Bearer token-1" ? problem(401, "This chat has ended.") : json({ messages: [ANSWER] }),
  );
  const bubbles = [page.bubble(), page.bubble()];
  await Promise.all(bubbles.map((bubble) => conversation.say({ text: "what is CBT?" }, bubble)));
  expect(bubbles.map((bubble) => bubble.state)).toEqual(["sent", "sent"]);
  expect(sessions).toBe(2);
  expect(page.seen.filter((each) => each === "ended")).toHaveLength(1);
  expect(page.seen.filter((each) => each === "answer")).toHaveLength(2);
});

test("a choice of a conversation that has ended is not sent to the new one", async () => {
  server.answer("POST messages", () => problem(401, "This chat has ended."));
  const bubble = page.bubble();
  await conversation.say({ choice: "c1" }, bubble);
  expect(bubble.state).toBe(`failed: ${strings.choiceGone}`);
  expect(page.again).toBeNull();
  expect(server.asks("POST messages")).toHaveLength(1);
});

test("a server that cannot be reached is said, with the numbers for an emergency, and tried again", async () => {
  server.answer("POST messages", () => Promise.reject(new TypeError("Failed to fetch")));
  const bubble = page.bubble();
  await conversation.say({ text: "what is CBT?" }, bubble);
  expect(bubble.state).toMatch(/^failed: .*911.*988/);
  server.answer("POST messages", () => json({ messages: [ANSWER] }));
  page.again?.();
  await vi.waitFor(() => {
    expect(bubble.state).toBe("sent");
  });
  expect(page.seen.at(-1)).toBe("answer");
});

test("a text that had arrived is not sent twice: its answer stands in the history", async () => {
  server.answer("POST messages", () => Promise.reject(new TypeError("Failed to fetch")));
  await conversation.say({ text: "what is CBT?" }, page.bubble());
  server.answer("GET history", () =>
    json({ messages: [{ from: "person", text: "what is CBT?" }, { from: "assistant", message: ANSWER }] }),
  );
  page.again?.();
  await vi.waitFor(() => {
    expect(page.seen).toEqual(["me: what is CBT?", "answer"]);
  });
  expect(server.asks("POST messages")).toHaveLength(1);
});

test.each([
  [400, false],
  [413, false],
  [429, true],
  [503, true],
])("a problem %i is said in the server's words; sending the same again: %s", async (status, again) => {
  server.answer("POST messages", () => problem(status, "The server's sentence."));
  const bubble = page.bubble();
  await conversation.say({ text: "x" }, bubble);
  expect(bubble.state).toBe("failed: The server's sentence.");
  expect(page.again !== null).toBe(again);
});

test("an answer that is no JSON is a failure, not silence", async () => {
  server.answer("POST messages", () => new Response("<html>502 Bad Gateway</html>", { status: 502 }));
  const bubble = page.bubble();
  await conversation.say({ text: "x" }, bubble);
  expect(bubble.state).toBe(`failed: ${strings.failed}`);
});

test("messages of a stream are shown; one that is cut off is a failure", async () => {
  const event = (name: string, data: unknown): string => `event: ${name}\ndata: ${JSON.stringify(data)}\n\n`;
  const stream = (...events: string[]): Response =>
    new Response(events.join(""), { headers: { "Content-Type": "text/event-stream" } });
  server.answer("POST messages", () => stream(event("typing", {}), event("message", ANSWER), event("done", {})));
  const whole = page.bubble();
  await conversation.say({ text: "x" }, whole);
  expect([whole.state, page.seen.at(-1)]).toEqual(["sent", "answer"]);
  server.answer("POST messages", () => stream(event("typing", {})));
  const cut = page.bubble();
  await conversation.say({ text: "x" }, cut);
  expect(cut.state).toBe(`failed: ${strings.unreachable}`);
  server.answer("POST messages", () => stream(event("problem", { status: 503, detail: "Later, please." })));
  const refused = page.bubble();
  await conversation.say({ text: "x" }, refused);
  expect(refused.state).toBe("failed: Later, please.");
});

test("a stream that answers and then says that the conversation has ended is not asked again", async () => {
  const events = [
    ["message", ANSWER],
    ["problem", { status: 401, detail: "This chat has ended." }],
    ["done", {}],
  ];
  const body = events.map(([name, data]) => `event: ${name as string}\ndata: ${JSON.stringify(data)}\n\n`);
  server.answer(
    "POST messages",
    () => new Response(body.join(""), { headers: { "Content-Type": "text/event-stream" } }),
  );
  const bubble = page.bubble();
  await conversation.say({ text: "x" }, bubble);
  expect(bubble.state).toBe("sent");
  expect(page.seen.slice(1)).toEqual(["answer", "ended", "opening: I'm an automated program."]);
  expect(server.asks("POST messages")).toHaveLength(1);
});

const QUESTION = message({ kind: "prompt", text: "Should I delete it?", choices: [{ id: "y", title: "Yes" }] });
const DONE = message({ text: "Done." });

test("what the server has deleted after a question is no longer shown either", async () => {
  server.answer("POST messages", () => json({ messages: [QUESTION] }));
  await conversation.say({ text: "delete my data" }, page.bubble());
  expect(server.asks("GET history")).toHaveLength(0);
  server.answer("POST messages", () => json({ messages: [DONE] }));
  server.answer("GET history", () =>
    json({ messages: [{ from: "person", text: "Yes" }, { from: "assistant", message: DONE }] }),
  );
  await conversation.say({ choice: "y" }, page.bubble());
  expect(page.seen).toEqual(["me: Yes", "answer"]);
});

test("what the server has kept after a question stays as it was shown", async () => {
  server.answer("POST messages", () => json({ messages: [QUESTION] }));
  await conversation.say({ text: "delete my data" }, page.bubble());
  server.answer("POST messages", () => json({ messages: [DONE] }));
  const kept = [{ from: "person", text: "delete my data" }, { from: "person", text: "No" }];
  server.answer("GET history", () => json({ messages: kept }));
  await conversation.say({ text: "No" }, page.bubble());
  expect(page.seen).toEqual(["opening: I'm an automated program.", "prompt", "notice"]);
  server.answer("GET history", () => problem(503, "Later."));
  await conversation.say({ text: "x" }, page.bubble());
  expect(server.asks("GET history")).toHaveLength(1);
});

test("erasing erases on the server, forgets the token and begins anew", async () => {
  await conversation.say({ text: "x" }, page.bubble());
  server.answer("POST sessions", () => json(opened("token-2"), 201));
  await conversation.erase();
  expect(server.asks("DELETE session")).toMatchObject([{ token: "Bearer token-1" }]);
  expect(page.seen).toEqual(["opening: I'm an automated program."]);
  expect(Object.values(sessionStorage).join()).not.toContain("token-1");
});

test("what the server did not erase is not called erased", async () => {
  await conversation.say({ text: "x" }, page.bubble());
  server.answer("DELETE session", () => problem(503, "Something failed."));
  await expect(conversation.erase()).rejects.toThrow("Something failed.");
  expect(page.seen).toContain("answer");
});

test("an answer to an erased conversation is not shown", async () => {
  let arrive: (response: Response) => void = () => undefined;
  server.answer("POST messages", () => new Promise((resolve) => (arrive = resolve)));
  await conversation.begin();
  const said = conversation.say({ text: "x" }, page.bubble());
  await vi.waitFor(() => {
    expect(server.asks("POST messages")).toHaveLength(1);
  });
  await conversation.erase();
  arrive(json({ messages: [message({ text: "Of before." })] }));
  await said;
  expect(page.seen).toEqual(["opening: I'm an automated program."]);
});

test("leaving forgets everything at once and asks the server to", async () => {
  await conversation.begin();
  conversation.leave();
  expect(sessionStorage).toHaveLength(0);
  expect(page.seen).toEqual([]);
  await vi.waitFor(() => {
    expect(server.asks("DELETE session")).toHaveLength(1);
  });
});

test("a browser that forbids storage keeps the conversation for this page", async () => {
  vi.stubGlobal("sessionStorage", undefined);
  try {
    conversation = reopened();
    await conversation.say({ text: "x" }, page.bubble());
    await conversation.say({ text: "y" }, page.bubble());
  } finally {
    vi.unstubAllGlobals();
  }
  expect(server.asks("POST sessions")).toHaveLength(1);
});
