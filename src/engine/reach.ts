import { meaningOf } from '../model/answer.ts';
import type { Answer } from '../model/http.ts';
import { shownAs } from '../model/operation.ts';
import type { Reach } from '../model/report.ts';
import type { World } from '../model/world.ts';

type Got = Reach['access'][string];

/** What each identity, and the anonymous caller, got at each operation: the coverage of a scan. */
export function reachOf(world: World): Reach[] {
  const names: (string | null)[] = [...world.identities.map((identity) => identity.name), null];
  return world.surface.operations.map((operation) => {
    const answers = new Map<string | null, Answer[]>();
    const add = (as: string | null, found: readonly Answer[]): void => void answers.set(as, [...(answers.get(as) ?? []), ...found]);
    for (const look of world.looks) if (look.operation.id === operation.id) add(look.as, look.baseline.answers);
    for (const access of world.accesses)
      if (access.operation.id === operation.id && access.baseline) add(access.object.owner, access.baseline.answers);
    for (const object of world.objects)
      if (object.madeBy && world.makers.some((maker) => maker.operation.id === operation.id && maker.type === object.type))
        add(object.owner, [object.madeBy]);
    const access = Object.fromEntries(names.map((name) => [name ?? 'anonymous', gotBy(answers.get(name) ?? [])]));
    const { method, path } = shownAs(operation);
    return { operation: `${method} ${path}`, source: operation.source.kind, access };
  });
}

function gotBy(answers: readonly Answer[]): Got {
  const meanings = answers.map(meaningOf);
  if (meanings.length === 0) return 'not-tried';
  if (meanings.includes('served')) return 'served';
  return meanings.some((meaning) => meaning === 'refused' || meaning === 'absent') ? 'refused' : 'failed';
}
