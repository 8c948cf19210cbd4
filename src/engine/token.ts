import { createHash } from 'node:crypto';

/** Twelve lower-case letters and digits, the first a letter, decided by seed and salt alone. */
export function tokens(seed: string): (salt: string) => string {
  return (salt) => {
    const digest = createHash('sha256').update(`${seed}\n${salt}`).digest();
    const number = BigInt(`0x${digest.subarray(0, 12).toString('hex')}`);
    return `m${number.toString(36).padStart(11, '0').slice(-11)}`;
  };
}
