import { spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { analyzeFiles } from '../src/source/index.ts';
import { parseFiles } from '../src/source/project/parse-files.ts';
import { readSourceFiles } from '../src/source/project/read-files.ts';

// Speed of the source analysis on a folder of Python, beside CPython's own parser on the same files:
//   node --import tsx bench/source.ts FOLDER
const folder = resolve(process.argv[2] ?? 'lab');

const reference = `
import ast, json, sys, time
texts = json.load(sys.stdin)
start = time.perf_counter()
failed = 0
for text in texts:
    try:
        ast.parse(text)
    except (SyntaxError, ValueError, RecursionError):
        failed += 1
print(time.perf_counter() - start)
`;

const { files } = await readSourceFiles(folder);
const megabytes = files.reduce((sum, { text }) => sum + text.length, 0) / 1e6;

async function seconds(body: () => Promise<unknown>): Promise<number> {
  const start = performance.now();
  await body();
  return (performance.now() - start) / 1000;
}

await parseFiles(files.slice(0, 20));
const parse = await seconds(() => parseFiles(files));
const whole = await seconds(() => analyzeFiles({ files, notes: [] }));
const memory = Math.round(process.memoryUsage().rss / 1e6);
const python = spawnSync('python3', ['-c', reference], {
  input: JSON.stringify(files.map(({ text }) => text)),
  encoding: 'utf8',
  maxBuffer: 1e8,
});
const cpython = Number(python.stdout);

console.log(`${folder}: ${files.length} files, ${megabytes.toFixed(2)} MB`);
console.log(`parse and lower  ${parse.toFixed(2)} s  ${(megabytes / parse).toFixed(2)} MB/s`);
console.log(`whole analysis   ${whole.toFixed(2)} s  ${memory} MB resident`);
if (cpython > 0) {
  console.log(
    `CPython ast      ${cpython.toFixed(2)} s  ${(megabytes / cpython).toFixed(2)} MB/s; parse and lower takes ${(parse / cpython).toFixed(1)} times as long`,
  );
}
