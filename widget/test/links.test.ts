import { expect, test } from "vitest";

import { link } from "../src/dom";
import { safeHref } from "../src/links";

test.each(["https://www.nimh.nih.gov/x", "tel:911", "sms:988?body=AYUDA", "mailto:help@example.org"])(
  "%s can be followed",
  (address) => {
    expect(safeHref(address)).toBe(address);
  },
);

test.each([
  "javascript:alert(1)",
  "JaVaScRiPt:alert(1)",
  "java\nscript:alert(1)",
  " javascript:alert(1)",
  "\u0001javascript:alert(1)",
  "data:text/html,<script>alert(1)</script>",
  "vbscript:msgbox(1)",
  "blob:https://example.org/1",
  "file:///etc/passwd",
  "http://example.org/",
  "//example.org/",
  "/relative",
  "ftp://example.org",
  "",
  "https://",
])("%j becomes plain text", (address) => {
  expect(safeHref(address)).toBeNull();
  const made = link(address, "A source", "opens in a new tab");
  expect(made.tagName).toBe("SPAN");
  expect(made.textContent).toBe("A source");
});

test("a web page opens beside the chat and learns nothing of where it was opened", () => {
  const made = link("https://www.nimh.nih.gov/", "NIMH", "opens in a new tab");
  expect(made.getAttribute("target")).toBe("_blank");
  expect(made.getAttribute("rel")).toBe("noopener noreferrer");
  expect(made.textContent).toBe("NIMH (opens in a new tab)");
});
