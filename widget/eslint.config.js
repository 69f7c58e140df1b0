import tseslint from "typescript-eslint";

// What a server or a person wrote becomes text nodes, never markup; and nothing outlives the tab
// or leaves for another window.
const BANNED_PROPERTIES = [
  "innerHTML",
  "outerHTML",
  "insertAdjacentHTML",
  "setHTMLUnsafe",
  "createContextualFragment",
  "parseFromString",
  "srcdoc",
  "cookie",
  "postMessage",
];

export default tseslint.config(
  { ignores: ["dist", "node_modules"] },
  ...tseslint.configs.strictTypeChecked,
  {
    languageOptions: {
      parserOptions: {
        projectService: { allowDefaultProject: ["eslint.config.js"] },
        tsconfigRootDir: import.meta.dirname,
      },
    },
    rules: {
      "no-eval": "error",
      "no-implied-eval": "error",
      "no-new-func": "error",
      "no-script-url": "error",
      "no-restricted-globals": ["error", "localStorage", "indexedDB", "postMessage", "DOMParser"],
      "no-restricted-properties": [
        "error",
        ...BANNED_PROPERTIES.map((property) => ({
          property,
          message: "Make text nodes (dom.ts); keep nothing beyond the tab.",
        })),
        { object: "document", property: "write", message: "Make text nodes (dom.ts)." },
        { object: "document", property: "writeln", message: "Make text nodes (dom.ts)." },
        { object: "window", property: "localStorage", message: "Computers are shared." },
      ],
      "max-lines": ["error", 250],
      "@typescript-eslint/restrict-template-expressions": ["error", { allowNumber: true }],
    },
  },
  // Tests write such addresses down to see them refused.
  { files: ["test/**"], rules: { "no-script-url": "off" } },
  { files: ["eslint.config.js"], extends: [tseslint.configs.disableTypeChecked] },
);
