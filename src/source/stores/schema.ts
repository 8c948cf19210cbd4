import { z } from 'zod';

const verb = z.enum(['read', 'list', 'create', 'put', 'update', 'delete']);
const names = z.array(z.string()).min(1);
/** Where in a call something is: by position, by name, or either; or in what the method is called on: `bucket.Object(key).get()`. */
const argument = z.strictObject({ argument: z.int().optional(), keyword: z.string().optional(), receiver: z.boolean().optional() });
/**
 * How a condition is written: `document` as MongoDB does, `record` a mapping of fields, `tests` expressions with `==`, `keywords`
 * named arguments, `key` the primary key by position, `pipeline` an aggregation, `sql` a statement, `expression` tests or a text
 * whose names and values stand beside it, `rows` a list of rows each with its key, `search` the query of a search index.
 */
const where = z.enum(['document', 'record', 'tests', 'keywords', 'key', 'pipeline', 'sql', 'expression', 'rows', 'search']);
const answers = z.enum(['one', 'many', 'outcome']);

const operation = z.strictObject({
  names,
  verb,
  where: z.array(argument.extend({ as: where })).default([]),
  projection: argument.extend({ as: z.enum(['document', 'expression', 'pipeline']) }).optional(),
  data: z.array(argument).default([]),
  index: argument.optional(),
  /** It goes through everything. */
  scans: z.boolean().default(false),
  /** Several operations that are handed over at once: `bulk_write([UpdateOne(..)])`. */
  folds: argument.optional(),
  /** The parameters of a statement, and whether there is one set of them for each time that it is run. */
  parameters: argument.extend({ each: z.boolean().default(false) }).optional(),
  /** What everything is that it reaches, where there are no tables. */
  kind: z.string().optional(),
  /** The table, when a call names it. */
  resource: argument.optional(),
  answers,
  /** Status with which it refuses when there is nothing. */
  refuses: z.int().optional(),
  /** Keywords one of which must be there: for names that other libraries use, too. */
  needs: z.array(z.string()).optional(),
  /** Paths of the functions, when it is not a method. */
  paths: names.optional(),
  /** Where the mode says that a file is written, it is another operation. */
  mode: argument.optional(),
  /** A folder that is everybody's when its name says so: `static`. */
  folder: argument.optional(),
  /** The key whose words say what is stored: `draft:7`. */
  named: argument.optional(),
  /** Patterns of receivers, when they are not those of the library. */
  receivers: z.array(z.string()).optional(),
});

const step = z.strictObject({
  names,
  where: z.enum(['tests', 'keywords', 'key']).optional(),
  verb: verb.optional(),
  data: z.enum(['keywords', 'first']).optional(),
  joins: z.boolean().default(false),
});

const end = z.strictObject({
  names,
  where: z.enum(['tests', 'keywords', 'key']).optional(),
  verb: verb.optional(),
  data: z.enum(['keywords', 'first']).optional(),
  /** Keywords that hold the primary key, and those that hold tests. */
  keys: names.default([]),
  tests: names.default([]),
  scans: z.boolean().default(false),
  answers,
  refuses: z.int().optional(),
});

/** The calls of a chain, by what each says: the table, the key, a field with a value, several of them, what is done. */
const links = z.strictObject({
  resource: names,
  keys: z.array(z.string()).default([]),
  compares: z.array(z.string()).default([]),
  records: z.array(z.string()).default([]),
  verbs: z.record(z.string(), verb).default({}),
});

const run = z.strictObject({ names, receivers: names, answers, refuses: z.int().optional() });

export const storeSchema = z.strictObject({
  library: z.string(),
  /** Paths of what has the operations; the last name, or the first argument of a call at its end, is the table. `**` is anything. */
  receivers: z.array(z.string()).default([]),
  operations: z.array(operation).default([]),
  /** What is put together call by call, and the call that does it. */
  links: links.optional(),
  chains: z.array(z.strictObject({ names, receivers: names, verb: verb.optional(), answers, data: argument.optional() })).default([]),
  /** Names of an answer that hold the objects: `Item`. */
  wraps: z.record(z.string(), z.enum(['one', 'many', 'outcome'])).default({}),
  /** Base classes of models. */
  entities: z.array(z.string()).default([]),
  /** Functions that begin a query, with the model as first argument; `asks`: whether there is anything at all. */
  starts: z.array(z.strictObject({ paths: names, verb, asks: z.boolean().default(false) })).default([]),
  /** Functions of a database that a query may begin with: `func.count`. */
  functions: z.array(z.string()).default([]),
  /** Attributes of a model that are a query, or a callable that begins one. */
  queryAttributes: z.array(z.string()).default([]),
  /** Base classes of the indexes that a model declares. */
  indexes: z.array(z.string()).default([]),
  /** `Model[key]` looks it up. */
  subscripts: z.boolean().default(false),
  /** Functions that look for one row of the model or query which they are given. */
  finders: z.array(z.strictObject({ names, refuses: z.int().optional() })).default([]),
  /** Functions whose keywords are a test: `Q(owner=me)`. */
  predicates: z.array(z.string()).default([]),
  steps: z.array(step).default([]),
  ends: z.array(end).default([]),
  /** Functions that run a query which they are given. */
  runs: z.array(run).default([]),
  /** Functions that change an object which they are given. */
  objects: z.array(z.strictObject({ names, receivers: z.array(z.string()).default([]), verb: z.enum(['update', 'delete']) })).default([]),
  /** Methods of a model's instances that write them. */
  instanceMethods: z.record(z.string(), z.enum(['update', 'delete'])).default({}),
  /** Functions that name a field: `Key('owner')`. */
  fields: z.array(z.string()).default([]),
  /** Methods of a field that compare. */
  comparisons: z.record(z.string(), z.enum(['equal', 'member', 'other'])).default({}),
  /** Functions that join tests. */
  conjunctions: z.array(z.string()).default([]),
  disjunctions: z.array(z.string()).default([]),
});

export type Store = z.output<typeof storeSchema>;
export type Links = z.output<typeof links>;
export type Operation = z.output<typeof operation>;
export type ArgumentPlace = z.output<typeof argument>;
export type Where = z.output<typeof where>;
