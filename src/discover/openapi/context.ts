import type { JsonObject } from '../../model/json.ts';
import type { Notes } from '../notes.ts';
import type { References } from './references.ts';
import type { SchemaOf } from './schema.ts';

/** What every part of the normaliser needs to know. */
export interface Context {
  readonly root: JsonObject;
  readonly dialect: 'swagger' | 'openapi';
  /** URL or file, as shown to people. */
  readonly location: string;
  readonly references: References;
  readonly schemaOf: SchemaOf;
  readonly notes: Notes;
}
