import tseslint from "typescript-eslint";

export default tseslint.config(
  { ignores: ["src/", "node_modules/", "docs/", "data/"] },
  {
    files: ["assets/ts/**/*.ts"],
    extends: [tseslint.configs.strictTypeChecked],
    languageOptions: {
      parserOptions: { project: "assets/tsconfig.json", tsconfigRootDir: import.meta.dirname },
    },
    rules: {
      complexity: ["error", 8],
      eqeqeq: "error",
      "max-lines-per-function": ["error", 40],
    },
  },
);
