import { z } from 'zod';
import { categories } from '../model/check.ts';
import type { Json } from '../model/json.ts';
import { sourceKinds } from '../model/operation.ts';
import type { Report } from '../model/report.ts';
import { auths, frameworks, stores } from '../model/stack.ts';
import { UserError } from '../model/user-error.ts';

const severity = z.enum(['critical', 'high', 'medium', 'low', 'info']);
const confidence = z.enum(['certain', 'firm', 'tentative']);
const category = z.enum(categories);
const count = z.int().nonnegative();
const score = z.int().min(0).max(100).nullable();
const headers = z.record(z.string(), z.string());

const transcript = z.object({
  label: z.string(),
  as: z.string().describe('`alice`, `bob` or `anonymous`.'),
  request: z.object({ method: z.string(), url: z.string(), headers, body: z.string().exactOptional() }),
  response: z.object({ status: z.int(), headers, body: z.string() }).exactOptional(),
  silence: z.string().exactOptional().describe('Why there is no response.'),
  highlights: z.array(z.string()).describe('Words in it that prove the point.'),
});

const stack = z.object({
  framework: z.enum(frameworks).exactOptional(),
  store: z.enum(stores).exactOptional(),
  auth: z.enum(auths).exactOptional(),
});

const fix = z.object({
  title: z.string(),
  stack: stack.describe('Of the application that it was cut from.'),
  why: z.string(),
  diff: z.string().describe('Unified diff of that application.'),
  source: z.string().describe('File and lines in the repository of this tool.'),
});

const place = z.object({ file: z.string(), line: z.int().positive(), column: z.int().positive(), function: z.string() });
const step = place.extend({ label: z.string(), text: z.string() });

const sourceEvidence = z.object({
  kind: z.literal('source'),
  standing: z
    .enum(['shown', 'unproven'])
    .describe('shown: probes showed it on the running target. unproven: the analysis says so, and no probe of this run showed it.'),
  at: z.enum(['fault', 'view']).describe('What the location names: the line at fault, or only the view.'),
  does: z.enum(['read', 'use', 'change', 'delete']).exactOptional(),
  rules: z.array(z.string()),
  says: z.array(z.string()),
  trace: z.array(step).describe('From the view to the line at fault.'),
  views: z
    .array(
      place.extend({
        method: z.string(),
        path: z.string(),
        severity,
        confidence,
        fingerprint: z.string().describe('Of the finding at this view alone.'),
      }),
    )
    .exactOptional()
    .describe('All views that come by the line at fault; those beside its own, for a finding of a proof.'),
  sibling: step.extend({ operation: z.string() }).exactOptional().describe('The line of another view that does it right.'),
});

const sourceCoverage = z.object({
  folder: z.string(),
  files: count,
  views: count,
  unreached: z.array(place.extend({ operation: z.string(), got: z.enum(['refused', 'failed', 'not-tried']) })),
  ignored: z.array(place.extend({ rule: z.string(), reason: z.string() })).describe('Set aside by comments in the source.'),
});

const position = z.object({ line: z.int().positive(), column: z.int().positive() });

const patch = z.object({
  title: z.string(),
  kind: z
    .enum(['patch', 'proposal'])
    .describe('`patch`: verified by analysing the patched source. `proposal`: something in it is for a person to decide.'),
  basis: z.string().describe('What it was made from.'),
  diff: z.string().describe('Unified diff with paths relative to the folder that was analysed.'),
  replacements: z.array(z.object({ file: z.string(), start: position, end: position, text: z.string() })),
});

const finding = z.object({
  fingerprint: z.string().describe('Stable between runs: a hash of check, operation and part.'),
  check: z.string(),
  category,
  title: z.string(),
  severity,
  confidence,
  owasp: z.string().describe('`API1:2023`.'),
  cwe: z.array(z.string()).describe('`CWE-639`.'),
  operation: z.object({ method: z.string(), path: z.string() }),
  pointer: z.string().exactOptional().describe('JSON Pointer of the operation in the description.'),
  line: z.int().positive().exactOptional().describe('1-based line of the operation in the description.'),
  location: place.exactOptional().describe('The line of source at fault.'),
  source: sourceEvidence.exactOptional().describe('What the source shows of it, when it was read.'),
  identities: z.object({ owner: z.string().exactOptional(), stranger: z.string().exactOptional() }),
  proof: z.string().describe('One sentence: what was proven.'),
  evidence: z.array(transcript),
  decisive: count.exactOptional().describe('Which of the evidence the curl sends again; the first when absent.'),
  curl: z.string().describe('Shell command that sends the decisive request again; secrets are `$NAME` variables.'),
  remedy: z.string(),
  fix: fix.exactOptional().describe('The repair of such a flaw in an application of the same framework and store.'),
  patch: patch.exactOptional().describe('The repair of the very lines at fault.'),
});

const categoryScore = z.object({ score, judged: count, findings: count });

const identity = z.object({
  name: z.string(),
  role: z.string().exactOptional(),
  tenant: z.string().exactOptional(),
  source: z.enum(['file', 'flag', 'signed-up']),
  usable: z.boolean(),
  why: z.string(),
});

const reach = z.object({
  operation: z.string(),
  source: z.enum(sourceKinds),
  access: z.record(z.string(), z.enum(['served', 'refused', 'failed', 'not-tried'])),
});

const shape = z
  .object({
    schemaVersion: z.literal('1.0'),
    kind: z.enum(['scan', 'source']).default('scan').describe('source: only source was read; nothing was sent, and there is no score.'),
    tool: z.object({ name: z.literal('middlebrick'), version: z.string() }),
    target: z.object({
      url: z.string(),
      title: z.string().exactOptional(),
      description: z.string().exactOptional(),
      dialect: z.string().exactOptional(),
      stack: stack
        .extend({ seenIn: z.array(z.string()) })
        .exactOptional()
        .describe('What the target is built with, as far as it shows or was told.'),
    }),
    seed: z.string(),
    allow: z.enum(['read', 'write', 'intrusive']),
    context: z.enum(['financial', 'medical', 'public', 'internal']).exactOptional(),
    startedAt: z.iso.datetime(),
    outcome: z.enum(['done', 'inconclusive']),
    reasons: z.array(z.string()).describe('Why it is inconclusive. Empty when done.'),
    score: score.describe('0–100; null when inconclusive or nothing was judged.'),
    grade: z.enum(['A', 'B', 'C', 'D', 'F']).nullable(),
    categories: z.partialRecord(category, categoryScore),
    identities: z.array(identity),
    coverage: z.object({
      operations: count,
      reached: count,
      verdicts: z.object({ pass: count, fail: count, inconclusive: count, skipped: count, broken: count }),
      reach: z.array(reach),
      source: sourceCoverage.exactOptional().describe('What the source of the target added.'),
    }),
    stats: z.object({ requests: count, seconds: z.number().nonnegative(), bytes: count }),
    findings: z.array(finding),
    skipped: z.array(z.object({ what: z.string(), why: z.string(), count })),
    notes: z.array(z.string()),
  })
  .describe('The result of a scan, or of an analysis of source.');

/** Reads a report; unknown properties are dropped. The type keeps it in step with the interface. */
export const reportSchema: z.ZodType<Report> = shape;

/**
 * Parses a report that was written as JSON.
 * Throws `UserError` `report-invalid` when the text is not JSON, or not a report.
 */
export function parseReport(text: string, from = 'the report'): Report {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (cause) {
    throw new UserError('report-invalid', `${from} is not JSON.`, { hint: 'Give a file written with --format json.', cause });
  }
  const result = reportSchema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  const place = issue && issue.path.length > 0 ? ` at /${issue.path.map(String).join('/')}` : '';
  throw new UserError('report-invalid', `${from} is not a report of this tool${place}: ${issue?.message ?? 'it has another shape'}.`, {
    hint: 'Give a file written with --format json by this major version.',
  });
}

/** The JSON Schema (2020-12) of a report: the content of report.schema.json. */
export function reportJsonSchema(): Json {
  const schema = z.toJSONSchema(shape, { target: 'draft-2020-12', reused: 'inline' });
  return JSON.parse(JSON.stringify({ ...schema, title: 'middlebrick report' })) as Json;
}
