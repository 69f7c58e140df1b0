/** Citations that open their source in place, and the list of all sources. */

import { h, hidden, link } from "./dom";
import type { Strings } from "./strings";
import type { Message, Sentence, Source } from "./types";

/** The numbers behind a sentence; each is a button that shows its source below the block. */
export function citationsOf(
  sentence: Sentence,
  message: Message,
  strings: Strings,
  block: HTMLElement,
): HTMLElement {
  const sup = h("sup");
  for (const number of sentence.citations) {
    const source = message.sources.find((each) => each.number === number);
    // A number without a source would promise what is not there.
    if (source) sup.append(citation(source, strings, block));
  }
  return sup;
}

/** All sources, folded; open where they are what was asked for. */
export function sourcesView(message: Message, strings: Strings): HTMLElement {
  const items = message.sources.map((source) => {
    const item = h("li", {}, ...sourceParts(source, strings));
    item.value = source.number;
    return item;
  });
  const list = h("ol", {}, ...items);
  const summary = h("summary", {}, strings.sources(message.sources.length));
  const details = h("details", { class: "sources" }, summary, list);
  details.open = !message.blocks.length;
  return details;
}

function citation(source: Source, strings: Strings, block: HTMLElement): HTMLElement {
  const made = h(
    "button",
    // The title is read after the number when somebody stops here, not in the middle of a text.
    { type: "button", class: "cite", "aria-expanded": "false", title: titleOf(source, strings) },
    hidden(strings.source(source.number)),
    h("span", { "aria-hidden": "true" }, String(source.number)),
  );
  made.addEventListener("click", () => {
    toggle(made, source, strings, block);
  });
  return made;
}

/** Shows one source at a time below a block; pressing its number again closes it. */
function toggle(
  pressed: HTMLElement,
  source: Source,
  strings: Strings,
  block: HTMLElement,
): void {
  const wasOpen = pressed.getAttribute("aria-expanded") === "true";
  block.querySelector(".source")?.remove();
  for (const each of block.querySelectorAll(".cite")) each.setAttribute("aria-expanded", "false");
  if (wasOpen) return;
  pressed.setAttribute("aria-expanded", "true");
  const number = h("span", { class: "number", "aria-hidden": "true" }, String(source.number));
  const words = h("div", {}, ...sourceParts(source, strings));
  block.append(
    h("div", { class: "source", role: "group", "aria-label": strings.source(source.number) }, number, words),
  );
}

function sourceParts(source: Source, strings: Strings): HTMLElement[] {
  return [
    h("span", { class: "kind" }, `${kindOf(source, strings)}: `),
    link(source.url, source.title, strings.newTab),
  ];
}

function titleOf(source: Source, strings: Strings): string {
  return `${kindOf(source, strings)}: ${source.title}`;
}

function kindOf(source: Source, strings: Strings): string {
  return source.kind === "article" ? strings.article : strings.reference;
}
