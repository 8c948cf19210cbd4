import { jsonOf, type Answer } from '../../model/http.ts';
import { isObject, leaves, objects, type Json, type JsonObject } from '../../model/json.ts';
import { plainName } from '../../model/names.ts';

/** What an answer says is wrong with the top-level properties of a body. */
export interface Objections {
  /** Properties that are asked for. */
  readonly missing: ReadonlySet<string>;
  /** Property → a value that is said to be allowed. */
  readonly choices: ReadonlyMap<string, string>;
  /** Properties that are unknown, or whose value is not taken. */
  readonly refused: ReadonlySet<string>;
}

const wrappers = new Set(
  'errors error json body form data query detail details message messages fields field validationerrors violations invalidparams'.split(
    ' ',
  ),
);
const required =
  /\b(?:required|missing|mandatory|must (?:be )?provided?|blank|can(?:no|')t be (?:null|empty)|must not be (?:null|empty|blank))\b/i;
const invalid =
  /\b(?:invalid|not (?:a )?valid|unknown|unexpected|unrecogni[sz]ed|not (?:allowed|permitted)|extra|must be|should be|expected)\b/i;
const listed =
  /\b(?:one of|expected|permitted|choices? (?:are|is)|allowed(?: values)?(?: are)?|options? are)\b[:\s([]*["'`]?([\w-]+)["'`]?/i;
const prose: readonly RegExp[] = [
  /["'`](\w+)["'`] (?:field )?(?:is|are) (?:a )?(?:required|missing)/gi,
  /\bmissing (?:the )?(?:required )?(?:fields?|parameters?|keys?|propert(?:y|ies))?[:\s]+["'`]?(\w+)["'`]?/gi,
  /\b(\w+) (?:field )?is (?:required|missing|mandatory)/gi,
];

/** Reads the objections in an error answer, in the dialects of the common frameworks; `undefined` when there are none. */
export function objectionsIn(answer: Answer): Objections | undefined {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  if (json === undefined) return undefined;
  const missing = new Set<string>();
  const refused = new Set<string>();
  const choices = new Map<string, string>();
  for (const { name, said, choice } of [...structured(json), ...keyed(json)]) {
    if (choice !== undefined) choices.set(name, choice);
    else if (required.test(said)) missing.add(name);
    else if (invalid.test(said)) refused.add(name);
  }
  if (missing.size + refused.size + choices.size === 0) for (const name of spoken(json)) missing.add(name);
  return missing.size + refused.size + choices.size === 0 ? undefined : { missing, choices, refused };
}

interface Objection {
  readonly name: string;
  readonly said: string;
  readonly choice: string | undefined;
}

/** Objects that name the property they speak of: `{"path": "body", "kind": "required"}`, `{"loc": ["body", "title"], "msg": …}`. */
function structured(json: Json): Objection[] {
  return objects(json, 500).flatMap(({ value }): Objection[] => {
    const named = value['path'] ?? value['field'] ?? value['param'] ?? value['property'];
    const steps = Array.isArray(value['loc']) ? value['loc'].slice(1) : typeof named === 'string' ? named.split('.') : [];
    const [name] = steps;
    if (typeof name !== 'string' || !/^\w+$/.test(name)) return [];
    const said = Object.values(value)
      .filter((item) => typeof item === 'string')
      .join(' ');
    return [{ name, said, choice: enumerated(value) ?? listed.exec(said)?.[1] }];
  });
}

/** Sentences under the name of a property: `{"errors": {"title": ["can't be blank"]}}`. */
function keyed(json: Json): Objection[] {
  return leaves(json, 500).flatMap(({ pointer, value }): Objection[] => {
    const steps = pointer.split('/').filter((step) => step !== '' && !/^\d+$/.test(step));
    const inner = steps.slice(steps.findIndex((step) => !wrappers.has(plainName(step))));
    const [name, ...deeper] = steps.every((step) => wrappers.has(plainName(step))) ? [] : inner;
    if (typeof value !== 'string' || name === undefined || deeper.length > 0 || isOfTheError(name, value)) return [];
    return [{ name, said: value, choice: listed.exec(value)?.[1] }];
  });
}

/** `type` and the like may be properties of the error, or of the body: then a sentence is said of them. */
function isOfTheError(name: string, value: string): boolean {
  return (
    /^(?:msg|code|status|reason|kind|path|loc|param|property|location|input|url|stack)$/i.test(name) ||
    (/^(?:type|title|name|value)$/i.test(name) && !value.includes(' '))
  );
}

function spoken(json: Json): string[] {
  const texts = leaves(json, 100).flatMap(({ value }) => (typeof value === 'string' && value.length < 2_000 ? [value] : []));
  return texts.flatMap((text) => prose.flatMap((pattern) => [...text.matchAll(pattern)].flatMap(([, name]) => name ?? [])));
}

/** The first of the values that an error lists: Mongoose's `enumValues`, pydantic's `ctx`. */
function enumerated(error: JsonObject): string | undefined {
  for (const holder of [error, error['properties'], error['ctx']]) {
    const values = isObject(holder) ? (holder['enumValues'] ?? holder['enum_values']) : undefined;
    const [first] = Array.isArray(values) ? values : [];
    if (typeof first === 'string') return first;
  }
  const expected = isObject(error['ctx']) ? error['ctx']['expected'] : undefined;
  return typeof expected === 'string' ? /^'([^']+)'/.exec(expected)?.[1] : undefined;
}
