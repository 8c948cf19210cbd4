import type { GraphQLField } from 'graphql';
import { typeNoun } from '../../model/graphql.ts';
import { isAccountNoun, nounOf, plainName, singular, wordsOf } from '../../model/names.ts';
import type { GraphqlField } from '../../model/operation.ts';
import { idNoun, isOwnId, mayName, type Argument, type Arguments } from './arguments.ts';
import { isComposite, resultOf, type Result } from './result.ts';

/** What a field amounts to in the words of HTTP, which all later stages read: `updateOrder(id, title)` is `PATCH /order/{id}`. */
export interface Amount {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Path below the endpoint; starts with a slash. */
  readonly path: string;
  /** The arguments that the path names, by name. */
  readonly slots: readonly Argument[];
}

type Verb = 'create' | 'update' | 'delete' | 'other';

const verbs: readonly (readonly [RegExp, Verb])[] = [
  [/^(?:create|add|new|insert|make|post|publish|submit|place|open|write)$/, 'create'],
  [/^(?:update|edit|change|modify|set|patch|rename|save|replace)$/, 'update'],
  [/^(?:delete|remove|destroy|erase)$/, 'delete'],
];

/** What a field is read with. */
export interface Reading {
  readonly kind: GraphqlField['kind'];
  /** Names the type that an interface is asked for as. */
  readonly on?: string | undefined;
  /** True for the noun of some type of the schema. */
  readonly isType: (noun: string) => boolean;
}

/** The field of a root type as an operation. */
export function amountOf(field: GraphQLField<unknown, unknown>, args: Arguments, { kind, on, isType }: Reading): Amount {
  const result = resultOf(field.type);
  const candidates = [...args.own, ...args.where, ...(args.input?.fields ?? [])].filter(
    (argument, at, all) => all.findIndex((other) => other.name === argument.name) === at,
  );
  return kind === 'query'
    ? queryAmount(field.name, result, candidates, { on, isType })
    : mutationAmount(field.name, result, candidates, args, isType);
}

function queryAmount(
  name: string,
  result: Result,
  candidates: readonly Argument[],
  { on, isType }: Pick<Reading, 'on' | 'isType'>,
): Amount {
  const noun = isComposite(result.type) ? typeNoun(on ?? result.type.name) : nounOf(name);
  const others = candidates.filter((argument) => argument.required && idNoun(argument) !== undefined && !isOwnId(argument, noun));
  if (result.isList) return at('GET', others, [noun]);
  const own =
    candidates.find((argument) => isOwnId(argument, noun)) ??
    onlyName(candidates) ??
    others.find((argument) => others.length === 1 && !isType(idNoun(argument) ?? ''));
  if (own)
    return at(
      'GET',
      others.filter((other) => other !== own),
      [noun],
      own,
    );
  if (others.length > 0) return at('GET', others, [noun]);
  return at('GET', [], [isSelf(name, noun) ? 'me' : name]);
}

/** `user(email: String!)`: the one thing that is asked for names the object. */
function onlyName(candidates: readonly Argument[]): Argument | undefined {
  const required = candidates.filter((argument) => argument.required);
  const [only] = required;
  return only &&
    required.length === 1 &&
    mayName(only) &&
    /^(?:name|username|login|handle|email|number|code|slug|key|title|.*(?:Name|Number|Code|Key))$/.test(only.name)
    ? only
    : undefined;
}

const selfName =
  /^(?:get|fetch|current|loggedin|my|the)*(?:me|viewer|self|whoami|user|profile|account|customer|identity)(?:info|details|data)?$/;

function isSelf(name: string, noun: string): boolean {
  return isAccountNoun(noun) && selfName.test(plainName(name));
}

function mutationAmount(name: string, result: Result, candidates: readonly Argument[], args: Arguments, isType: Reading['isType']): Amount {
  const { verb, rest } = verbOf(name);
  const noun = nounFor(rest, result, isType);
  const ids = candidates.filter((argument) => idNoun(argument) !== undefined);
  const own = ids.find((argument) => isOwnId(argument, noun));
  const parents = ids.filter((argument) => argument !== own && argument.required);
  switch (verb) {
    case 'create':
      // What an input type names stays in the body, like a reference in a stored document.
      return noun === ''
        ? at('POST', [], [name])
        : at(
            'POST',
            parents.filter((argument) => args.own.includes(argument)),
            [noun],
          );
    case 'update':
    case 'delete': {
      const method = verb === 'update' ? 'PATCH' : 'DELETE';
      // The password of an id is the password of an account.
      if (own && noun === 'password') return below(at(method, parents, ['user'], own), noun);
      if (own && noun !== '') return at(method, parents, [noun], own);
      if (parents.length > 0) return at(method, parents, noun === '' ? [] : [noun]);
      const isOfCaller = verb === 'update' && (isAccountNoun(noun) || /^my/i.test(name)) && candidates.length > 0;
      return isOfCaller ? at('PATCH', [], ['me']) : at(verb === 'delete' ? 'DELETE' : 'POST', [], [name]);
    }
    case 'other': {
      const target = own ?? parents.at(-1);
      if (!target) return at('POST', [], [name]);
      const above = parents.filter((argument) => argument !== target);
      const called = idNoun(target) === '' ? noun || name : (idNoun(target) ?? noun);
      return below(at('POST', above, [called], target), name);
    }
  }
}

/** The verb stands in front (`createOrder`), or behind (`orderCreate`); `addToCart` and `removeFromCart` do something else. */
function verbOf(name: string): { readonly verb: Verb; readonly rest: readonly string[] } {
  const words = wordsOf(name);
  const verb = (word: string | undefined): Verb | undefined => verbs.find(([pattern]) => word !== undefined && pattern.test(word))?.[1];
  if (words.some((word) => /^(?:to|from|into|password)$/.test(word))) {
    const first = verb(words[0]);
    return words.includes('password') && first === 'update' ? { verb: 'update', rest: words.slice(1) } : { verb: 'other', rest: words };
  }
  const [first, ...rest] = words;
  const known = verb(first);
  if (known) return { verb: known, rest };
  const behind = words.length > 1 ? verb(words.at(-1)) : undefined;
  return behind ? { verb: behind, rest: words.slice(0, -1) } : { verb: 'other', rest: words };
}

const fillers = /^(?:by|pk|id|ids|one|many|unique|single|new|mutation|input|my|the|a|an)$/;

/** What a mutation is about: the type that its name speaks of, else the one that it gives, else the last word of its name. */
function nounFor(rest: readonly string[], result: Result, isType: Reading['isType']): string {
  const words = rest.filter((word) => !fillers.test(word)).map(singular);
  if (words.includes('password')) return 'password';
  const spoken = words.findLast((word) => isType(word));
  const given = isComposite(result.type) ? typeNoun(result.type.name) : undefined;
  return spoken ?? given ?? words.at(-1) ?? '';
}

function below(amount: Amount, literal: string): Amount {
  return { ...amount, path: `${amount.path}/${literal}` };
}

function at(method: Amount['method'], parents: readonly Argument[], literals: readonly string[], own?: Argument): Amount {
  const above = parents.map((argument) => `/${idNoun(argument) || 'object'}/{${argument.name}}`);
  const path = [...above, ...literals.map((literal) => `/${literal}`), ...(own ? [`/{${own.name}}`] : [])].join('');
  return { method, path, slots: own ? [...parents, own] : parents };
}
