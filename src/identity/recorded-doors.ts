import { buildRequest } from '../model/build-request.ts';
import type { OperationId, Surface } from '../model/operation.ts';
import { doorsOf, type Door } from './doors.ts';

const most = 2;

/** Doors with the ids that an identity was served before, as its recording tells: no made-up id is needed to try them. */
export function recordedDoors(surface: Surface, authOperations: ReadonlySet<OperationId>, name: string): Door[] {
  const visits = (surface.visited ?? []).filter(({ identity, path }) => identity === name && Object.keys(path).length > 0);
  if (visits.length === 0) return [];
  // What may destroy something is no door, whoever was there before.
  const safe = new Map(doorsOf(surface, authOperations).map(({ operation }) => [operation.id, operation]));
  return visits
    .flatMap(({ operation: id, path, query }): Door[] => {
      const operation = safe.get(id);
      return operation ? [{ operation, request: buildRequest(surface.origin, operation, { path, query }), placeholder: false }] : [];
    })
    .slice(0, most);
}
