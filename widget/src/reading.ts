/**
 * Reads the server's JSON into the types of this widget.
 *
 * A server may be older or newer than a page: what is missing is empty, what is unknown is left
 * out, and nothing that is not text is shown.
 */

import type { Block, Choice, Entry, Kind, Message, Related, Resource, Source, Started } from "./types";

type Fields = Record<string, unknown>;

const KINDS: readonly string[] = ["answer", "no_answer", "crisis", "prompt", "notice"];

/** A message; null where there is nothing to show. */
export function readMessage(value: unknown): Message | null {
  const raw = fields(value);
  const text = string(raw["text"]);
  if (!text) return null;
  const kind = string(raw["kind"]);
  return {
    kind: (KINDS.includes(kind) ? kind : "notice") as Kind,
    text,
    blocks: list(raw["blocks"], readBlock),
    sources: list(raw["sources"], readSource),
    related: list(raw["related"], readRelated),
    choices: list(raw["choices"], readChoice),
    resources: list(raw["resources"], readResource),
    answer_id: string(raw["answer_id"]) || null,
  };
}

/** The messages of a reply. */
export function readReply(value: unknown): Message[] {
  return list(fields(value)["messages"], readMessage);
}

/** The conversation so far. */
export function readHistory(value: unknown): Entry[] {
  return list(fields(value)["messages"], (entry): Entry | null => {
    const raw = fields(entry);
    if (raw["from"] === "person") return { from: "person", text: string(raw["text"]) };
    const message = readMessage(raw["message"]);
    return message && { from: "assistant", message };
  });
}

/** A new conversation; null where the answer holds no token. */
export function readStarted(value: unknown): Started | null {
  const raw = fields(value);
  const token = string(raw["token"]);
  const seconds = raw["expires_in"];
  if (!token) return null;
  return {
    token,
    expires_in: typeof seconds === "number" ? seconds : 3600,
    message: readMessage(raw["message"]),
  };
}

/** The sentence for a person in a problem object; empty where there is none. */
export function readDetail(value: unknown): string {
  return string(fields(value)["detail"]);
}

function readBlock(value: unknown): Block | null {
  const raw = fields(value);
  const sentences = list(raw["sentences"], (each) => {
    const sentence = fields(each);
    const text = string(sentence["text"]);
    return text ? { text, citations: list(sentence["citations"], number) } : null;
  });
  return sentences.length ? { heading: string(raw["heading"]), sentences } : null;
}

function readSource(value: unknown): Source | null {
  const raw = fields(value);
  const place = number(raw["number"]);
  const title = string(raw["title"]);
  if (place === null || !title) return null;
  const kind = raw["kind"] === "article" ? "article" : "reference";
  return { number: place, kind, title, url: string(raw["url"]) || null };
}

function readRelated(value: unknown): Related | null {
  const raw = fields(value);
  const title = string(raw["title"]);
  return title ? { title, url: string(raw["url"]) || null } : null;
}

function readChoice(value: unknown): Choice | null {
  const raw = fields(value);
  const id = string(raw["id"]);
  const title = string(raw["title"]);
  return id && title ? { id, title } : null;
}

function readResource(value: unknown): Resource | null {
  const raw = fields(value);
  const label = string(raw["label"]);
  return label ? { label, href: string(raw["href"]) } : null;
}

function fields(value: unknown): Fields {
  return typeof value === "object" && value !== null ? (value as Fields) : {};
}

function string(value: unknown): string {
  return typeof value === "string" ? value : "";
}

function number(value: unknown): number | null {
  return typeof value === "number" && Number.isInteger(value) ? value : null;
}

function list<T>(value: unknown, read: (each: unknown) => T | null): T[] {
  if (!Array.isArray(value)) return [];
  return value.map(read).filter((each): each is T => each !== null);
}
