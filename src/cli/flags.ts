import { InvalidArgumentError, Option, type Command } from 'commander';

export const formatNames = ['pretty', 'summary', 'json', 'sarif', 'html'] as const;
const severities = ['critical', 'high', 'medium', 'low', 'info'];

/** A number above 0. */
export function positive(text: string): number {
  const value = /^\d+(?:\.\d+)?$/.test(text.trim()) ? Number(text) : Number.NaN;
  if (value > 0 && Number.isFinite(value)) return value;
  throw new InvalidArgumentError('It must be a number above 0.');
}

/** A whole number above 0. */
export function count(text: string): number {
  const value = /^\d{1,15}$/.test(text.trim()) ? Number(text) : 0;
  if (value > 0) return value;
  throw new InvalidArgumentError('It must be a whole number above 0.');
}

const units: Readonly<Record<string, number>> = { '': 1, k: 1e3, m: 1e6, g: 1e9 };

/** Bytes: `5000000`, `5MB`, `1G`. */
export function bytes(text: string): number {
  const [, digits, unit = ''] = /^(\d+(?:\.\d+)?)\s*([kmg]?)b?$/i.exec(text.trim()) ?? [];
  const value = Math.round(Number(digits) * (units[unit.toLowerCase()] ?? 1));
  if (digits !== undefined && value > 0) return value;
  throw new InvalidArgumentError('It must be a number of bytes above 0, such as 5000000 or 5MB.');
}

/** Collects an option that may be given several times. */
export function each(text: string, before: readonly string[] = []): string[] {
  return [...before, text];
}

/** Collects an option that takes a list with commas, and may be given several times. */
export function names(text: string, before: readonly string[] = []): string[] {
  const added = text
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return [...before, ...added];
}

/** How the report of a scan is written, and what makes the command fail. */
export function withScoredOutput(command: Command): Command {
  return withOutput(command).option('--threshold <score>', 'exit 1 when the score is below: 0 to 100, or a grade from A to F');
}

/** How a report is written, and which findings make the command fail. */
export function withOutput(command: Command): Command {
  return command
    .addOption(new Option('--format <name>', 'how the report is written (default: pretty)').choices([...formatNames]))
    .option('-o, --output <file>', 'write the report to a file; .json, .sarif and .html decide the format')
    .addOption(new Option('--fail-on <severity>', 'exit 1 for a finding of this severity or worse').choices(severities))
    .option('--baseline <file>', 'an earlier JSON report: what it knows does not fail the gate');
}

/** Which checks are run. */
export function withChecks(command: Command): Command {
  return command
    .option('--only <checks>', 'run only these checks, with commas between (see: middlebrick explain)', names)
    .option('--except <checks>', 'leave these checks out', names)
    .addOption(
      new Option('--context <kind>', 'what the target deals in: shifts the weights of the score').choices([
        'financial',
        'medical',
        'public',
        'internal',
      ]),
    )
    .option('--stack <words>', 'what the target is built with, where it does not show: flask,mongodb,bearer');
}

/** What tells of the API. */
export function withDescription(command: Command): Command {
  return command
    .option('--spec <file|url|->', 'OpenAPI description, HAR recording or Postman collection; looked for when left out')
    .option('--environment <file>', 'Postman environment with the variables of the collection')
    .option('--allow-external-refs', 'follow $ref to other files and addresses');
}

/** How much is sent, and how fast. */
export function withLimits(command: Command): Command {
  return command
    .option('--max-requests <count>', 'stop after so many requests (default: 10000)', count)
    .option('--max-time <seconds>', 'stop after so long (default: 600)', positive)
    .option('--max-bytes <bytes>', 'stop after so much was received, such as 50MB (default: 512 MiB)', bytes)
    .option('--rate <requests>', 'most requests in a second', positive)
    .option('--concurrency <count>', 'most requests at once (default: 16)', count);
}

/** Who to act as. */
export function withIdentities(command: Command): Command {
  return command
    .option('--identities <file>', 'who to act as: YAML with names and credentials or log-ins')
    .option(
      '--auth <name=credential>',
      'one identity: "alice=Bearer TOKEN", "alice=X-Api-Key: KEY", "alice=cookie:sid=…"; may be repeated',
      each,
    )
    .option(
      '--har <name=file>',
      'one identity by its recorded traffic: who it is, what it called and what is its own; may be repeated',
      each,
    );
}

/** How the target is spoken to. */
export function withNetwork(command: Command): Command {
  return command
    .option('--timeout <seconds>', 'for one request (default: 15)', positive)
    .option('--insecure', 'accept any TLS certificate')
    .option('--proxy <url>', 'send everything through an HTTP proxy');
}

/** What every command takes. */
export function withShared(command: Command): Command {
  return command.option('-q, --quiet', 'no progress and no notes').option('--no-color', 'no colours');
}
