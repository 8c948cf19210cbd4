import type { Access } from '../flow/access.ts';
import type { Project } from './candidate.ts';
import type { Edit } from './edit.ts';
import type { Owner } from './identity.ts';
import type { Import } from './imports.ts';
import type { Written } from './pairs.ts';
import { scopeDocuments } from './scope-documents.ts';
import { scopeItems } from './scope-items.ts';
import { scopeModels } from './scope-models.ts';
import { scopeSqlAlchemy } from './scope-sqlalchemy.ts';
import { scopeText } from './scope-text.ts';
import type { Call } from './source.ts';

/** A query that is to reach only what has this owner. */
export interface Scoping {
  readonly at: Written;
  readonly call: Call;
  readonly access: Access;
  /** `condition`: what rows must meet, where that is more than to have an owner. */
  readonly owner: Pick<Owner, 'field' | 'identity'> & { readonly condition?: string };
  readonly project: Project;
}

export interface Scoped {
  readonly edits: readonly (Edit | undefined)[];
  readonly imports?: readonly Import[];
}

/** Puts an owner into a query; `undefined` where its form is not known. */
export type Scoper = (scoping: Scoping) => Scoped | undefined;

const scopers: Readonly<Record<string, Scoper>> = {
  pymongo: scopeDocuments,
  dynamodb: scopeItems,
  peewee: scopeModels,
  mongoengine: scopeModels,
};

/** The scoper of the library that an access is made with. */
export const scope: Scoper = (scoping) => {
  const { library } = scoping.access;
  if (isSql(library)) return scopeText(scoping) ?? scopeSqlAlchemy(scoping);
  return scopers[library]?.(scoping);
};

/** SQLAlchemy, and SQL that is written out. */
export function isSql(library: string): boolean {
  return /sql/i.test(library);
}
