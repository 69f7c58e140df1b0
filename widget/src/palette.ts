/** The colours, light and dark; a test computes the contrast of each pair that meets. */

export type Palette = typeof LIGHT;

export const LIGHT = {
  surface: "#fffefb",
  sunken: "#f3f5f1",
  text: "#1f2f2d",
  quiet: "#51625f",
  line: "#d5dcd7",
  edge: "#738681",
  accent: "#1f5c57",
  "on-accent": "#ffffff",
  mine: "#dcebe6",
  "on-mine": "#17312d",
  danger: "#fdf0ec",
  "on-danger": "#7a1f12",
  "danger-edge": "#b4412f",
  alert: "#a3281a",
  "on-alert": "#ffffff",
  focus: "#0b57b0",
};

export const DARK: Palette = {
  surface: "#18211f",
  sunken: "#111917",
  text: "#e5edea",
  quiet: "#a9b9b4",
  line: "#33423f",
  edge: "#7d918b",
  accent: "#8fd0c6",
  "on-accent": "#0c211e",
  mine: "#24433e",
  "on-mine": "#e2f2ee",
  danger: "#331d18",
  "on-danger": "#ffcfc4",
  "danger-edge": "#d9826f",
  alert: "#f0a091",
  "on-alert": "#2b0d07",
  focus: "#9ac7ff",
};

/** Declarations that a page can replace: `--rehab-accent` wins over ours. */
export function declarations(palette: Palette): string {
  return Object.entries(palette)
    .map(([name, colour]) => `--${name}: var(--rehab-${name}, ${colour});`)
    .join(" ");
}
