import { readFileSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { z } from 'zod';

// Run after `npm install`: a registry mirror may not offer the builds of a tool for platforms other than its own. npm then leaves
// them out of the lock file, and `npm ci` refuses it everywhere. This puts them back by name and version.
const file = fileURLToPath(new URL('../package-lock.json', import.meta.url));
const entry = z.looseObject({ dev: z.boolean().optional(), optionalDependencies: z.record(z.string(), z.string()).optional() });
const lock = z.looseObject({ packages: z.record(z.string(), entry) }).parse(JSON.parse(readFileSync(file, 'utf8')));

const missing = Object.values(lock.packages).flatMap(({ dev, optionalDependencies }) =>
  Object.entries(optionalDependencies ?? {})
    .filter(([name]) => !Object.hasOwn(lock.packages, `node_modules/${name}`))
    .map(([name, version]): [string, object] => {
      const [os = '', cpu = '', abi] = (name.split('/').at(-1) ?? '').replace('binding-', '').split('-');
      const libc = os === 'linux' && abi !== undefined ? { libc: [abi.includes('musl') ? 'musl' : 'glibc'] } : {};
      return [`node_modules/${name}`, { version, cpu: [cpu], ...(dev === true ? { dev } : {}), ...libc, optional: true, os: [os] }];
    }),
);
const packages = Object.fromEntries([...Object.entries(lock.packages), ...missing].sort(([left], [right]) => (left < right ? -1 : 1)));
writeFileSync(file, `${JSON.stringify({ ...lock, packages }, null, 2)}\n`);
console.error(missing.length === 0 ? 'The lock file is complete.' : `Put back ${missing.length} packages of other platforms.`);
