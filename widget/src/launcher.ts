/** The button that opens the chat, with the number of messages that came in meanwhile. */

import { button, h, hidden, icon } from "./dom";
import type { Strings } from "./strings";

export class Launcher {
  readonly element: HTMLButtonElement;
  readonly #badge = h("span", { class: "badge", hidden: true });
  readonly #strings: Strings;
  #unread = 0;

  /** Takes words, the chat's name, and what pressing does. */
  constructor(strings: Strings, title: string, onPress: () => void) {
    this.#strings = strings;
    this.element = button(
      { class: "launcher", "aria-expanded": "false", "aria-controls": "panel" },
      onPress,
      icon("chat"),
      title,
      hidden(`. ${strings.openChat}. `),
      this.#badge,
    );
  }

  /** How many messages were not seen yet. */
  get unread(): number {
    return this.#unread;
  }

  set unread(count: number) {
    this.#unread = count;
    this.#badge.hidden = count === 0;
    this.#badge.replaceChildren(String(count), hidden(` ${this.#strings.newMessages(count)}`));
  }
}
