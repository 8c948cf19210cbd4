import { isObject } from '../../model/json.ts';
import type { Surface } from '../../model/operation.ts';
import { UserError } from '../../model/user-error.ts';
import type { Description } from '../description.ts';
import { lineFinder } from '../lines/line-of.ts';
import { createNotes } from '../notes.ts';
import type { Context } from './context.ts';
import { operationsOf } from './operations.ts';
import { objectAt, textAt } from './raw.ts';
import { createReferences, type References } from './references.ts';
import type { Scan } from './scan.ts';
import { createSchemas } from './schema.ts';
import { securitySchemesOf } from './security.ts';
import { documentBase, type Wanted } from './servers.ts';

/** Scans of documents that were read because the description refers to them, by URI; absent when that was not allowed. */
export type OtherDocuments = ReadonlyMap<string, Scan>;

/** Normalises a parsed description. Throws `UserError` when it has no operations, or no host can be told. */
export function surfaceOf(description: Description, wanted: Wanted, others?: OtherDocuments): Surface {
  const { root, location, uri, scan } = description;
  const notes = createNotes();
  for (const sentence of description.notes) notes.add(sentence);
  const references = createReferences(uri, new Map([[uri, scan], ...(others ?? [])]));
  const context: Context = {
    root,
    dialect: description.dialect.startsWith('swagger') ? 'swagger' : 'openapi',
    location,
    references,
    schemaOf: createSchemas(references),
    notes,
  };
  const base = documentBase(context, wanted);
  const operations = operationsOf(context, base);
  if (operations.length === 0) throw noOperations(description, others !== undefined);
  for (const { refs } of [scan, ...(others?.values() ?? [])]) noteUnresolved(context, refs, references, others !== undefined);
  const title = textAt(objectAt(root, 'info'), 'title');
  return {
    origin: base.origin,
    ...(title === undefined ? {} : { title }),
    operations,
    securitySchemes: securitySchemesOf(context),
    document: { location, dialect: description.dialect, lineOf: lineFinder(description.text, description.format) },
    notes: notes.sentences(),
  };
}

function noOperations({ root, location, scan: { refs } }: Description, wereFollowed: boolean): UserError {
  const external = [...refs.values()].map((holder) => String(holder['$ref'])).find((ref) => !ref.startsWith('#'));
  if (external !== undefined && !wereFollowed) {
    return new UserError(
      'external-references',
      `${location} keeps its operations in other documents ("${external}"), which are not read unasked.`,
      {
        hint: 'If you trust them, pass --allow-external-refs.',
      },
    );
  }
  const what = isObject(root['webhooks']) ? 'only webhooks' : 'no operations under "paths"';
  return new UserError('no-operations', `${location} describes ${what}: there is nothing to scan.`, {
    hint: 'Give the description that lists the paths of the API.',
  });
}

function noteUnresolved({ notes }: Context, refs: Scan['refs'], references: References, wasAllowed: boolean): void {
  for (const holder of refs.values()) {
    if (references.follow(holder) !== undefined) continue;
    const ref = String(holder['$ref']);
    if (ref.startsWith('#') || wasAllowed) notes.add('References to what does not exist or could not be read are taken as "anything"', ref);
    else notes.add('References to other documents were not followed (pass --allow-external-refs to read them)', ref);
  }
}
