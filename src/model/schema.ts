import type { Json } from './json.ts';

export type TypeName = 'string' | 'number' | 'integer' | 'boolean' | 'object' | 'array' | 'null' | 'file';

/**
 * A JSON Schema of any dialect, normalised and resolved lazily: reading a property follows a `$ref` then, not before,
 * and the same `$ref` gives the same `Schema` object, so a walk over a recursive schema ends with a visited set.
 * `allOf` is merged into `properties` and `required`; `oneOf` and `anyOf` stay in `variants`.
 */
export interface Schema {
  /** The name of the component it was referenced by, e.g. `Book`. */
  readonly name?: string;
  /** Allowed types; empty when the schema does not say. */
  readonly types: readonly TypeName[];
  readonly nullable: boolean;
  readonly format?: string;
  readonly title?: string;
  readonly description?: string;
  readonly enum?: readonly Json[];
  readonly const?: Json;
  readonly default?: Json;
  /** `example` and `examples`, in that order. */
  readonly examples: readonly Json[];
  readonly pattern?: string;
  readonly minLength?: number;
  readonly maxLength?: number;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly exclusiveMinimum?: number;
  readonly exclusiveMaximum?: number;
  readonly multipleOf?: number;
  readonly minItems?: number;
  readonly maxItems?: number;
  readonly readOnly: boolean;
  readonly writeOnly: boolean;
  /** Own and `allOf` properties. */
  readonly properties: ReadonlyMap<string, Schema>;
  readonly required: ReadonlySet<string>;
  readonly items?: Schema;
  /** `false` when closed, a schema when typed, `true` or absent when open. */
  readonly additionalProperties?: boolean | Schema;
  /** Alternatives of `oneOf` and `anyOf`. */
  readonly variants: readonly Schema[];
}
