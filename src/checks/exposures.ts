import type { Confidence, Severity } from '../model/check.ts';
import { jsonOf, type Answer } from '../model/http.ts';
import { leaves } from '../model/json.ts';
import { plainName } from '../model/names.ts';
import { sensitivity, type SensitiveKind } from '../model/sensitive.ts';
import type { World } from '../model/world.ts';

/** A property of an answer that answers should not hold. */
export interface Exposure {
  readonly name: string;
  readonly pointer: string;
  readonly value: string;
  readonly kind: SensitiveKind;
  readonly confidence: Confidence;
  readonly severity: Severity;
  /** It is a password that the scanner itself gave to an account. */
  readonly planted: boolean;
}

const severities: Readonly<Record<SensitiveKind, Severity>> = {
  password: 'critical',
  'password hash': 'high',
  credential: 'high',
  'process environment': 'high',
  'personal number': 'medium',
  'internal field': 'medium',
};

/**
 * Sensitive properties of an answer, by name and by value. What was written into objects of ours is ours to see, and not the anonymous
 * caller's.
 */
export function exposures(world: World, answer: Answer, as: string | null): readonly Exposure[] {
  const json = answer.kind === 'exchange' && answer.response.status < 400 ? jsonOf(answer.response) : undefined;
  if (json === undefined) return [];
  const passwords = plantedPasswords(world);
  const written = new Set(
    world.objects.flatMap((object) => (object.learned === 'made' ? object.markers.map((marker) => marker.value) : [])),
  );
  const seen = new Map<string, Exposure>();
  for (const leaf of leaves(json)) {
    const value = String(leaf.value);
    const planted = typeof leaf.value === 'string' && passwords.has(value);
    if (written.has(value) && !planted && as !== null) continue;
    const sensitive = planted ? { kind: 'password' as const, by: 'value' as const } : sensitivity(leaf.name, leaf.value);
    if (!sensitive || (isOwnToken(sensitive.kind, as) && !planted)) continue;
    const confidence: Confidence =
      planted || sensitive.by === 'value' ? 'certain' : sensitive.kind === 'internal field' ? 'tentative' : 'firm';
    const key = `${plainName(leaf.name)} ${sensitive.kind}`;
    const better = seen.get(key);
    if (better && (better.planted || !planted)) continue;
    seen.set(key, {
      name: leaf.name,
      pointer: leaf.pointer,
      value,
      kind: sensitive.kind,
      confidence,
      severity: severities[sensitive.kind],
      planted,
    });
  }
  return [...seen.values()];
}

/** The passwords that the scanner gave to accounts of its own. */
export function plantedPasswords(world: World): Set<string> {
  return new Set(
    [...world.sessions.values()].flatMap((session) =>
      session.account && session.identity.source === 'signed-up' ? [session.account.password] : [],
    ),
  );
}

/** Keys by name alone may be the caller's own to see, such as an API key on one's settings page; anonymous callers own none. */
function isOwnToken(kind: SensitiveKind, as: string | null): boolean {
  return kind === 'personal number' && as !== null;
}
