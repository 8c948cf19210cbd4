import { UserError } from '../src/index.ts';
import type { Say } from './install.ts';
import { accepts } from './port.ts';

/** The name of the database that the application called `name` has for itself. */
export function databaseName(name: string): string {
  return `lab_${name.replaceAll(/[^a-z0-9]+/gi, '_')}`;
}

/** The address of a person's own server, which is looked for before anything relies on it. `undefined` where the variable is not set. */
export async function ownServer(variable: string, what: string, defaultPort: number, say: Say): Promise<string | undefined> {
  const address = process.env[variable];
  if (address === undefined || address === '') return undefined;
  const place = /^[a-z0-9+]+:\/\/(?:[^@/]*@)?(?:\[([^\]]+)\]|([^:/?#,]+))(?::(\d+))?(?:[/?#]|$)/i.exec(address);
  const host = place?.[1] ?? place?.[2];
  const port = Number(place?.[3] ?? defaultPort);
  // What names several hosts, a socket or a service record is left to the driver.
  const isFound = host === undefined || address.startsWith('mongodb+srv:') || (await accepts(host, port));
  if (isFound) {
    say(`Using the ${what} of ${variable}.`);
    return address;
  }
  throw new UserError('store-unreachable', `No ${what} answers at ${host}:${port}, where ${variable} says it is.`, {
    hint: `Start it, or unset ${variable}, and the lab starts one of its own.`,
  });
}

/** The address with another database. Who logs in there still does so at the database that the address named. */
export function withMongoDatabase(address: string, database: string): string {
  const [, server = '', before = '', options = ''] = /^(mongodb(?:\+srv)?:\/\/[^/?]+)\/?([^?]*)\??(.*)$/.exec(address) ?? [];
  if (server === '') {
    throw new UserError('store-address-invalid', 'MONGODB_URI is not the address of a MongoDB server.', {
      hint: 'It looks like mongodb://user:password@host:27017/.',
    });
  }
  const hasAccount = server.includes('@') && !/(?:^|&)authSource=/i.test(options);
  const all = [options, hasAccount ? `authSource=${before === '' ? 'admin' : before}` : ''].filter((part) => part !== '').join('&');
  return `${server}/${database}${all === '' ? '' : `?${all}`}`;
}
