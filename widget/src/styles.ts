/** The style sheet, made once; adopting it needs no leave of a strict Content-Security-Policy. */

import { DARK, declarations, LIGHT } from "./palette";
import rules from "./styles.css?inline";

let made: CSSStyleSheet | null = null;

export function sheet(): CSSStyleSheet {
  if (!made) {
    made = new CSSStyleSheet();
    made.replaceSync(`${themes()} ${rules}`);
  }
  return made;
}

function themes(): string {
  const dark = declarations(DARK);
  return [
    `:host { color-scheme: light; ${declarations(LIGHT)} }`,
    `@media (prefers-color-scheme: dark) { :host(:not([theme="light"])) { color-scheme: dark; ${dark} } }`,
    `:host([theme="dark"]) { color-scheme: dark; ${dark} }`,
  ].join(" ");
}
