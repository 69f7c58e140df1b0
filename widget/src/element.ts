/** `<rehab-assistant>`: a chat on any page. `docs/widget.md` describes its attributes and events. */

import { Chat, type Host } from "./chat";
import { h } from "./dom";
import { keepFocusInside, shieldKeys, watchEscape } from "./keys";
import { isWebPage, safeHref } from "./links";
import { languageOf, stringsFor } from "./strings";
import { sheet } from "./styles";

// Apart from its use: the build would take `new URL(…, import.meta.url)` for a file to bring along.
const SCRIPT = import.meta.url;
// A page that looks like nothing special, of an office that follows nobody.
const NEUTRAL_PAGE = "https://www.weather.gov/";
// Where the window covers the whole page: phones, and 400 % zoom.
const SMALL = "(max-width: 30rem), (max-height: 26rem)";
// Session recorders leave out what carries these marks.
const UNRECORDED = {
  "data-hj-suppress": "",
  "data-clarity-mask": "true",
  "data-dd-privacy": "hidden",
  "data-sentry-block": "",
};
const UNRECORDED_CLASSES = ["fs-exclude", "ph-no-capture", "rr-block", "sentry-block"];

export class RehabAssistant extends HTMLElement implements Host {
  static readonly observedAttributes = ["open"];

  readonly #small = matchMedia(SMALL);
  #chat: Chat | null = null;
  #stopListening: () => void = () => undefined;

  connectedCallback(): void {
    this.#chat ??= this.#build();
    const away = new AbortController();
    const { signal } = away;
    const onLine = (): void => this.#chat?.showLine();
    window.addEventListener("online", onLine, { signal });
    window.addEventListener("offline", onLine, { signal });
    const onSize = (): void => {
      this.#fit();
    };
    this.#small.addEventListener("change", onSize, { signal });
    watchEscape(this, signal);
    this.#stopListening = () => {
      away.abort();
    };
    this.#fit();
  }

  disconnectedCallback(): void {
    this.#stopListening();
  }

  attributeChangedCallback(): void {
    if (this.#chat && this.#chat.panel.hidden === this.open) this.#toggle();
  }

  /** Whether the chat's window is open. */
  get open(): boolean {
    return this.hasAttribute("open");
  }

  set open(open: boolean) {
    this.toggleAttribute("open", open);
  }

  /** Opens the chat and puts the cursor into it. */
  show(): void {
    this.open = true;
    this.#chat?.composer.focus();
  }

  /** Closes the chat; what was said stays. */
  hide(): void {
    this.open = false;
    this.#chat?.launcher.element.focus();
  }

  /** Erases the chat and replaces the page by a neutral one. */
  leave(): void {
    this.#chat?.leave();
    this.tell("exit");
    const exit = safeHref(this.getAttribute("exit"));
    location.replace(exit && isWebPage(exit) ? exit : NEUTRAL_PAGE);
  }

  /** Tells the page. Never what was said, nor of what kind: that somebody is in danger is theirs. */
  tell(name: string, detail: Record<string, string> = {}): void {
    this.dispatchEvent(new CustomEvent(`rehab-assistant-${name}`, { bubbles: true, detail }));
  }

  #build(): Chat {
    const tag = this.lang || this.closest("[lang]")?.getAttribute("lang") || "en";
    const strings = stringsFor(tag);
    const chat = new Chat(this, this.title || strings.title, strings, this.#server());
    this.#chat = chat;
    // The empty title keeps the tag's own from being shown as a hint over everything.
    const frame = h("div", { class: "frame", lang: languageOf(tag), title: "" });
    frame.append(chat.launcher.element, chat.panel);
    const root = this.attachShadow({ mode: "open" });
    root.adoptedStyleSheets = [sheet()];
    root.append(frame);
    shieldKeys(root);
    for (const [name, value] of Object.entries(UNRECORDED)) this.setAttribute(name, value);
    this.classList.add(...UNRECORDED_CLASSES);
    // A window over a whole small page is for the person to open.
    this.open = (chat.session.wasOpen() ?? this.open) && !this.#covers;
    if (chat.panel.hidden === this.open) this.#toggle();
    return chat;
  }

  #toggle(): void {
    this.#chat?.toggle(this.open);
    this.tell(this.open ? "open" : "close");
  }

  /** On a small screen the window covers the page, which then is out of reach. */
  #fit(): void {
    const panel = this.#chat?.panel;
    if (!panel) return;
    panel.classList.toggle("whole", this.#covers);
    panel.setAttribute("aria-modal", String(this.#covers));
    keepFocusInside(panel, this.#covers);
  }

  get #covers(): boolean {
    return this.#small.matches && this.getAttribute("position") !== "inline";
  }

  #server(): string {
    const given = this.getAttribute("server");
    return given ? new URL(given, document.baseURI).href : new URL(".", SCRIPT).href;
  }
}
