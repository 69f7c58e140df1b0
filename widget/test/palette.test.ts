import { expect, test } from "vitest";

import { DARK, LIGHT, type Palette } from "../src/palette";

/** WCAG 2.2: relative luminance of an sRGB colour such as "#1f5c57". */
function luminance(colour: string): number {
  const [red = 0, green = 0, blue = 0] = [1, 3, 5].map((place) => {
    const part = parseInt(colour.slice(place, place + 2), 16) / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}

function contrast(one: string, other: string): number {
  const [low = 0, high = 0] = [luminance(one), luminance(other)].sort((a, b) => a - b);
  return (high + 0.05) / (low + 0.05);
}

const WORDS: [keyof Palette, keyof Palette][] = [
  ["text", "surface"],
  ["text", "sunken"],
  ["text", "danger"],
  ["quiet", "surface"],
  ["quiet", "sunken"],
  ["accent", "surface"],
  ["accent", "sunken"],
  ["on-accent", "accent"],
  ["on-mine", "mine"],
  ["on-danger", "danger"],
  ["on-danger", "surface"],
  ["on-alert", "alert"],
];
// Borders of what can be pressed or filled in, and the ring around what has the focus.
const SHAPES: [keyof Palette, keyof Palette][] = [
  ["edge", "surface"],
  ["edge", "sunken"],
  ["accent", "surface"],
  ["alert", "danger"],
  ["danger-edge", "danger"],
  ["danger-edge", "mine"],
  ["focus", "surface"],
  ["focus", "sunken"],
  ["focus", "danger"],
  ["focus", "mine"],
];

const THEMES: [string, Palette][] = [
  ["light", LIGHT],
  ["dark", DARK],
];

test.each(THEMES)("words can be read in the %s theme (4.5 to 1)", (_, palette) => {
  for (const [words, ground] of WORDS) {
    expect(contrast(palette[words], palette[ground]), `${words} on ${ground}`).toBeGreaterThanOrEqual(4.5);
  }
});

test.each(THEMES)("shapes can be seen in the %s theme (3 to 1)", (_, palette) => {
  for (const [shape, ground] of SHAPES) {
    expect(contrast(palette[shape], palette[ground]), `${shape} on ${ground}`).toBeGreaterThanOrEqual(3);
  }
});

test("the formula gives what WCAG gives", () => {
  expect(contrast("#000000", "#ffffff")).toBeCloseTo(21);
  expect(contrast("#777777", "#ffffff")).toBeCloseTo(4.48, 2);
});
