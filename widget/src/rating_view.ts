/** Below an answer: copy it with its sources, and say whether it helped. */

import { h, tool } from "./dom";
import type { Strings } from "./strings";
import type { Message } from "./types";

/** Says whether an answer helped; false where the server does not count that. */
export type Rate = (answerId: string, helpful: boolean) => Promise<boolean>;

/** The row of buttons; without `rate` nothing is asked. */
export function ratingView(
  message: Message,
  answerId: string,
  strings: Strings,
  rate: Rate | null,
): HTMLElement {
  const said = h("span", { class: "said", role: "status" });
  const row = h("div", { class: "row" });
  // There is no clipboard on a page without TLS.
  const clipboard = (navigator as { clipboard?: Clipboard }).clipboard;
  if (clipboard) {
    const copy = tool("copy", strings.copy, {}, () => {
      clipboard.writeText(message.text).then(
        () => (said.textContent = strings.copied),
        () => (said.textContent = strings.copyFailed),
      );
    });
    row.append(copy);
  }
  if (rate) row.append(...votes(answerId, strings, rate, said));
  row.append(said);
  return row;
}

function votes(answerId: string, strings: Strings, rate: Rate, said: HTMLElement): HTMLElement[] {
  const both: HTMLButtonElement[] = [];
  const make = (name: "up" | "down", label: string): HTMLButtonElement => {
    return tool(name, label, { class: "tool vote", "aria-pressed": "false" }, (pressed) => {
      for (const each of both) each.setAttribute("aria-pressed", String(each === pressed));
      rate(answerId, name === "up").then(
        (counted) => (said.textContent = counted ? strings.thanks : ""),
        () => {
          for (const each of both) each.setAttribute("aria-pressed", "false");
          said.textContent = strings.rateFailed;
        },
      );
    });
  };
  both.push(make("up", strings.helpful), make("down", strings.notHelpful));
  return both;
}
