/** Which addresses a link may have. */

const SCHEMES = ["https:", "tel:", "sms:", "mailto:"];

/**
 * The address of a link that is safe to follow; null for every other.
 *
 * Relative addresses are refused too: articles and references stand at whole ones.
 */
export function safeHref(address: string | null): string | null {
  if (!address) return null;
  try {
    const url = new URL(address);
    return SCHEMES.includes(url.protocol) ? url.href : null;
  } catch {
    return null;
  }
}

/** Whether a link leads to a web page rather than to a phone. */
export function isWebPage(href: string): boolean {
  return href.startsWith("https:");
}
