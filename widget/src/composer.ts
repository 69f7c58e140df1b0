/** Where a person writes. */

import { h, icon } from "./dom";
import type { Strings } from "./strings";

// The web channel's limit. Nothing is cut: a longer text is looked at for an emergency, too.
const MOST = 2000;

/** A text box that grows, and a button that sends. */
export class Composer {
  readonly element: HTMLFormElement;
  readonly #input: HTMLTextAreaElement;
  readonly #note: HTMLElement;
  readonly #strings: Strings;
  readonly #onDraft: (text: string) => void;

  /** Takes words, what to do with a text that is sent, and with one that is being typed. */
  constructor(strings: Strings, onSend: (text: string) => void, onDraft: (text: string) => void) {
    this.#strings = strings;
    this.#onDraft = onDraft;
    this.#note = h("p", { class: "note", role: "status" });
    this.#input = h("textarea", {
      id: "text",
      rows: "1",
      autocomplete: "off",
      // Some browsers send what they check to their maker.
      spellcheck: "false",
      enterkeyhint: "send",
    });
    this.#input.placeholder = strings.placeholder;
    const label = h("label", { for: "text", class: "unseen" }, strings.write);
    const send = h("button", { type: "submit", class: "send", "aria-label": strings.send }, icon("send"));
    this.element = h("form", { class: "composer" }, this.#note, label, this.#input, send);
    this.element.addEventListener("submit", (event) => {
      event.preventDefault();
      this.#send(onSend);
    });
    this.#input.addEventListener("input", () => {
      this.#changed();
    });
    this.#input.addEventListener("keydown", (event) => {
      // Enter also ends the choosing of a word in some languages' keyboards.
      if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
      event.preventDefault();
      this.#send(onSend);
    });
  }

  /** What is being typed. */
  get text(): string {
    return this.#input.value;
  }

  set text(text: string) {
    this.#input.value = text;
    this.#changed();
  }

  /** Puts the cursor here. */
  focus(): void {
    this.#input.focus({ preventScroll: true });
  }

  #send(onSend: (text: string) => void): void {
    const text = this.text.trim();
    if (text) {
      this.text = "";
      onSend(text);
    }
    this.focus();
  }

  #changed(): void {
    const over = this.text.trim().length - MOST;
    this.#note.textContent = over > 0 ? this.#strings.tooLong(over) : "";
    this.#input.style.blockSize = "auto";
    this.#input.style.blockSize = `${this.#input.scrollHeight}px`;
    this.#onDraft(this.text);
  }
}
