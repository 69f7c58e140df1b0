/** What is read aloud: each message once, in plain words, without its buttons and numbers. */

import { h } from "./dom";
import { writtenLanguage } from "./language";
import { spokenText } from "./plain_text";
import type { Strings } from "./strings";
import type { Message } from "./types";

// Long enough to be taken up; too short to be met by somebody who reads through the window.
const KEPT_MS = 5000;
// A shorter silence needs no explanation.
const SILENCE_MS = 2000;

/** Two live regions that nobody sees. */
export class Announcer {
  readonly element: HTMLElement;
  readonly #polite = h("div", { "aria-live": "polite" });
  readonly #urgent = h("div", { "aria-live": "assertive" });
  readonly #strings: Strings;
  #silence: ReturnType<typeof setTimeout> | undefined;

  /** Takes words. */
  constructor(strings: Strings) {
    this.#strings = strings;
    this.element = h("div", { class: "unseen" }, this.#polite, this.#urgent);
  }

  /** Reads a message of the assistant's; in an emergency it does not wait for its turn. */
  message(message: Message): void {
    const text = `${this.#strings.assistant}: ${asHeard(message, this.#strings)}`;
    const region = message.kind === "crisis" ? this.#urgent : this.#polite;
    this.#announce(text, region, writtenLanguage(message.text));
  }

  /** Reads a line of the widget's own. */
  line(text: string): void {
    this.#announce(text, this.#polite);
  }

  /** Says that an answer is on its way, when it takes its time. */
  waiting(waiting: boolean): void {
    clearTimeout(this.#silence);
    if (!waiting) return;
    this.#silence = setTimeout(() => {
      this.line(this.#strings.waiting);
    }, SILENCE_MS);
  }

  /** Holds nothing back of a conversation that is no longer to be seen. */
  clear(): void {
    this.#polite.replaceChildren();
    this.#urgent.replaceChildren();
  }

  #announce(text: string, region: HTMLElement, lang = ""): void {
    const line = h("p", lang ? { lang } : {}, text);
    region.append(line);
    setTimeout(() => {
      line.remove();
    }, KEPT_MS);
  }
}

/** A message in the order in which it is shown. */
export function asHeard(message: Message, strings: Strings): string {
  const { blocks, choices, sources } = message;
  const said = blocks.map(({ heading, sentences }) => {
    const text = sentences.map((sentence) => sentence.text).join(" ");
    return heading ? `${heading}. ${text}` : text;
  });
  const parts = blocks.length ? said : [spokenText(message)];
  if (choices.length) parts.push(strings.offered(choices.map(({ title }) => title)));
  if (blocks.length && sources.length) parts.push(`${strings.sources(sources.length)}.`);
  return parts.join(" ");
}
