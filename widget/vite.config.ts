import { defineConfig } from "vitest/config";

// One ES module without a request of its own: the styles are a string inside it.
export default defineConfig({
  build: {
    lib: { entry: "src/index.ts", formats: ["es"], fileName: () => "widget.js" },
    target: "es2022",
    minify: true,
    // For a library Vite would leave the white space in.
    rolldownOptions: { output: { minify: true } },
    modulePreload: false,
    reportCompressedSize: true,
  },
  test: {
    environment: "happy-dom",
    include: ["test/**/*.test.ts"],
    restoreMocks: true,
  },
});
