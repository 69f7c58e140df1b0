/** The conversation as it is shown. */

import type { Announcer } from "./announcer";
import { retireChoices } from "./choices_view";
import type { Screen, Utterance } from "./conversation";
import { button, h, hidden } from "./dom";
import { type Deeds, messageView, paragraphs } from "./message_view";
import type { Strings } from "./strings";
import type { Entry, Message } from "./types";

// Room above what is scrolled to, in pixels.
const ABOVE = 8;

/** What the log tells whoever carries it. */
export interface LogEvents {
  /** A message came in. */
  onMessage(): void;
  /** A text shall be changed and sent anew. */
  onEdit(text: string): void;
  /** The cursor belongs to where the person writes. */
  onWrite(): void;
}

/**
 * The messages. The log itself is no live region, though its role would make it one: with each
 * message all of its buttons would be read, and twice what the focus is moved to. So what is
 * added is either read by the announcer or gets the focus.
 */
export class Log implements Screen {
  readonly element: HTMLElement;
  readonly #strings: Strings;
  readonly #announcer: Announcer;
  readonly #deeds: Deeds;
  readonly #events: LogEvents;
  readonly #typing: HTMLElement;
  #opening: HTMLElement | null = null;

  /** Takes words, who reads aloud, and what pressing something does. */
  constructor(strings: Strings, announcer: Announcer, deeds: Deeds, events: LogEvents) {
    this.#strings = strings;
    this.#announcer = announcer;
    this.#deeds = deeds;
    this.#events = events;
    this.#typing = h("p", { class: "typing", hidden: true }, dots(), hidden(strings.waiting));
    this.element = h(
      "div",
      { class: "log", role: "log", "aria-live": "off", tabindex: "0", "aria-label": strings.conversation },
      this.#typing,
    );
  }

  opening(message: Message): void {
    this.#opening = messageView(message, this.#strings, this.#deeds);
    this.#append(this.#opening);
    this.#announcer.message(message);
  }

  restore(entries: Entry[]): void {
    const hadFocus = this.element.contains(this.#focused());
    // What never arrived is in no history.
    const unsent = [...this.element.querySelectorAll<HTMLElement>(".person.failed")];
    this.#empty(this.#opening);
    for (const [place, entry] of entries.entries()) {
      if (entry.from === "person") {
        retireChoices(this.element, "questions");
        this.#append(this.#bubble(entry.text));
      } else {
        const made = messageView(entry.message, this.#strings, this.#deeds);
        this.#append(made);
        if (wasAnswered(entry.message, entries[place + 1])) retireChoices(made, "all");
      }
    }
    for (const bubble of unsent) this.#append(bubble);
    this.#scrollTo(this.#typing);
    if (hadFocus) this.#events.onWrite();
  }

  add(message: Message): void {
    const focused = this.#focused();
    const made = messageView(message, this.#strings, this.#deeds);
    this.#append(made);
    this.#scrollTo(this.#questionOf(made) ?? made);
    // Who pressed a choice stands there, and goes on where the next question is answered.
    const pressed = focused !== null && focused === made.previousElementSibling;
    const question = made.querySelector("fieldset");
    if (pressed && question) question.focus({ preventScroll: true });
    else {
      if (pressed && message.kind === "prompt") this.#events.onWrite();
      this.#announcer.message(message);
    }
    this.#events.onMessage();
  }

  ended(): void {
    retireChoices(this.element, "all");
    for (const vote of this.element.querySelectorAll(".vote")) vote.remove();
    this.notice(this.#strings.ended);
  }

  waiting(waiting: boolean): void {
    if (waiting === !this.#typing.hidden) return;
    this.#typing.hidden = !waiting;
    this.#announcer.waiting(waiting);
    if (waiting) this.#scrollTo(this.#typing);
  }

  clear(): void {
    this.#empty(null);
    this.#opening = null;
    this.#announcer.clear();
  }

  /** Brings what came in while nobody could see it into sight. */
  showLatest(): void {
    const latest = this.#typing.previousElementSibling;
    if (latest instanceof HTMLElement) this.#scrollTo(this.#questionOf(latest) ?? latest);
  }

  /** A line of the widget's own. */
  notice(text: string): void {
    this.#append(h("p", { class: "notice" }, text));
    this.#announcer.line(text);
  }

  /** Shows that a conversation could not be begun, and a way to try again. */
  trouble(text: string, again: () => void): void {
    const line = h("div", { class: "notice trouble" }, ...paragraphs(text));
    line.append(
      button({ class: "again" }, () => {
        this.#events.onWrite();
        line.remove();
        again();
      }, this.#strings.retry),
    );
    this.#append(line);
    this.#announcer.line(text);
  }

  /**
   * Shows what a person says.
   *
   * @param pressed a choice was pressed: the focus has lost its button and goes here.
   */
  said(text: string, pressed: boolean): Utterance {
    retireChoices(this.element, "questions");
    const bubble = this.#bubble(text);
    const status = h("div", { class: "status" });
    return {
      pending: () => {
        // A button in it was pressed and goes, and what is moved loses the focus.
        const stays = pressed || bubble.contains(this.#focused());
        status.remove();
        bubble.classList.remove("failed");
        this.#append(bubble);
        this.#scrollTo(bubble);
        if (stays) bubble.focus({ preventScroll: true });
      },
      sent: () => {
        status.remove();
      },
      failed: (detail, again) => {
        bubble.classList.add("failed");
        const what = `${this.#strings.notSent} ${detail}`;
        status.replaceChildren(h("p", {}, what));
        this.#announcer.line(what);
        status.append(
          button({ class: "again" }, () => {
            if (again) again();
            else {
              bubble.remove();
              this.#events.onEdit(text);
            }
          }, again ? this.#strings.retry : this.#strings.edit),
        );
        bubble.append(status);
        this.#scrollTo(bubble);
      },
    };
  }

  #bubble(text: string): HTMLElement {
    const name = hidden(`${this.#strings.you}: `);
    return h("div", { class: "message person", tabindex: "-1" }, name, ...paragraphs(text));
  }

  #empty(kept: Element | null): void {
    for (const child of [...this.element.children]) {
      if (child !== this.#typing && child !== kept) child.remove();
    }
  }

  #append(element: HTMLElement): void {
    this.#typing.before(element);
  }

  #focused(): Element | null {
    return (this.element.getRootNode() as ShadowRoot).activeElement;
  }

  /** What a message answers, where it is short enough to stay in sight above. */
  #questionOf(answer: HTMLElement): HTMLElement | null {
    const said = answer.previousElementSibling;
    if (!(said instanceof HTMLElement) || !said.classList.contains("person")) return null;
    return said.offsetHeight < this.element.clientHeight / 4 ? said : null;
  }

  /** Brings an element to the top, so that a long answer is read from its start. */
  #scrollTo(element: HTMLElement): void {
    // In a low window the log does not scroll by itself, but the panel around it does.
    const whole = getComputedStyle(this.element).overflowY === "visible";
    const scrolling = (whole && this.element.closest<HTMLElement>(".panel")) || this.element;
    const below = element.getBoundingClientRect().top - scrolling.getBoundingClientRect().top;
    scrolling.scrollTop += below - ABOVE;
  }
}

/** Whether a message's choices were used: the next thing said is one of them. */
function wasAnswered(message: Message, next: Entry | undefined): boolean {
  if (next?.from !== "person") return false;
  return message.choices.some((choice) => choice.title === next.text);
}

function dots(): HTMLElement {
  return h("span", { class: "dots", "aria-hidden": "true" }, h("i"), h("i"), h("i"));
}
