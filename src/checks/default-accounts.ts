/** A user name and a password that software is delivered with, or that somebody leaves after trying it out. */
export interface DefaultAccount {
  readonly name: string;
  readonly password: string;
}

// Two or three tries for each name: many targets lock an account after five.
const accounts: Readonly<Record<string, readonly string[]>> = {
  admin: ['admin', 'password', 'admin123'],
  administrator: ['administrator', 'password'],
  root: ['root', 'toor'],
  user: ['user', 'password'],
  test: ['test', 'test123'],
  demo: ['demo'],
  guest: ['guest'],
  superadmin: ['superadmin'],
  manager: ['manager'],
  operator: ['operator'],
  support: ['support'],
};

/** Names that stand for somebody who may do everything. */
export function isMighty(name: string): boolean {
  return /^(?:admin|administrator|root|superadmin)\b/.test(name);
}

/** The accounts to try, likeliest first; by mail address where people are named so here. No more than 24. */
export function defaultAccounts(byMail: boolean, hostname: string): readonly DefaultAccount[] {
  const plain = Object.entries(accounts).flatMap(([name, passwords]) => passwords.map((password) => ({ name, password })));
  if (!byMail) return plain;
  const own = /^[a-z][\w-]*\.[a-z][\w.-]+$/i.test(hostname) ? [hostname.replace(/^(?:api|www)\./, '')] : [];
  const hosts = ['example.com', ...own, 'admin.com', 'test.com'];
  return hosts
    .flatMap((host) =>
      plain.filter(({ name }) => /^(?:admin|user|test)$/.test(name)).map(({ name, password }) => ({ name: `${name}@${host}`, password })),
    )
    .slice(0, 24);
}
