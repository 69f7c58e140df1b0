/** Choices as real buttons, each group to be used once. */

import { h } from "./dom";
import type { Deeds } from "./message_view";
import { spokenText } from "./plain_text";
import type { Strings } from "./strings";
import type { Message } from "./types";

/**
 * The choices of a message. A question's are a fieldset, with the question as its legend, so
 * that nobody says yes without having been read what to.
 */
export function choicesView(message: Message, strings: Strings, deeds: Deeds): HTMLElement {
  const group =
    message.kind === "prompt"
      ? h("fieldset", { class: "choices", tabindex: "-1" }, legend(message))
      : h("div", { class: "choices", role: "group", "aria-label": strings.choose });
  const buttons = h("div", { class: "buttons" });
  for (const choice of message.choices) {
    const made = h("button", { type: "button", class: "choice" }, choice.title);
    made.addEventListener("click", () => {
      retire(group);
      deeds.choose(choice);
    });
    buttons.append(made);
  }
  group.append(buttons);
  return group;
}

/** Takes the choices of a group away; its question stays. */
export function retire(group: Element): void {
  group.querySelector(".buttons")?.remove();
  if (!group.textContent) group.remove();
}

/** Takes away what can no longer be pressed in a message: a question's choices, or all. */
export function retireChoices(within: ParentNode, which: "questions" | "all"): void {
  const selector = which === "all" ? ".choices" : "fieldset.choices";
  for (const group of within.querySelectorAll(selector)) retire(group);
}

function legend(message: Message): HTMLElement {
  const lines = spokenText(message).split(/\n+/);
  // A space keeps words apart where a name is made of the lines.
  const parts = lines.flatMap((line) => [h("span", { class: "line" }, line), " "]);
  return h("legend", { class: lines.length > 2 ? "long" : "short" }, ...parts);
}
