/** What of a message's plain text is to be shown where its parts are shown, too. */

import type { Message, Source } from "./types";

/** A message's text without the lists that stand at its end where nothing can be pressed. */
export function spokenText(message: Message): string {
  const listed = new Set([
    // The form's are numbered, since a text message answers by number.
    ...message.choices.flatMap(({ title }, at) => [`- ${title}`, `${at + 1}. ${title}`]),
    ...message.sources.map(sourceLine),
  ]);
  const lines = message.text.split("\n").filter((line) => !listed.has(line.trim()));
  return lines.join("\n").trim();
}

// As the server writes it.
function sourceLine(source: Source): string {
  return `[${source.number}] ${source.title}${source.url ? ` ${source.url}` : ""}`;
}
