import type { Answer } from '../model/http.ts';
import type { SignUpAttempt, World } from '../model/world.ts';

/** Two accounts that are never signed up. Throws where nobody can sign up. */
export function absents(world: World, salt: string): readonly [SignUpAttempt, SignUpAttempt] {
  const [one, two] = [1, 2].map((turn) => world.signUp?.attempt(`${salt}/absent/${turn}`, {}));
  if (!one || !two) throw new Error(`${salt}: planned without a sign-up`);
  return [one, two];
}

export function statusOf(answer: Answer): number {
  return answer.kind === 'exchange' ? answer.response.status : 0;
}

/** Status and words, without what was sent and without numbers: clocks and counters differ from refusal to refusal. */
export function refusalOf(answer: Answer, { facts, password }: SignUpAttempt): string {
  if (answer.kind !== 'exchange') return '';
  const sent = [...Object.values(facts), password].filter((value) => value.length >= 3).sort((one, other) => other.length - one.length);
  const words = sent.reduce((body, value) => body.replaceAll(value, '·'), answer.response.body);
  const plain = words.replaceAll(/[0-9a-f]{8,}(?:-[0-9a-f]{4,})*/gi, '#').replaceAll(/\d+/g, '#');
  return `${answer.response.status} ${plain}`;
}

/** The value in the middle; 0 of none. */
export function middle(values: readonly number[]): number {
  return values.toSorted((one, other) => one - other)[Math.floor(values.length / 2)] ?? 0;
}
