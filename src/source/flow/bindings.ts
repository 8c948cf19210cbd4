import type { Value } from './value.ts';

/** Names and what they stand for. What a branch of the program changes can be taken back. */
export class Bindings {
  readonly #values: Map<string, Value>;
  /** What stood before, the newest last, while somebody may want it back. */
  readonly #undo: (readonly [string, Value | undefined])[] = [];
  #attempts = 0;
  #version = 0;

  constructor(values: Iterable<readonly [string, Value]> = []) {
    this.#values = new Map(values);
  }

  /** Another one after each change. */
  get version(): number {
    return this.#version;
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  set(name: string, value: Value): void {
    this.#version += 1;
    if (this.#attempts > 0) this.#undo.push([name, this.#values.get(name)]);
    this.#values.set(name, value);
  }

  [Symbol.iterator](): IterableIterator<[string, Value]> {
    return this.#values[Symbol.iterator]();
  }

  /** Does something, takes back what it set, and says what that was. */
  attempt(body: () => void): ReadonlyMap<string, Value> {
    const mark = this.#undo.length;
    const changed = new Map<string, Value>();
    this.#attempts += 1;
    try {
      body();
    } finally {
      for (const [name] of this.#undo.slice(mark)) {
        const value = this.#values.get(name);
        if (value) changed.set(name, value);
      }
      if (changed.size > 0) this.#version += 1;
      for (const [name, before] of this.#undo.splice(mark).toReversed()) {
        if (before) this.#values.set(name, before);
        else this.#values.delete(name);
      }
      this.#attempts -= 1;
    }
    return changed;
  }
}
