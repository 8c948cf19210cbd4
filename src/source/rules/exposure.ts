import type { Run } from '../flask/run-route.ts';
import type { Access, Use } from '../flow/access.ts';
import type { Value } from '../flow/value.ts';
import type { App } from './rule.ts';

/** Which fields of an object an answer holds. */
export interface Exposure {
  /** Everything that is stored. */
  readonly isWhole: boolean;
  /** When it is whole: the fields that are known, without those that the query leaves out. */
  readonly fields: readonly string[];
}

/** What of the object of an access leaves with an answer. */
export function exposureOf(use: Use, access: Access, run: Run, app: App): readonly Exposure[] {
  const exposures = partsOf(use.value, access.id).map((part): Exposure => {
    if (part !== '') return { isWhole: false, fields: [columnAt(access, part)] };
    return whole(access, app);
  });
  const { answers } = run.route;
  // The schema of the answer is a list of what may leave.
  return answers ? exposures.map((exposure) => (exposure.isWhole ? { isWhole: false, fields: answers } : exposure)) : exposures;
}

/** `row[1]` is the second of the columns that a statement names. */
function columnAt({ projection }: Access, part: string): string {
  return (/^\d+$/.test(part) && projection?.how === 'only' ? projection.fields[Number(part)] : undefined) ?? part;
}

function whole(access: Access, app: App): Exposure {
  const { projection } = access;
  const known = [access.resource, ...access.joined].flatMap((name) => [...(app.resources.get(name)?.fields ?? [])]);
  if (!projection) return { isWhole: true, fields: known };
  if (projection.how === 'without') return { isWhole: true, fields: known.filter((name) => !projection.fields.includes(name)) };
  return { isWhole: false, fields: projection.fields };
}

/** Calls whose result is what they were given, or holds it: a file that is sent, text in another coding. */
const carries =
  /(?:^|\.)(?:send_file|send_from_directory|BytesIO|StringIO|stream_with_context|StreamingResponse|FileResponse|b64encode|encode|decode|dumps|iter|wrap_file)\(\)$/;

/** True when an object, or a field of it, leaves with an answer: as it is, or as a file. */
export function isSent(use: Use, access: Access, run: Run, app: App): boolean {
  return exposureOf(use, access, run, app).length > 0 || isCarried(use.value, access.id, 0);
}

function isCarried(value: Value, access: number, depth: number): boolean {
  if (depth > 6 || !value.labels.has(`O:${access}`)) return false;
  const { shape } = value;
  const inner = (each: Value): boolean => isCarried(each, access, depth + 1);
  switch (shape.is) {
    case 'stored':
      return shape.access === access;
    case 'symbol':
      return carries.test(shape.path) && shape.call !== undefined && [...shape.call.args, ...shape.call.keywords.values()].some(inner);
    case 'either':
      return shape.options.some(inner);
    case 'response':
      return inner(shape.body);
    default:
      return false;
  }
}

/** A field of the object, or all of it, is in the answer; not just something that was made with the help of it. */
export function isShown(use: Use, access: Access, run: Run, app: App): boolean {
  return use.kind === 'response' && (use.through?.isShown ?? isSent(use, access, run, app));
}

/** The names of the fields of an object that are in a value; `''` for all of it. */
function partsOf(value: Value, access: number, depth = 0): readonly string[] {
  if (!value.labels.has(`O:${access}`) && value.shape.is !== 'instance') return [];
  if (depth > 6) return [];
  const inner = (each: Value): readonly string[] => partsOf(each, access, depth + 1);
  const { shape } = value;
  switch (shape.is) {
    case 'stored':
      if (shape.access !== access) return [];
      return [shape.part === 'field' ? shape.field : ''];
    case 'record':
      return [...[...shape.entries.values()].flatMap(inner), ...(shape.rest ? inner(shape.rest) : [])];
    case 'sequence':
      return [...shape.items.flatMap(inner), ...(shape.each ? inner(shape.each) : [])];
    case 'either':
      return shape.options.flatMap(inner);
    case 'response':
      return inner(shape.body);
    default:
      return [];
  }
}
