/** The button that opens the chat, with the number of messages that came in meanwhile. */

import { button, h, icon } from "./dom";
import type { Strings } from "./strings";

export class Launcher {
  readonly element: HTMLButtonElement;
  readonly #badge = h("span", { class: "badge", "aria-hidden": "true", hidden: true });
  readonly #strings: Strings;
  readonly #title: string;
  #unread = 0;

  constructor(strings: Strings, title: string, onPress: () => void) {
    this.#strings = strings;
    this.#title = title;
    this.element = button(
      { class: "launcher", "aria-expanded": "false", "aria-controls": "panel" },
      onPress,
      icon("chat"),
      h("span", { class: "words", "aria-hidden": "true" }, title),
      this.#badge,
    );
    this.unread = 0;
  }

  /** How many messages were not seen yet. */
  get unread(): number {
    return this.#unread;
  }

  set unread(count: number) {
    this.#unread = count;
    this.#badge.hidden = count === 0;
    this.#badge.textContent = String(count);
    const news = count ? `. ${this.#strings.newMessages(count)}` : "";
    // The name holds the words that are seen, so that it can be said to a voice control.
    this.element.setAttribute("aria-label", `${this.#title}. ${this.#strings.openChat}${news}`);
  }
}
