import { isCredentialHeader } from '../model/credential-place.ts';
import type { InputType, ViewInput } from '../model/source.ts';
import type { Run } from './flask/run-route.ts';
import type { Route } from './flask/routes.ts';
import type { Parsed } from './flask/registration.ts';
import type { Site } from './flow/access.ts';
import type { Moment } from './flow/machine.ts';
import type { PythonClass, Value } from './flow/value.ts';
import type { Place } from './python/syntax.ts';

type Input = Extract<Moment, { readonly is: 'input' }>;

/** What the view reads, by place and name. Headers only where it does so itself: those of hooks and decorators say who calls. */
export function inputsOf(run: Run, textOf: (place: Place, file: string) => string): readonly ViewInput[] {
  const { trace, route } = run;
  const types = typesOf(run, textOf);
  const noted = trace.moments.filter(
    (moment): moment is Input =>
      moment.is === 'input' && (moment.in !== 'header' || (!isCredentialHeader(moment.name) && isInside(moment.site, route))),
  );
  const given = route.parsed.flatMap((parsed) => declared(parsed, route));
  const found = new Map<string, ViewInput>();
  for (const input of [...given, ...noted]) {
    const key = `${input.in} ${input.name}`;
    const before = found.get(key);
    const type = before?.type ?? ('type' in input ? input.type : undefined) ?? types.get(input.name);
    const required = input.required || before?.required === true;
    found.set(key, {
      in: input.in,
      name: input.name,
      required,
      ...(type === undefined ? {} : { type }),
      ...(before?.declared === true || 'declared' in input ? { declared: true } : {}),
    });
  }
  return [...found.values()];
}

function isInside({ function: name, file, callers }: Site, { code }: Route): boolean {
  return [{ function: name, file, depth: 0 }, ...callers].some(
    (each) => each.function === code.name && each.file === code.file && each.depth >= 0,
  );
}

/** Types by name: what an input is made into or must be, and the column that it is stored in. */
function typesOf({ trace }: Run, textOf: (place: Place, file: string) => string): ReadonlyMap<string, InputType> {
  const types = new Map<string, InputType>();
  const note = (name: string | undefined, type: InputType | undefined): void => {
    if (name !== undefined && type !== undefined && !types.has(name)) types.set(name, type);
  };
  for (const moment of trace.moments) {
    if (moment.is === 'typed') note(moment.label.slice(2), moment.type);
  }
  for (const { verb, entity, data } of trace.accesses) {
    if (!entity || verb === 'read' || verb === 'list' || data?.shape.is !== 'record') continue;
    for (const [column, value] of data.shape.entries) {
      const [name, ...others] = namesIn(value);
      if (others.length === 0) note(name, columnType(entity, column, textOf));
    }
  }
  for (const moment of trace.moments) {
    // Whoever asks for a boolean mostly wants to keep it out, where Python takes it for a number.
    if (moment.is === 'type-test' && moment.type !== 'bool') for (const name of namesIn(moment.value)) note(name, typeNamed(moment.type));
  }
  return types;
}

function namesIn({ labels }: Value): readonly string[] {
  return [...labels].flatMap((label) => (label.startsWith('C:') && label !== 'C:*' ? [label.slice(2)] : []));
}

/** By the name of a Python type, of a column, or of a field of a schema. */
function typeNamed(text: string): InputType | undefined {
  if (/\bbool\b|\b(?:Boolean|Bool)\w*/.test(text)) return 'boolean';
  if (/\bint\b|\b(?:Big|Small)?Int(?:eger)?(?:Field)?\b/.test(text)) return 'integer';
  if (/\bfloat\b|\b(?:Float|Numeric|Decimal|Double|Number)(?:Field)?\b/.test(text)) return 'number';
  return /\bstr\b|\b(?:String|Str|Text|Char|Unicode|Email|Url)\w*/.test(text) ? 'string' : undefined;
}

function columnType(entity: PythonClass, column: string, textOf: (place: Place, file: string) => string): InputType | undefined {
  for (const statement of entity.def.body) {
    if (statement.kind !== 'Assign') continue;
    const [target] = statement.targets;
    if (target?.kind !== 'Name' || target.name !== column) continue;
    return typeNamed(textOf(statement, entity.scope.file).slice(column.length));
  }
  const [parent] = entity.bases.flatMap(({ shape }) => (shape.is === 'class' ? [shape.class] : []));
  return parent && columnType(parent, column, textOf);
}

/** What a decorator parses for the view: the fields of a schema, or those of a dictionary. */
function declared({ fields, place }: Parsed, { methods }: Route): readonly ViewInput[] {
  const where = place ?? (methods.includes('GET') ? 'query' : 'json');
  const members = 'members' in fields ? membersOf(fields) : fields.shape.is === 'record' ? fields.shape.entries : new Map<string, Value>();
  return [...members].flatMap(([name, { shape }]): ViewInput[] => {
    if (shape.is !== 'symbol' || !shape.path.endsWith('()')) return [];
    const isOurs = shape.call?.keywords.get('dump_only');
    if (isOurs?.shape.is === 'constant' && isOurs.shape.value === true) return [];
    const asked = shape.call?.keywords.get('required');
    const type = typeNamed(shape.path);
    const required = asked?.shape.is === 'constant' && asked.shape.value === true;
    return [{ in: where, name, required, declared: true, ...(type === undefined ? {} : { type }) }];
  });
}

function membersOf({ members, bases }: PythonClass): ReadonlyMap<string, Value> {
  const inherited = bases.flatMap(({ shape }) => (shape.is === 'class' ? [...membersOf(shape.class)] : []));
  return new Map([...inherited, ...members]);
}
