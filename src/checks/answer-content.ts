import { contentOf } from '../model/graphql.ts';
import { jsonOf, type Answer } from '../model/http.ts';
import { isObject, leaves, objects, shapePointer } from '../model/json.ts';

/** True when a list with objects in it is part of a longer one: whoever forgets to ask who is there forgets to filter, too. */
export function holdsAll(anonymous: Answer, answer: Answer, noise: ReadonlySet<string>): boolean {
  const [all, own] = [anonymous, answer].map((item) => recordTexts(item, noise));
  return !!all && !!own && own.size > 0 && all.size > own.size && [...own].every((text) => all.has(text));
}

/** The objects of the lists in an answer, without what is noise; those that say too little to be told apart are left out. */
function recordTexts(answer: Answer, noise: ReadonlySet<string>): ReadonlySet<string> {
  const json = answer.kind === 'exchange' ? jsonOf(answer.response) : undefined;
  const items = json === undefined ? [] : objects(json).filter(({ pointer }) => /\/\d+$/.test(pointer));
  const texts = items.map(({ pointer, value }) =>
    JSON.stringify(leaves(value).filter((leaf) => !noise.has(shapePointer(pointer + leaf.pointer)))),
  );
  return new Set(texts.filter((text) => text.length >= 60));
}

/** More than an empty list or a bare message. */
export function isSubstantial(answer: Answer): boolean {
  const json = contentOf(answer);
  if (json === undefined) return false;
  if (Array.isArray(json)) return json.length > 0;
  return (
    isObject(json) &&
    Object.entries(json).some(
      ([name, value]) =>
        !/^(?:message|msg|status|detail|version|success|__typename)$/i.test(name) &&
        value !== null &&
        !(Array.isArray(value) && value.length === 0) &&
        value !== '',
    )
  );
}
