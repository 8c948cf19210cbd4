import { execFileSync, spawnSync } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { parseArgs } from 'node:util';
import { z } from 'zod';
import { analyzeFiles } from '../src/source/index.ts';
import { parseFiles } from '../src/source/project/parse-files.ts';
import { readSourceFiles } from '../src/source/project/read-files.ts';

// Speed and memory of the source analysis on a folder of Python, in one run with CPython's own parser and, where it is on the PATH
// and has rules, with Semgrep. Each is measured in a process of its own; ratios are of processor time, which a busy machine does not
// change:
//   node --import tsx bench/source.ts [FOLDER] [--semgrep-rules DIR] [--json]
const { values, positionals } = parseArgs({
  allowPositionals: true,
  options: { 'semgrep-rules': { type: 'string' }, json: { type: 'boolean' }, worker: { type: 'string' } },
});
const folder = resolve(positionals[0] ?? 'lab');

/** Seconds by the clock and of processors, and the peak of resident memory in MB. */
const measured = z.object({ seconds: z.number(), cpu: z.number(), megabytes: z.number() });
type Measured = z.infer<typeof measured>;

async function worker(what: string): Promise<Measured> {
  const { files, documents = [] } = await readSourceFiles(folder);
  const body = (): Promise<unknown> => (what === 'parse' ? parseFiles(files) : analyzeFiles({ files, documents, notes: [] }));
  // The grammar is loaded once in a process.
  await parseFiles(files.slice(0, 5));
  const start = performance.now();
  const before = process.cpuUsage();
  await body();
  const { user, system } = process.cpuUsage(before);
  return { seconds: (performance.now() - start) / 1000, cpu: (user + system) / 1e6, megabytes: process.resourceUsage().maxRSS / 1024 };
}

function ownProcess(what: string): Measured {
  const args = ['--import', 'tsx', fileURLToPath(import.meta.url), folder, '--worker', what];
  return measured.parse(JSON.parse(execFileSync(process.execPath, args, { encoding: 'utf8', maxBuffer: 1e8 })));
}

const parsedByPython = `
import ast, json, resource, sys, time
texts = json.load(sys.stdin)
start = time.perf_counter()
before = time.process_time()
trees = []
for text in texts:
    try:
        trees.append(ast.parse(text))
    except (SyntaxError, ValueError, RecursionError):
        pass
print(json.dumps({'seconds': time.perf_counter() - start, 'cpu': time.process_time() - before, 'megabytes': resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024}))
`;

const commandInPython = `
import json, resource, subprocess, sys, time
start = time.perf_counter()
done = subprocess.run(sys.argv[1:], stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
if done.returncode > 1:
    sys.stderr.buffer.write(done.stderr[-2000:])
    sys.exit(1)
used = resource.getrusage(resource.RUSAGE_CHILDREN)
print(json.dumps({'seconds': time.perf_counter() - start, 'cpu': used.ru_utime + used.ru_stime, 'megabytes': used.ru_maxrss / 1024}))
`;

function python(script: string, args: readonly string[], input?: string): Measured | string {
  const { status, stdout, stderr, error } = spawnSync('python3', ['-c', script, ...args], {
    encoding: 'utf8',
    maxBuffer: 1e9,
    ...(input === undefined ? {} : { input }),
  });
  if (status !== 0) return error?.message ?? stderr.trim().split('\n').at(-1) ?? 'it failed';
  return measured.parse(JSON.parse(stdout));
}

function semgrep(): Measured | string {
  const rules = values['semgrep-rules'];
  if (rules === undefined) return 'no rules were given: --semgrep-rules DIR';
  if (spawnSync('semgrep', ['--version']).status !== 0) return 'semgrep is not on the PATH';
  const flags = ['--metrics', 'off', '--disable-version-check', '--quiet', '--json', '--jobs', '2', '--no-git-ignore'];
  return python(commandInPython, ['semgrep', 'scan', '--config', resolve(rules), ...flags, folder]);
}

async function report(): Promise<void> {
  const { files } = await readSourceFiles(folder);
  const texts = files.map(({ text }) => text);
  const megabytes = texts.reduce((sum, text) => sum + text.length, 0) / 1e6;
  const parse = ownProcess('parse');
  const whole = ownProcess('whole');
  const others = { 'CPython ast.parse': python(parsedByPython, [], JSON.stringify(texts)), Semgrep: semgrep() };
  if (values.json === true) {
    process.stdout.write(`${JSON.stringify({ folder, megabytes, parse, whole, others }, null, 2)}\n`);
    return;
  }
  console.log(`${folder}: ${megabytes.toFixed(2)} MB of Python`);
  console.log(line('parse and lower', parse, `${(megabytes / parse.cpu).toFixed(2)} MB/s`));
  console.log(line('whole analysis', whole, `${(megabytes / whole.cpu).toFixed(2)} MB/s`));
  for (const [name, other] of Object.entries(others)) {
    if (typeof other === 'string') {
      console.log(`${name.padEnd(18)} not measured: ${other}`);
      continue;
    }
    const own = name === 'Semgrep' ? whole : parse;
    const ratio = `${name === 'Semgrep' ? 'whole analysis' : 'parse and lower'} takes ${times(own.cpu, other.cpu)} the processor time and ${times(own.megabytes, other.megabytes)} the memory`;
    console.log(line(name, other, ratio));
  }
}

function line(name: string, { seconds, cpu, megabytes }: Measured, more: string): string {
  return `${name.padEnd(18)} ${cpu.toFixed(2).padStart(7)} s (${seconds.toFixed(2)} s by the clock)  ${megabytes.toFixed(0).padStart(5)} MB  ${more}`;
}

function times(own: number, other: number): string {
  return `${(own / other).toFixed(2)} times`;
}

if (values.worker === undefined) await report();
else process.stdout.write(JSON.stringify(await worker(values.worker)));
