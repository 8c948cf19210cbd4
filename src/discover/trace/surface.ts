import type { Operation, Surface, Visited } from '../../model/operation.ts';
import type { Template } from '../crawl/template.ts';
import { createNotes } from '../notes.ts';
import type { Wanted } from '../openapi/servers.ts';
import { describedBy } from './described.ts';
import { operationOf, type Group } from './operations.ts';
import { aim, type Traced } from './origin.ts';
import { pathTemplates } from './paths.ts';
import type { Trace } from './trace.ts';

/** A surface of nothing but recorded requests or a collection. Throws `UserError` when none of them goes to the target. */
export function surfaceOfTraces(traces: readonly Trace[], wanted: Wanted): Surface {
  const [first] = traces;
  return joined(
    {
      operations: [],
      securitySchemes: {},
      notes: [],
      ...(first?.title === undefined ? {} : { title: first.title }),
      ...(first === undefined
        ? {}
        : { document: { location: first.location, dialect: first.dialect, lineOf: first.lineOf ?? (() => undefined) } }),
    },
    traces,
    wanted,
  );
}

/** A described surface with what the requests add: operations that it lacks, and who visited which of them. */
export function withTraced(surface: Surface, traces: readonly Trace[]): Surface {
  return traces.length === 0 ? surface : joined(surface, traces, { origin: surface.origin });
}

type Unplaced = Omit<Surface, 'origin'>;

function joined(surface: Unplaced, traces: readonly Trace[], wanted: Wanted): Surface {
  const notes = createNotes();
  for (const trace of traces) for (const note of trace.notes) notes.add(note);
  const { origin, requests } = aim(traces, wanted.origin, notes);
  const { operations, visited } = sorted(
    requests.filter(({ request }) => request.graphql === undefined).map((traced) => based(traced, wanted)),
    surface.operations,
  );
  const added = operations.map((operation) =>
    operation.source.document === surface.document?.location ? operation : withoutPlace(operation),
  );
  return {
    ...surface,
    origin,
    operations: [...surface.operations, ...added],
    securitySchemes: { ...Object.assign({}, ...traces.map((trace) => trace.securitySchemes)), ...surface.securitySchemes },
    visited,
    notes: [...surface.notes, ...notes.sentences()],
  };
}

/** Where a collection leaves the host open, the user's URL is its base. */
function based({ request, trace }: Traced, { path = '' }: Wanted): Traced {
  const base = path.replace(/\/+$/, '');
  return request.origin !== '' || base === '' ? { request, trace } : { request: { ...request, path: base + request.path }, trace };
}

/** Lines are looked up in the document of the surface, and this operation stands in another file. */
function withoutPlace(operation: Operation): Operation {
  const { kind, document } = operation.source;
  return { ...operation, source: { kind, document } };
}

function sorted(requests: readonly Traced[], described: readonly Operation[]): { operations: Operation[]; visited: Visited[] } {
  const find = describedBy(described);
  const visits: (Visited | undefined)[] = [];
  const others: Traced[] = [];
  for (const traced of requests) {
    const found = find(traced.request);
    if (found) visits.push(visitOf(traced, found.operation.id, found.template));
    else others.push(traced);
  }
  const groups = grouped(others);
  for (const { method, path, members } of groups)
    for (const member of members) visits.push(visitOf(member, `${method} ${path}`, member.template));
  return { operations: groups.map(operationOf).toSorted(byPath), visited: distinct(visits.flatMap((visit) => visit ?? [])) };
}

function grouped(requests: readonly Traced[]): Group[] {
  const templateFor = pathTemplates(requests.map(({ request }) => request));
  const groups = new Map<string, Group['members'][number][]>();
  for (const traced of requests) {
    const template = templateFor(traced.request);
    const id = `${traced.request.method} ${template.path}`;
    const group = groups.get(id);
    if (group) group.push({ ...traced, template });
    else groups.set(id, [{ ...traced, template }]);
  }
  return [...groups.values()].flatMap((members) => {
    const [first] = members;
    return first === undefined ? [] : { method: first.request.method, path: first.template.path, members };
  });
}

/** A visit counts when it was served and left the thing in place. */
function visitOf({ request, trace }: Traced, operation: string, template: Template): Visited | undefined {
  const { status = 0, method, query } = request;
  if (trace.identity === undefined || status < 200 || status >= 300 || method === 'DELETE') return undefined;
  if (template.slots.length === 0 && query.length === 0) return undefined;
  const path = Object.fromEntries(template.slots.flatMap(({ name, value }) => (value === undefined ? [] : [[name, value]])));
  return { identity: trace.identity, operation, path, query: Object.fromEntries(query) };
}

function distinct(visits: readonly Visited[]): Visited[] {
  return [...new Map(visits.map((visit) => [JSON.stringify(visit), visit])).values()];
}

function byPath(one: Operation, other: Operation): number {
  const [left, right] = [`${one.path} ${one.method}`, `${other.path} ${other.method}`];
  return left < right ? -1 : left > right ? 1 : 0;
}
