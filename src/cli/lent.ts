import { readFile } from 'node:fs/promises';
import { basename } from 'node:path';
import {
  parseAuthFlag,
  parseIdentitiesFile,
  parsePermissions,
  type DeclaredIdentity,
  type HarIdentity,
  type Permissions,
} from '../index.ts';
import { UserError } from '../model/user-error.ts';
import { reasonOf } from './output.ts';
import type { Invocation } from './invocation.ts';

export interface IdentityFlags {
  readonly identities?: string;
  readonly auth?: readonly string[];
  readonly har?: readonly string[];
  readonly permissions?: string;
}

/** The permissions that a person corrected. Throws `UserError`. */
export async function permissionsIn({ permissions: file }: IdentityFlags): Promise<{ permissions?: Permissions }> {
  if (file === undefined) return {};
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('permissions-not-found', `The permissions ${file} cannot be read: ${reasonOf(cause)}.`, {
      hint: 'Write such a file with: middlebrick map URL --output FILE',
      cause,
    });
  });
  return { permissions: parsePermissions(text, file) };
}

/** Identities by their recorded traffic: `alice=traffic.har`, `root(admin)=traffic.har`, or `alice.har`, whose name is that of the file. */
export function harsOf({ har = [] }: IdentityFlags): { hars?: HarIdentity[] } {
  return har.length === 0 ? {} : { hars: har.map(harOf) };
}

function harOf(flag: string): HarIdentity {
  const [, named, role, given] = /^\s*([^=():/\\]+?)\s*(?:\(\s*([^()=]+?)\s*\))?\s*=\s*(\S.*?)\s*$/.exec(flag) ?? [];
  const file = given ?? flag.trim();
  const name = named ?? basename(file).replace(/\.[^.]*$/, '');
  if (name !== '' && file !== '') return { name, ...(role === undefined ? {} : { role }), file };
  throw new UserError('har-flag-invalid', '--har takes a file, or a name, "=" and a file.', { hint: 'Write --har alice=alice.har.' });
}

/** The identities of the file and of the flags. Their credentials become secrets of the invocation. Throws `UserError`. */
export async function readIdentities({ identities, auth = [] }: IdentityFlags, invocation: Invocation): Promise<DeclaredIdentity[]> {
  const lent = [...(identities === undefined ? [] : await fromFile(identities)), ...auth.map(fromFlag)];
  const seen = new Set<string>();
  for (const { name, means } of lent) {
    if (seen.has(name)) {
      throw new UserError('identities-invalid', `Two identities are called "${name}".`, { hint: 'Give each a name of its own.' });
    }
    seen.add(name);
    if (means.kind === 'fixed') for (const secret of means.secrets) invocation.secrets.add(secret);
  }
  return lent;
}

/** A shell cuts an unquoted credential in two, and what was cut off would be taken for the URL. */
function fromFlag(flag: string): DeclaredIdentity {
  if (!/=\s*(?:bearer|basic|[\w-]+:)\s*$/i.test(flag)) return parseAuthFlag(flag);
  throw new UserError('auth-flag-invalid', 'The value of --auth ends before its credential.', {
    hint: 'Put quotes around it: --auth "alice=Bearer TOKEN".',
  });
}

async function fromFile(file: string): Promise<DeclaredIdentity[]> {
  const text = await readFile(file, 'utf8').catch((cause: unknown) => {
    throw new UserError('identities-not-found', `The identities ${file} cannot be read: ${reasonOf(cause)}.`, {
      hint: 'Check the path given with --identities.',
      cause,
    });
  });
  return parseIdentitiesFile(text, file, process.env);
}
