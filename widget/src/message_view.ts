/** One message of the assistant's as elements. */

import { choicesView } from "./choices_view";
import { h, hidden, icon, link } from "./dom";
import { spokenText } from "./plain_text";
import { ratingView } from "./rating_view";
import { citationsOf, sourcesView } from "./sources_view";
import type { Strings } from "./strings";
import type { Block, Choice, Message, Resource } from "./types";

/** What pressing something in a message does. */
export interface Deeds {
  /** Says a text, as if it were typed. */
  say(text: string): void;
  /** Presses a choice. */
  choose(choice: Choice): void;
  /** Says whether an answer helped; null where the server does not ask. */
  readonly rate: ((answerId: string, helpful: boolean) => Promise<void>) | null;
}

// Stands above each message already.
const ALWAYS_IN_SIGHT = ["tel:911", "tel:988", "sms:988"];

/** Makes the element of a message. */
export function messageView(message: Message, strings: Strings, deeds: Deeds): HTMLElement {
  const { kind, answer_id: answerId } = message;
  const article = h(
    "article",
    { class: "message assistant", "data-kind": kind, tabindex: "-1", lang: languageOf(message) },
    hidden(`${strings.assistant}: `),
  );
  if (message.blocks.length) {
    article.append(...message.blocks.map((block) => blockView(block, message, strings)));
  } else if (kind !== "prompt" || !message.choices.length) {
    article.append(...paragraphs(spokenText(message)));
  }
  const resources = kind === "crisis" ? message.resources : message.resources.filter(isNotInSight);
  if (resources.length) article.append(resourcesView(resources, strings));
  if (message.choices.length) article.append(choicesView(message, strings, deeds));
  if (message.sources.length) article.append(sourcesView(message, strings));
  if (message.related.length) article.append(relatedView(message, strings, deeds));
  if (answerId) article.append(ratingView(message, answerId, strings, deeds.rate));
  return article;
}

/** The paragraphs of a text without markup. */
export function paragraphs(text: string): HTMLElement[] {
  return text
    .split(/\n+/)
    .filter((line) => line.trim())
    .map((line) => h("p", {}, line));
}

function blockView(block: Block, message: Message, strings: Strings): HTMLElement {
  const paragraph = h("p");
  const section = h("section", { class: "block" }, paragraph);
  if (block.heading) section.prepend(h("h3", {}, block.heading));
  for (const sentence of block.sentences) {
    if (paragraph.hasChildNodes()) paragraph.append(" ");
    paragraph.append(sentence.text, citationsOf(sentence, message, strings, section));
  }
  return section;
}

function resourcesView(resources: Resource[], strings: Strings): HTMLElement {
  const items = resources.map((resource) => {
    const made = link(resource.href, resource.label, strings.newTab);
    made.prepend(icon(resource.href.startsWith("tel:") ? "phone" : "chat"));
    return h("li", {}, made);
  });
  return h("ul", { class: "resources" }, ...items);
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

/** Spanish for an emergency's text that begins in Spanish; everything else is in English. */
function languageOf(message: Message): "en" | "es" {
  const start = message.text.slice(0, 80);
  const spanish = /[áéíóúñ¿¡]|\b(llame|usted|por favor|está)\b/i;
  return message.kind === "crisis" && spanish.test(start) ? "es" : "en";
}
