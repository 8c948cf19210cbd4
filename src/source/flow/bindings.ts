import type { Value } from './value.ts';

/** Names and what they stand for. What a branch of the program changes can be taken back. */
export class Bindings {
  readonly #values: Map<string, Value>;
  /** What stood before, the newest last, while somebody may want it back. */
  readonly #undo: (readonly [string, Value | undefined])[] = [];
  #attempts = 0;
  #changes = 0;
  #version = 0;
  #ofInstances = 0;

  constructor(values: Iterable<readonly [string, Value]> = []) {
    this.#values = new Map(values);
  }

  /** Another one after each change, but for what instances have; the same one when all changes since are taken back. */
  get version(): number {
    return this.#version;
  }

  /** The same for what instances have: `#3.name`. */
  get ofInstances(): number {
    return this.#ofInstances;
  }

  get(name: string): Value | undefined {
    return this.#values.get(name);
  }

  has(name: string): boolean {
    return this.#values.has(name);
  }

  set(name: string, value: Value): void {
    this.#count(name);
    if (this.#attempts > 0) this.#undo.push([name, this.#values.get(name)]);
    this.#values.set(name, value);
  }

  #count(name: string): void {
    this.#changes += 1;
    if (name.startsWith('#')) this.#ofInstances = this.#changes;
    else this.#version = this.#changes;
  }

  [Symbol.iterator](): IterableIterator<[string, Value]> {
    return this.#values[Symbol.iterator]();
  }

  /** Does something, takes back what it set, and says what that was. */
  attempt(body: () => void): ReadonlyMap<string, Value> {
    const mark = this.#undo.length;
    const version = this.#version;
    const ofInstances = this.#ofInstances;
    const changed = new Map<string, Value>();
    this.#attempts += 1;
    try {
      body();
    } finally {
      for (const [name] of this.#undo.slice(mark)) {
        const value = this.#values.get(name);
        if (value) changed.set(name, value);
      }
      for (const [name, before] of this.#undo.splice(mark).toReversed()) {
        if (before) this.#values.set(name, before);
        else this.#values.delete(name);
      }
      this.#version = version;
      this.#ofInstances = ofInstances;
      this.#attempts -= 1;
    }
    return changed;
  }
}
