/** One message of the assistant's as elements. */

import { choicesView } from "./choices_view";
import { type Child, h, hidden, icon, link } from "./dom";
import { writtenLanguage } from "./language";
import { spokenText } from "./plain_text";
import { type Rate, ratingView } from "./rating_view";
import { citationsOf, sourcesView } from "./sources_view";
import type { Strings } from "./strings";
import type { Block, Choice, Message, Resource } from "./types";

/** What pressing something in a message does. */
export interface Deeds {
  /** Says a text, as if it were typed. */
  say(text: string): void;
  /** Presses a choice. */
  choose(choice: Choice): void;
  /** Says whether an answer helped; null where the server does not count that. */
  readonly rate: Rate | null;
}

// In a group, so that splitting keeps it.
const TELEPHONE = /(\d+(?:-\d+){2,})/;
// Stands above each message already.
const ALWAYS_IN_SIGHT = ["tel:911", "tel:988", "sms:988"];

/** Makes the element of a message. */
export function messageView(message: Message, strings: Strings, deeds: Deeds): HTMLElement {
  const { kind, answer_id: answerId } = message;
  const article = h("article", { class: "message assistant", "data-kind": kind, tabindex: "-1" });
  const written = bodyView(message, strings);
  if (message.choices.length) written.push(choicesView(message, strings, deeds));
  // The widget's own words around them are in the page's language.
  for (const part of written) part.lang = writtenLanguage(message.text);
  article.append(hidden(`${strings.assistant}: `), ...written);
  if (message.sources.length) article.append(sourcesView(message, strings));
  if (message.related.length) article.append(relatedView(message, strings, deeds));
  if (answerId) article.append(ratingView(message, answerId, strings, deeds.rate));
  return article;
}

function bodyView(message: Message, strings: Strings): HTMLElement[] {
  const { kind, blocks, resources } = message;
  if (kind === "crisis") return crisisView(message, strings);
  const others = resourcesView(resources.filter(isNotInSight), strings);
  if (blocks.length) return [...blocks.map((block) => blockView(block, message, strings)), ...others];
  // A question is the legend of its choices.
  if (kind === "prompt" && message.choices.length) return others;
  return [...paragraphs(spokenText(message)), ...others];
}

/** What to press stands after the first sentence, not below all that is to be read. */
function crisisView(message: Message, strings: Strings): HTMLElement[] {
  const text = spokenText(message);
  const first = firstSentence(text);
  const lead = first ? [h("p", { class: "lead" }, first)] : [];
  const rest = paragraphs(text.slice(first.length).trim());
  return [...lead, ...resourcesView(message.resources, strings), ...rest];
}

/** The paragraphs of a text without markup. */
export function paragraphs(text: string): HTMLElement[] {
  return text
    .split(/\n+/)
    .filter((line) => line.trim())
    .map((line) => h("p", {}, ...withWholeNumbers(line)));
}

/** A text whose telephone numbers are not broken at the end of a line. */
function withWholeNumbers(text: string): Child[] {
  const parts = text.split(TELEPHONE);
  return parts.map((part, place) => (place % 2 ? h("span", { class: "tied" }, part) : part));
}

function blockView(block: Block, message: Message, strings: Strings): HTMLElement {
  const paragraph = h("p");
  const section = h("section", { class: "block" }, paragraph);
  if (block.heading) section.prepend(h("h3", {}, block.heading));
  for (const sentence of block.sentences) {
    if (paragraph.hasChildNodes()) paragraph.append(" ");
    // The last word and its numbers stay on one line.
    const last = sentence.text.lastIndexOf(" ") + 1;
    const numbers = citationsOf(sentence, message, strings, section);
    const tied = h("span", { class: "tied" }, sentence.text.slice(last), numbers);
    paragraph.append(sentence.text.slice(0, last), tied);
  }
  return section;
}

function resourcesView(resources: Resource[], strings: Strings): HTMLElement[] {
  if (!resources.length) return [];
  const items = resources.map((resource) => {
    const made = link(resource.href, resource.label, strings.newTab);
    made.prepend(icon(resource.href.startsWith("tel:") ? "phone" : "chat"));
    return h("li", {}, made);
  });
  return [h("ul", { class: "resources" }, ...items)];
}

function relatedView(message: Message, strings: Strings, deeds: Deeds): HTMLElement {
  const items = message.related.map((article) => {
    if (article.url) return h("li", {}, link(article.url, article.title, strings.newTab));
    // It has no page of its own, so it is asked about here.
    const ask = h("button", { type: "button", class: "plain" }, hidden(`${strings.askAbout} `));
    ask.append(article.title);
    ask.addEventListener("click", () => {
      deeds.say(article.title);
    });
    return h("li", {}, ask);
  });
  const summary = h("summary", {}, strings.related);
  return h("details", { class: "related" }, summary, h("ul", {}, ...items));
}

function isNotInSight(resource: Resource): boolean {
  return !ALWAYS_IN_SIGHT.includes(resource.href);
}

/** The first sentence; empty where it is too long for a headline, or the only one. */
function firstSentence(text: string): string {
  return /^[^.!?]{1,120}[.!?](?=\s)/.exec(text)?.[0] ?? "";
}
