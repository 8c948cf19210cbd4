import type { Condition } from '../flow/access.ts';
import type { Opening } from './open-access.ts';

/** What ties a child to its parent in the path. */
interface ParentLink {
  readonly field: string;
  readonly identity: string;
  readonly imports: readonly [];
  readonly basis: string;
}

/** The field by which an object belongs to the parent that the path names and that was checked. */
export function parentOf({ open, problem, target, project, at }: Opening): readonly ParentLink[] {
  if (open.kind !== 'child') return [];
  const parameters = new Set(target.functions.at(-1)?.parameters.map(({ name }) => name));
  const parents = problem.run.route.variables.filter(({ name }) => open.access.facts.has(`pin:C:${name}`) && parameters.has(name));
  return parents
    .flatMap(({ name }) => {
      const elsewhere = project.app.runs.flatMap((run) =>
        run.trace.accesses
          .filter((access) => access.resource === open.access.resource)
          .flatMap((access) =>
            fieldsWith(access.conditions, `C:${name}`).map((field) => ({
              field,
              basis: `like ${run.route.code.name} (${run.route.code.file}:${run.route.code.place.line})`,
            })),
          ),
      );
      const stored = open.resource?.fields.has(name) === true ? [{ field: name, basis: `template for ${open.access.library}` }] : [];
      return [...elsewhere, ...stored].slice(0, 1).map(({ field, basis }) => ({ field, identity: name, imports: [], basis }) as const);
    })
    .filter(() => at.node.kind === 'Call');
}

function fieldsWith(conditions: readonly Condition[], label: string): readonly string[] {
  return conditions.flatMap((each) => {
    if (each.is !== 'field') return fieldsWith(each.parts, label);
    return each.binds && each.field !== 'id' && each.field !== '_id' && each.value.labels.has(label) ? [each.field] : [];
  });
}
