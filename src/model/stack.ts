import { UserError } from './user-error.ts';

/** What an API is built with, in the words of remedies. Absent parts are unknown. */
export interface Stack {
  readonly framework?: Framework;
  readonly store?: Store;
  readonly auth?: Auth;
}

export const frameworks = ['flask', 'fastapi', 'django', 'express', 'nestjs', 'spring', 'aspnet'] as const;
export type Framework = (typeof frameworks)[number];

/** The store, or the library by which it is reached where that decides what the code looks like. */
export const stores = ['mongodb', 'dynamodb', 'sqlalchemy'] as const;
export type Store = (typeof stores)[number];

/** How a caller shows who it is. */
export const auths = ['session', 'bearer', 'api-key', 'basic'] as const;
export type Auth = (typeof auths)[number];

const otherWords: Readonly<Record<string, Framework | Store | Auth>> = {
  nest: 'nestjs',
  mongo: 'mongodb',
  pymongo: 'mongodb',
  dynamo: 'dynamodb',
  boto3: 'dynamodb',
  'flask-sqlalchemy': 'sqlalchemy',
  cookie: 'session',
  jwt: 'bearer',
  token: 'bearer',
  apikey: 'api-key',
  'api-keys': 'api-key',
};

const phrases: Readonly<Record<Framework | Store | Auth, string>> = {
  flask: 'Flask',
  fastapi: 'FastAPI',
  django: 'Django',
  express: 'Express',
  nestjs: 'NestJS',
  spring: 'Spring',
  aspnet: 'ASP.NET',
  mongodb: 'MongoDB',
  dynamodb: 'DynamoDB',
  sqlalchemy: 'SQLAlchemy',
  session: 'session cookie',
  bearer: 'bearer token',
  'api-key': 'API key',
  basic: 'basic authentication',
};

/** A stack, or a part of one, for people: `Flask, MongoDB, session cookie`; empty when nothing is known. */
export function stackPhrase({ framework, store, auth }: Stack): string {
  return [framework, store, auth].flatMap((word) => (word === undefined ? [] : phrases[word])).join(', ');
}

/** Reads `flask,mongodb,bearer`, in any order. Throws `UserError` for a word that is not known, and for two of one kind. */
export function parseStack(text: string): Stack {
  const stack: { framework?: Framework; store?: Store; auth?: Auth } = {};
  const set = <K extends keyof Stack>(kind: K, value: NonNullable<Stack[K]>): void => {
    const before = stack[kind];
    if (before !== undefined && before !== value) {
      throw new UserError('stack-ambiguous', `The stack names two kinds of ${kind}: ${before} and ${value}.`, {
        hint: 'Name one of each.',
      });
    }
    Object.assign(stack, { [kind]: value });
  };
  for (const word of text.split(',').flatMap((part) => part.trim().toLowerCase() || [])) {
    const plain = otherWords[word] ?? word;
    const framework = frameworks.find((known) => known === plain);
    const store = stores.find((known) => known === plain);
    const auth = auths.find((known) => known === plain);
    if (framework) set('framework', framework);
    else if (store) set('store', store);
    else if (auth) set('auth', auth);
    else {
      throw new UserError('stack-unknown', `Nothing is known of a stack with "${word}".`, {
        hint: `Frameworks: ${frameworks.join(', ')}. Stores: ${stores.join(', ')}. Authentication: ${auths.join(', ')}.`,
      });
    }
  }
  return stack;
}
