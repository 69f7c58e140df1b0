/** Elements made of text nodes: no string is ever read as markup. */

import { isWebPage, safeHref } from "./links";

export type Child = Node | string | null;
type Attributes = Record<string, string | boolean>;

// A link's address is set by `link` alone, and no attribute may carry code or style.
const SETTABLE = /^(class|id|role|lang|dir|type|rows|for|tabindex|hidden|title|name|value|autocomplete|spellcheck|enterkeyhint|aria-[a-z]+|data-[a-z-]+)$/;

/** Makes an element; strings become text nodes, `false` leaves an attribute out. */
export function h<K extends keyof HTMLElementTagNameMap>(
  tag: K,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[K] {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (!SETTABLE.test(name)) throw new TypeError(`Attribute ${name} cannot be set here.`);
    if (value !== false) element.setAttribute(name, value === true ? "" : value);
  }
  element.append(...children.filter((child) => child !== null));
  return element;
}

/** A real button. */
export function button(
  attributes: Attributes,
  onPress: (pressed: HTMLButtonElement) => void,
  ...children: Child[]
): HTMLButtonElement {
  const made = h("button", { type: "button", ...attributes }, ...children);
  made.addEventListener("click", () => {
    onPress(made);
  });
  return made;
}

/** A button that is a drawing. Its title is its name as well: given twice it would be read twice. */
export function tool(
  drawing: keyof typeof ICONS,
  name: string,
  attributes: Attributes,
  onPress: (pressed: HTMLButtonElement) => void,
): HTMLButtonElement {
  const made = button({ class: "tool", title: name, ...attributes }, onPress);
  made.append(icon(drawing));
  return made;
}

/** A link, or plain text where the address is not safe. Web pages open beside the chat. */
export function link(address: string | null, label: string, newTab: string): HTMLElement {
  const href = safeHref(address);
  if (href === null) return h("span", {}, label);
  const made = h("a", {}, label);
  made.setAttribute("href", href);
  if (isWebPage(href)) {
    made.setAttribute("target", "_blank");
    made.setAttribute("rel", "noopener noreferrer");
    made.append(hidden(` (${newTab})`));
  }
  return made;
}

/** Words for screen readers alone. */
export function hidden(text: string): HTMLElement {
  return h("span", { class: "unseen" }, text);
}

const ICONS = {
  chat: "M4 5h16v11H9l-5 4V5z",
  close: "M6 6l12 12M18 6L6 18",
  send: "M4 12h15M13 6l6 6-6 6",
  leave: "M14 4h6v16h-6M4 12h11M11 8l4 4-4 4",
  erase: "M5 7h14M9 7V4h6v3M7 7l1 13h8l1-13",
  copy: "M9 9h11v11H9zM15 9V4H4v11h5",
  up: "M7 11v9H4v-9h3zm0 0l4-7c2 0 2 2 1.5 5H19l-1.5 11H7",
  down: "M7 13V4H4v9h3zm0 0l4 7c2 0 2-2 1.5-5H19L17.5 4H7",
  phone: "M6 4h4l1.5 5-2.5 1.5a11 11 0 0 0 4.5 4.5L15 12.5l5 1.5v4c0 1-1 2-2 2A14 14 0 0 1 4 6c0-1 1-2 2-2z",
} as const;

/** A drawing that takes the colour of the text around it; screen readers pass it by. */
export function icon(name: keyof typeof ICONS): SVGElement {
  const space = "http://www.w3.org/2000/svg";
  const drawing = document.createElementNS(space, "svg");
  drawing.setAttribute("viewBox", "0 0 24 24");
  drawing.setAttribute("aria-hidden", "true");
  drawing.setAttribute("focusable", "false");
  drawing.setAttribute("class", "icon");
  const path = document.createElementNS(space, "path");
  path.setAttribute("d", ICONS[name]);
  drawing.append(path);
  return drawing;
}
