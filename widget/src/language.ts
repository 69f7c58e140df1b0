/** In which language the assistant wrote: screen readers speak it in that one's sounds. */

const SPANISH = /(?<!\p{L})(de|el|la|los|las|que|una?|y|o|en|al|del|si|su|le|lo|puede|usted|está)(?!\p{L})/giu;
const ENGLISH = /(?<!\p{L})(the|of|and|an?|or|to|in|at|you|your|it|is|are|for|if|can|now|call|text)(?!\p{L})/giu;
// Many English texts end with a line for those who read no English.
const SPANISH_LINE = /En español:.*/s;

/** The language of a text of the assistant's: it writes English or, in an emergency, Spanish. */
export function writtenLanguage(text: string): "en" | "es" {
  const most = text.replace(SPANISH_LINE, "");
  return count(most, SPANISH) > count(most, ENGLISH) ? "es" : "en";
}

function count(text: string, words: RegExp): number {
  return text.match(words)?.length ?? 0;
}
