import { createHmac } from 'node:crypto';
import { weakSecretOf } from '../src/engine/weak-secret.ts';
import { wordList } from '../src/engine/word-list.ts';
import type { Measurement } from './measurement.ts';

/** Measures the search for the key of a token when there is none to be found: all words are tried. */
export async function measure(): Promise<Measurement[]> {
  const before = performance.now();
  const words = await wordList();
  const loaded = performance.now() - before;
  const seconds = [1, 2, 3].map((turn) => {
    const started = performance.now();
    weakSecretOf(tokenOf(turn), ['Corner Shop'], words);
    return (performance.now() - started) / 1000;
  });
  return [
    { name: 'word list for signing keys, words', value: words.length, unit: 'words', goal: 100_000, better: 'more' },
    { name: 'word list for signing keys, loading', value: loaded / 1000, unit: 's', goal: 0.5, better: 'less' },
    { name: 'search of one token for its key', value: Math.min(...seconds), unit: 's', goal: 1, better: 'less' },
  ];
}

function tokenOf(turn: number): string {
  const part = (json: object): string => Buffer.from(JSON.stringify(json)).toString('base64url');
  const signed = `${part({ alg: 'HS256', typ: 'JWT' })}.${part({ sub: '2cb307ba-bb46-4194-854f-4774046d9c9b', name: 'Somebody', iat: turn })}`;
  return `${signed}.${createHmac('sha256', 'pX2v9-Kd71qLz0_rYw5m').update(signed).digest('base64url')}`;
}
