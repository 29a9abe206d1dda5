// Builds the pages of docs/examples/embedding into a folder, with the address of a running Gangway in the place of the one
// of the examples: node bundle.mjs FOLDER https://connect.example.test
import { copyFileSync } from "node:fs";
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { compileScript, parse } from "vue/compiler-sfc";

const [folder, gangway] = process.argv.slice(2);
const examples = fileURLToPath(new URL("../../docs/examples/embedding/", import.meta.url));
const modules = fileURLToPath(new URL("node_modules", import.meta.url));

// A component of Vue, as its own plugins for bundlers compile it.
const vue = {
  name: "vue",
  setup(bundler) {
    bundler.onLoad({ filter: /\.vue$/ }, async ({ path }) => {
      const { descriptor, errors } = parse(await readFile(path, "utf8"), { filename: basename(path) });
      if (errors.length) throw errors[0];
      const { content } = compileScript(descriptor, { id: basename(path), inlineTemplate: true });
      return { contents: content, loader: "ts" };
    });
  },
};

// Gangway's script is no part of a bundle: browsers load it from Gangway.
const embed = {
  name: "embed",
  setup(bundler) {
    const here = ({ path }) => ({ path: path.replace("https://connect.example.com", gangway), external: true });
    bundler.onResolve({ filter: /^https:/ }, here);
  },
};

const common = { bundle: true, format: "esm", logLevel: "warning", nodePaths: [modules], outdir: folder };
const define = {
  "process.env.NODE_ENV": '"production"',
  __VUE_OPTIONS_API__: "false",
  __VUE_PROD_DEVTOOLS__: "false",
  __VUE_PROD_HYDRATION_MISMATCH_DETAILS__: "false",
};
const pages = ["react.tsx", "vue.ts", "form.ts"].map((name) => join(examples, name));
await build({ ...common, entryPoints: pages, plugins: [vue, embed], define, jsx: "automatic", conditions: ["module"] });
await build({ ...common, entryPoints: [join(examples, "server.ts")], platform: "node", outExtension: { ".js": ".mjs" } });
for (const name of ["form.html", "frame.html"]) copyFileSync(join(examples, name), join(folder, name));
