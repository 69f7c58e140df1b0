/** A server for tests: what it answers is set by each test, what it was asked is kept. */

import { vi } from "vitest";

import type { Message } from "../src/types";

export interface Asked {
  method: string;
  path: string;
  body: unknown;
  token: string | null;
}

type Answer = (asked: Asked) => Response | Promise<Response>;

export const SERVER = "https://chat.example.org/webhooks/web/";

export class Server {
  readonly asked: Asked[] = [];
  readonly #answers = new Map<string, Answer>();

  constructor() {
    this.answer("POST sessions", () => json(opened("token-1"), 201));
    this.answer("GET history", () => json({ messages: [] }));
    this.answer("DELETE session", () => new Response(null, { status: 204 }));
    vi.stubGlobal("fetch", this.#fetch.bind(this));
  }

  answer(what: string, answer: Answer): void {
    this.#answers.set(what, answer);
  }

  asks(what: string): Asked[] {
    return this.asked.filter((each) => `${each.method} ${each.path}` === what);
  }

  async #fetch(url: string, init: RequestInit): Promise<Response> {
    const asked = {
      method: init.method ?? "GET",
      path: url.replace(SERVER, ""),
      body: typeof init.body === "string" ? (JSON.parse(init.body) as unknown) : null,
      token: new Headers(init.headers).get("Authorization"),
    };
    this.asked.push(asked);
    const answer = this.#answers.get(`${asked.method} ${asked.path}`);
    return answer ? answer(asked) : problem(404, "There is nothing here.");
  }
}

export function json(body: unknown, status = 200): Response {
  return new Response(JSON.stringify(body), {
    status,
    headers: { "Content-Type": "application/json" },
  });
}

export function problem(status: number, detail: string): Response {
  return json({ type: "about:blank", title: "No", status, detail }, status);
}

export function opened(token: string): object {
  return { token, expires_in: 3600, message: message({ text: "I'm an automated program." }) };
}

export function message(parts: Partial<Message>): Message {
  return {
    kind: "notice",
    text: "A text.",
    blocks: [],
    sources: [],
    related: [],
    choices: [],
    resources: [],
    answer_id: null,
    ...parts,
  };
}

export const ANSWER = message({
  kind: "answer",
  text: "CBT helps. [1][2]\n\nSources:\n[1] What is therapy? (CBT)\n[2] NIMH. Psychotherapies. https://www.nimh.nih.gov/x",
  blocks: [{ heading: "CBT", sentences: [{ text: "CBT helps.", citations: [1, 2] }] }],
  sources: [
    { number: 1, kind: "article", title: "What is therapy? (CBT)", url: null },
    { number: 2, kind: "reference", title: "NIMH. Psychotherapies.", url: "https://www.nimh.nih.gov/x" },
  ],
  related: [{ title: "Kinds of therapy", url: null }],
  choices: [{ id: "c1", title: "Tell me more" }],
  answer_id: "a1",
});
