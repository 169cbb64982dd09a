// Builds the page into ../build/web: the types, a check of them, the bundles.
//
// A server may be reading that folder.  Bundles have names of their own content and are
// written first; the pages that name them are then each put in place by one rename; what no
// page names any more goes last.  So whatever a page names is there.

import { spawnSync } from 'node:child_process';
import { mkdir, readFile, readdir, rename, rm, writeFile } from 'node:fs/promises';
import { basename } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { DESCRIPTION, OUT, WEB } from './places.js';
import { writeTypes } from './types.js';

/** Each page: where its template is and where it goes. */
const PAGES = [
  { template: 'src/index.html', page: 'index.html' },
  { template: 'src/docs/index.html', page: 'docs/index.html' },
];

/** What the bundles have in common. */
const COMMON = {
  absWorkingDir: fileURLToPath(WEB),
  bundle: true,
  minify: true,
  target: 'es2022',
  entryNames: '[name]-[hash]',
  outdir: fileURLToPath(new URL('assets/', OUT)),
  write: false,
  logLevel: 'warning',
};

function checkTypes() {
  const tsc = fileURLToPath(new URL('node_modules/typescript/bin/tsc', WEB));
  const { status } = spawnSync(process.execPath, [tsc, '--noEmit'], {
    cwd: fileURLToPath(WEB),
    stdio: 'inherit',
  });
  if (status !== 0) process.exit(1);
}

/** @returns {Promise<import('esbuild').BuildResult>} what goes into assets/, and how it hangs together */
async function bundle() {
  return build({
    ...COMMON,
    entryPoints: { main: 'src/main.tsx', docs: 'src/docs/main.ts', icon: 'src/icon.svg' },
    format: 'esm',
    splitting: true,
    jsx: 'automatic',
    jsxImportSource: 'preact',
    loader: { '.svg': 'copy' },
    chunkNames: 'part-[name]-[hash]',
    legalComments: 'eof',
    metafile: true,
  });
}

/** The script that runs before the others is one of the old kind: it waits for nothing. */
async function firstScript() {
  return build({ ...COMMON, entryPoints: { start: 'src/start.ts' }, format: 'iife' });
}

/** What the page's script needs at once beside itself: asked for together with it. */
function preloads({ outputs }) {
  const main = Object.values(outputs).find(({ entryPoint }) => entryPoint === 'src/main.tsx');
  return main.imports
    .filter(({ kind }) => kind === 'import-statement')
    .map(({ path }) => `<link rel="modulepreload" href="/assets/${basename(path)}" />`)
    .join('\n    ');
}

/** Writes a file under another name first, so that nobody reads half of it. */
async function put(place, contents) {
  const half = new URL(`${place.href}.new`);
  await mkdir(new URL('.', place), { recursive: true });
  await writeFile(half, contents);
  await rename(half, place);
}

/** A template names an asset as @main.js@, without the hash. */
function fill(template, assets, preload) {
  return template
    .replace('<!-- preload -->', preload)
    .replace(/@(\w+)\.(\w+)@/g, (_, name, kind) => {
      const found = assets.find((file) => file.startsWith(`${name}-`) && file.endsWith(`.${kind}`));
      if (found === undefined) throw new Error(`no asset is called ${name}.${kind}`);
      return `/assets/${found}`;
    });
}

await writeTypes();
checkTypes();
const { outputFiles, metafile } = await bundle();
const files = [...outputFiles, ...(await firstScript()).outputFiles];
const assets = files.map(({ path }) => basename(path));
for (const { path, contents } of files)
  await put(new URL(`assets/${basename(path)}`, OUT), contents);
await put(new URL('docs/mainline.yaml', OUT), await readFile(DESCRIPTION));
for (const { template, page } of PAGES) {
  await put(
    new URL(page, OUT),
    fill(await readFile(new URL(template, WEB), 'utf8'), assets, preloads(metafile)),
  );
}
for (const file of await readdir(new URL('assets/', OUT))) {
  if (!assets.includes(file)) await rm(new URL(`assets/${file}`, OUT));
}
