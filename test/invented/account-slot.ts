import type { Blueprint } from './blueprint.ts';
import { named } from './replies.ts';
import type { Account } from './state.ts';

/** The path of an account by its key, and the name of its parameter. */
export function accountSlot({ accounts, style }: Blueprint): { readonly path: string; readonly name: string } {
  const noun = accounts.segment.slice(0, -1);
  const isWord = accounts.key === 'username' || accounts.key === 'email';
  const name = named(style, isWord ? accounts.key : style.parameter === 'id' ? 'id' : `${noun}_id`);
  return { path: `${style.base}/${accounts.segment}/{${name}}`, name };
}

/** The text by which paths name an account. */
export function keyOfAccount({ accounts }: Blueprint, account: Account): string {
  return accounts.key === 'username' ? account.username : accounts.key === 'email' ? account.email : String(account.id);
}
