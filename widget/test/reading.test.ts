import { expect, test } from "vitest";

import { readHistory, readMessage, readReply, readStarted } from "../src/reading";
import { ANSWER, message } from "./server";

test("a message is read as the server describes it", () => {
  expect(readMessage(ANSWER)).toEqual(ANSWER);
});

test("what is missing or of another type is empty, never an error", () => {
  const bare = message({ text: "Hello." });
  expect(readMessage({ text: "Hello." })).toEqual(bare);
  expect(
    readMessage({
      text: "Hello.",
      kind: "a kind of next year",
      blocks: [null, 3, { sentences: "no list" }, { sentences: [{ text: 5 }] }],
      sources: [{ number: "1", title: "No number" }, { number: 1 }],
      related: ["text"],
      choices: [{ id: "only" }, { title: "only" }],
      resources: { label: "no list" },
      answer_id: 12,
    }),
  ).toEqual(bare);
});

test.each([null, undefined, 3, "text", [], {}, { text: "" }, { text: { toString: "x" } }])(
  "%j is no message",
  (value) => {
    expect(readMessage(value)).toBeNull();
    expect(readReply({ messages: [value] })).toEqual([]);
  },
);

test("a history is who said what", () => {
  const entries = [
    { from: "person", text: "what is CBT?" },
    { from: "assistant", message: ANSWER },
    { from: "assistant", message: null },
    7,
  ];
  expect(readHistory({ messages: entries })).toEqual(entries.slice(0, 2));
  expect(readHistory("nothing")).toEqual([]);
});

test("a conversation without a token is none", () => {
  expect(readStarted({ expires_in: 5 })).toBeNull();
  expect(readStarted({ token: "t" })).toEqual({ token: "t", expires_in: 3600, message: null });
});
