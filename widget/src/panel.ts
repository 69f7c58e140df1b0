/** The chat's window: who it is, whom to call, the conversation, and where to write. */

import { button, h, icon, link, tool } from "./dom";
import type { Strings } from "./strings";

/** What the buttons of the window do. */
export interface PanelDeeds {
  close: () => void;
  leave: () => void;
  /** Erases the chat; the promise is kept when it is done, or broken with the sentence why not. */
  erase: () => Promise<void>;
}

/** What is made elsewhere and stands in the window. */
export interface PanelParts {
  log: HTMLElement;
  announcer: HTMLElement;
  composer: HTMLElement;
}

/** Puts the parts of the window together. */
export function panelView(
  title: string,
  strings: Strings,
  deeds: PanelDeeds,
  parts: PanelParts,
): HTMLElement {
  const heading = h("h2", { id: "heading" }, title);
  const leave = button({ class: "leave", title: strings.leaveHint }, deeds.leave, icon("leave"), strings.leave);
  const close = tool("close", strings.closeChat, {}, deeds.close);
  return h(
    "section",
    { id: "panel", class: "panel", role: "dialog", "aria-labelledby": "heading", hidden: true },
    h("div", { class: "head" }, heading, leave, close),
    helpView(strings),
    parts.log,
    parts.announcer,
    offlineView(strings),
    parts.composer,
    footerView(strings, deeds),
  );
}

/** The numbers for an emergency, which never scroll away. */
function helpView(strings: Strings): HTMLElement {
  const numbers = [
    ["tel:911", strings.call911],
    ["tel:988", strings.call988],
    ["sms:988", strings.text988],
  ] as const;
  const links = numbers.map(([href, label]) => h("li", {}, link(href, label, strings.newTab)));
  return h("div", { class: "help" }, h("strong", {}, strings.inDanger), h("ul", {}, ...links));
}

function offlineView(strings: Strings): HTMLElement {
  return h("p", { class: "offline", role: "status" }, navigator.onLine ? null : strings.offline);
}

function footerView(strings: Strings, deeds: PanelDeeds): HTMLElement {
  const said = h("span", { role: "status" });
  const question = h("div", { class: "question", role: "group", "aria-label": strings.clearAsk, hidden: true });
  const ask = button({ class: "plain", "aria-expanded": "false" }, () => {
    said.textContent = "";
    show(question.hidden === true);
  }, icon("erase"), strings.clear);
  const show = (shown: boolean): void => {
    question.hidden = !shown;
    ask.setAttribute("aria-expanded", String(shown));
    if (shown) question.querySelector("button")?.focus();
  };
  const keep = button({ class: "choice" }, () => {
    show(false);
    ask.focus();
  }, strings.clearNo);
  const erase = button({ class: "choice strong" }, () => {
    show(false);
    ask.focus();
    deeds.erase().then(
      () => (said.textContent = strings.cleared),
      (error: unknown) => (said.textContent = error instanceof Error ? error.message : strings.failed),
    );
  }, strings.clearYes);
  question.append(h("p", {}, strings.clearAsk), h("div", { class: "buttons" }, keep, erase));
  return h(
    "div",
    { class: "foot" },
    question,
    h("p", {}, strings.program),
    said,
    ask,
  );
}
