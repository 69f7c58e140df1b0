/** Keys: Escape, the tab ring of a window that covers the page, and who may listen. */

import type { Host } from "./chat";

// Two presses within this time are one wish: to be gone.
const TWICE_MS = 700;

/** Escape in the open chat closes it; pressed twice, anywhere on the page, it leaves the page. */
export function watchEscape(host: Host & HTMLElement, signal: AbortSignal): void {
  let firstAt = -Infinity;
  const onKey = (event: KeyboardEvent): void => {
    if (event.key !== "Escape" || event.isComposing || event.repeat) return;
    if (event.timeStamp - firstAt < TWICE_MS) {
      firstAt = -Infinity;
      host.leave();
    } else if (host.open) {
      firstAt = event.timeStamp;
      if (document.activeElement === host) host.hide();
    }
  };
  // Before anything on the page can keep the key for itself.
  window.addEventListener("keydown", onKey, { capture: true, signal });
}

/** Keeps what is typed from the page's scripts, and the page's shortcuts from what is typed. */
export function shieldKeys(root: ShadowRoot): void {
  const names = ["keydown", "keypress", "keyup", "beforeinput", "input", "paste", "copy", "cut"];
  for (const name of names) {
    root.addEventListener(name, (event) => {
      event.stopPropagation();
    });
  }
}

// Where the Tab key stops.
const STOPS = "a[href], button, textarea, summary, [tabindex='0']";
const rings = new WeakMap<HTMLElement, (event: KeyboardEvent) => void>();

/** Lets the Tab key go round within a window, or no longer. */
export function keepFocusInside(panel: HTMLElement, inside: boolean): void {
  const known = rings.get(panel);
  if (known) panel.removeEventListener("keydown", known);
  rings.delete(panel);
  if (!inside) return;
  const ring = (event: KeyboardEvent): void => {
    if (event.key !== "Tab") return;
    const stops = [...panel.querySelectorAll<HTMLElement>(STOPS)];
    const seen = stops.filter((stop) => stop.getClientRects().length > 0);
    const end = event.shiftKey ? seen[0] : seen.at(-1);
    const other = event.shiftKey ? seen.at(-1) : seen[0];
    if ((panel.getRootNode() as ShadowRoot).activeElement === end) {
      event.preventDefault();
      other?.focus();
    }
  };
  panel.addEventListener("keydown", ring);
  rings.set(panel, ring);
}
