import type { Expression } from '../python/syntax.ts';
import { pairsIn, textOf } from './pairs.ts';
import type { Scoped, Scoper, Scoping } from './scope.ts';
import { nameOf } from './scope-documents.ts';
import { appended, quoted, replaced, written, type Call } from './source.ts';

/** The owner in a request to DynamoDB: in the key condition where it is the key of the table, else in a condition beside it. */
export const scopeItems: Scoper = (scoping) => {
  switch (nameOf(scoping.call)) {
    case 'query':
      return byPartition(scoping) ?? filtered(scoping);
    case 'scan':
      return filtered(scoping);
    default:
      return undefined;
  }
};

/** The partition of the caller instead of an index, where the app queries the table by its owner elsewhere. */
function byPartition({ at, call, owner, access, project }: Scoping): Scoped | undefined {
  const { source } = at;
  const condition = keyword(call, 'KeyConditionExpression');
  const index = call.keywords.find(({ name }) => name === 'IndexName');
  if (!condition || !index || keyword(call, 'FilterExpression') || !keyFieldsOf(access.resource, project).includes(owner.field))
    return undefined;
  const wanted = written(source, condition);
  if (!/\bKey\(/.test(wanted) || !pairsIn(condition).some(({ holder }) => holder === condition)) return undefined;
  const others = call.keywords
    .filter((each) => each !== index && each.value !== condition)
    .map(({ name, value }) => `${name ?? '**'}=${written(source, value)}`);
  const own = `KeyConditionExpression=Key(${quoted(source, owner.field)}).eq(${owner.identity})`;
  const filter = `FilterExpression=${wanted.replaceAll(/\bKey\(/g, 'Attr(')}`;
  const text = `${written(source, call.callee)}(${[own, filter, ...others].join(', ')})`;
  return { edits: [replaced(source, call, text)], imports: [{ file: source.path, module: 'boto3.dynamodb.conditions', name: 'Attr' }] };
}

/** What the app asks the table itself for, and no index. */
function keyFieldsOf(resource: string, { app }: Scoping['project']): readonly string[] {
  return app.runs.flatMap(({ trace }) =>
    trace.accesses.flatMap((access) =>
      access.resource === resource && access.library === 'dynamodb' && access.verb === 'list' && access.index === undefined
        ? access.conditions.flatMap((each) => (each.is === 'field' ? [each.field] : []))
        : [],
    ),
  );
}

/** A filter reads all and returns what is the caller's: right, if not cheap. */
function filtered({ at, call, owner }: Scoping): Scoped | undefined {
  const { source } = at;
  const filter = keyword(call, 'FilterExpression');
  const condition = `Attr(${quoted(source, owner.field)}).eq(${owner.identity})`;
  const imports = [{ file: source.path, module: 'boto3.dynamodb.conditions', name: 'Attr' }];
  if (!filter) return isText(call) ? undefined : { edits: [appended(source, call, `FilterExpression=${condition}`)], imports };
  if (textOf(filter) !== undefined) return undefined;
  return { edits: [replaced(source, filter, `(${written(source, filter)}) & ${condition}`)], imports };
}

/** Conditions as text, as the client takes them. */
function isText(call: Call): boolean {
  const condition = keyword(call, 'KeyConditionExpression');
  return condition !== undefined && (textOf(condition) !== undefined || condition.kind === 'JoinedStr');
}

/** A change of an item that has another owner fails its condition. */
export function conditionOnOwner({ at, call, owner }: Scoping): Scoped | undefined {
  const { source } = at;
  if (!/^(?:update_item|delete_item|put_item)$/.test(nameOf(call)) || keyword(call, 'ConditionExpression') || isLowLevel(call))
    return undefined;
  return {
    edits: [appended(source, call, `ConditionExpression=Attr(${quoted(source, owner.field)}).eq(${owner.identity})`)],
    imports: [
      { file: source.path, module: 'boto3.dynamodb.conditions', name: 'Attr' },
      { file: source.path, module: 'botocore.exceptions', name: 'ClientError' },
    ],
  };
}

/** A request of the client, which takes conditions as text. */
function isLowLevel(call: Call): boolean {
  return call.keywords.some(({ name }) => name === 'TableName');
}

export function keyword({ keywords }: Call, wanted: string): Expression | undefined {
  return keywords.find(({ name }) => name === wanted)?.value;
}
