import { afterEach, beforeEach, expect, test, vi } from "vitest";

import { Announcer, asHeard } from "../src/announcer";
import { stringsFor } from "../src/strings";
import { ANSWER, message } from "./server";

const strings = stringsFor("en");
let announcer: Announcer;

function heard(manner: "polite" | "assertive"): string[] {
  const region = announcer.element.querySelector(`[aria-live="${manner}"]`);
  return [...(region?.children ?? [])].map((line) => line.textContent);
}

beforeEach(() => {
  vi.useFakeTimers();
  announcer = new Announcer(strings);
});

afterEach(() => {
  vi.useRealTimers();
});

test("an answer is heard without its numbers and buttons, a question with its choices", () => {
  expect(asHeard(ANSWER, strings)).toBe("CBT. CBT helps. Choices: Tell me more. 2 sources.");
  const choices = [
    { id: "y", title: "Yes" },
    { id: "n", title: "No" },
  ];
  const question = message({ kind: "prompt", text: "May we call you?\n1. Yes\n2. No", choices });
  expect(asHeard(question, strings)).toBe("May we call you? Choices: Yes; No.");
});

test("each message is a line of its own, and gone when it was read", () => {
  announcer.message(message({ text: "One." }));
  announcer.message(message({ text: "Two." }));
  expect(heard("polite")).toEqual(["Assistant: One.", "Assistant: Two."]);
  vi.runAllTimers();
  expect(heard("polite")).toEqual([]);
});

test("an emergency's reply does not wait, and is spoken in its language", () => {
  announcer.message(message({ kind: "crisis", text: "Llame al 988 y marque 2, o al 911 si está en peligro." }));
  expect(heard("polite")).toEqual([]);
  expect(announcer.element.querySelector("p")?.lang).toBe("es");
  expect(heard("assertive")).toHaveLength(1);
});

test("of an erased conversation nothing is left to be read", () => {
  announcer.message(message({ text: "One." }));
  announcer.message(message({ kind: "crisis", text: "Call 911 now." }));
  announcer.clear();
  expect(announcer.element.textContent).toBe("");
});

test("only a long silence is explained", () => {
  announcer.waiting(true);
  vi.advanceTimersByTime(1000);
  announcer.waiting(false);
  vi.advanceTimersByTime(3000);
  expect(heard("polite")).toEqual([]);
  announcer.waiting(true);
  vi.advanceTimersByTime(2000);
  expect(heard("polite")).toEqual(["Looking for an answer"]);
});
