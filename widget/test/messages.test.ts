import { expect, test, vi } from "vitest";

import { messageView } from "../src/message_view";
import { stringsFor } from "../src/strings";
import { ANSWER, message } from "./server";

const strings = stringsFor("en");

function view(parts: Parameters<typeof message>[0]): { element: HTMLElement; said: string[] } {
  const said: string[] = [];
  const element = messageView(message(parts), strings, {
    say: (text) => said.push(text),
    choose: (choice) => said.push(choice.id),
    rate: async (_, helpful) => {
      said.push(String(helpful));
      return Promise.resolve(true);
    },
  });
  document.body.replaceChildren(element);
  return { element, said };
}

function pressable(element: Element, name: string): HTMLElement {
  const found = [...element.querySelectorAll<HTMLElement>("button, a, summary")].find(
    (each) => (each.textContent || each.title) === name,
  );
  if (!found) throw new Error(`There is nothing called ${name}.`);
  return found;
}

test("a citation opens its source in place, and closes it", () => {
  const { element } = view(ANSWER);
  expect(element.querySelector(".block p")?.textContent).toBe("CBT helps.Source 11Source 22");
  const [, second] = element.querySelectorAll<HTMLElement>(".cite");
  second?.click();
  const source = element.querySelector(".source");
  expect(source?.querySelector("a")?.getAttribute("href")).toBe("https://www.nimh.nih.gov/x");
  expect(second?.getAttribute("aria-expanded")).toBe("true");
  second?.click();
  expect(element.querySelector(".source")).toBeNull();
  expect(second?.getAttribute("aria-expanded")).toBe("false");
});

test("a number without a source is not shown", () => {
  const blocks = [{ heading: "", sentences: [{ text: "A.", citations: [1, 9] }] }];
  const { element } = view({ ...ANSWER, blocks });
  expect(element.querySelectorAll(".cite")).toHaveLength(1);
});

test("a telephone number is not broken at the end of a line", () => {
  const { element } = view({ text: "Call 1-800-662-4357 or 988, 24/7." });
  expect(element.querySelector("p")?.textContent).toBe("Call 1-800-662-4357 or 988, 24/7.");
  expect([...element.querySelectorAll(".tied")].map((each) => each.textContent)).toEqual(["1-800-662-4357"]);
});

test("choices are used once", () => {
  const { element, said } = view(ANSWER);
  pressable(element, "Tell me more").click();
  expect(said).toEqual(["c1"]);
  expect(element.querySelector(".choices")).toBeNull();
});

test.each([
  ["listed", "- Yes\n- No"],
  ["numbered", "1. Yes\n2. No"],
])("a question with %s choices is a fieldset whose legend is the question, said once", (_, choices) => {
  const { element, said } = view({
    kind: "prompt",
    text: `May we call you about treatment?\nYou can say no.\n${choices}`,
    choices: [
      { id: "yes", title: "Yes" },
      { id: "no", title: "No" },
    ],
  });
  expect(element.querySelector("legend")?.textContent.trim()).toBe("May we call you about treatment? You can say no.");
  expect(element.textContent.match(/May we call/g)).toHaveLength(1);
  pressable(element, "No").click();
  expect(said).toEqual(["no"]);
  // The question stays, to be read again.
  expect(element.querySelector("legend")).not.toBeNull();
  expect(element.querySelectorAll("button")).toHaveLength(0);
});

test("in an emergency what to press stands before what to read, and no word is lost", () => {
  const text = "Call 911 now. Say where you are. Stay with them.";
  const resources = [{ label: "Call 911", href: "tel:911" }];
  const { element } = view({ kind: "crisis", text, resources });
  const parts = [...element.children].map((each) => each.textContent);
  expect(parts).toEqual(["Assistant: ", "Call 911 now.", "Call 911", "Say where you are. Stay with them."]);
  expect(element.querySelector("a")?.getAttribute("href")).toBe("tel:911");
});

test.each([
  ["Call 911 now. En español: llame al 911 ahora mismo.", "en"],
  ["Me alegra que lo haya escrito. Soy un programa automático.", "es"],
  ["No tiene que hablar: envíe START al 88788 o chatee en thehotline.org.", "es"],
  ["You don't have to speak: text START to 88788, or chat at thehotline.org.", "en"],
  ["Hello.", "en"],
])("a text is marked with its language: %s", (text, language) => {
  expect(view({ text }).element.querySelector("p")?.lang).toBe(language);
});

test("a related article without a page is asked about, with one it is a link", () => {
  const related = [
    { title: "Kinds of therapy", url: null },
    { title: "Detox", url: "https://provider.example/detox" },
  ];
  const { element, said } = view({ related });
  pressable(element, "Ask about Kinds of therapy").click();
  expect(said).toEqual(["Kinds of therapy"]);
  expect(element.querySelector(".related a")?.getAttribute("href")).toBe("https://provider.example/detox");
});

test("sources that were asked for stand open, and not twice", () => {
  const line = "[1] What is therapy? (CBT)";
  const { element } = view({ text: `Those are quoted from:\n${line}`, sources: ANSWER.sources.slice(0, 1) });
  expect(element.querySelector("details")?.open).toBe(true);
  expect(element.querySelector("p")?.textContent).toBe("Those are quoted from:");
});

test("an answer is rated, and copied with its sources", async () => {
  const written = vi.spyOn(navigator.clipboard, "writeText").mockResolvedValue();
  const { element, said } = view(ANSWER);
  const up = pressable(element, "Helpful");
  up.click();
  expect(up.getAttribute("aria-pressed")).toBe("true");
  pressable(element, "Copy with sources").click();
  expect(said).toEqual(["true"]);
  expect(written).toHaveBeenCalledWith(ANSWER.text);
  await vi.waitFor(() => {
    expect(element.querySelector("[role=status]")?.textContent).toMatch(/Copied|Thank you/);
  });
});

test("markup in a message is shown as it is written", () => {
  const bad = '<img src=x onerror="alert(1)"><script>alert(1)</script>';
  const { element } = view({
    kind: "answer",
    text: bad,
    blocks: [{ heading: bad, sentences: [{ text: bad, citations: [1] }] }],
    sources: [{ number: 1, kind: "reference", title: bad, url: "javascript:alert(1)" }],
    related: [{ title: bad, url: "javascript:alert(1)" }],
    choices: [{ id: "x", title: bad }],
    resources: [{ label: bad, href: "javascript:alert(1)" }],
  });
  expect(element.querySelectorAll("img, script")).toHaveLength(0);
  expect(element.querySelectorAll("a")).toHaveLength(0);
  expect(element.textContent).toContain(bad);
});
