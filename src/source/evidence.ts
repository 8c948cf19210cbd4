import type { SourceEvidence, SourceStep } from '../model/source.ts';
import type { Run } from './flask/run-route.ts';
import type { Site } from './flow/access.ts';
import type { ParsedFile } from './project/parse-files.ts';
import type { Match } from './rules/rule.ts';

type Files = ReadonlyMap<string, ParsedFile>;

/** The way from the view to the line at fault, and the line of another view that does it right. */
export function evidenceOf(rule: string, match: Match, { route }: Run, files: Files): SourceEvidence {
  const { site, better, does, proof } = match;
  const lineOf = linesOf(files);
  const step = (label: string, { file, function: name, place }: Pick<Site, 'file' | 'function' | 'place'>): SourceStep => ({
    file,
    line: place.line,
    column: place.column,
    function: name,
    label,
    text: lineOf(file, place.line),
  });
  const { code } = route;
  const steps = [
    step('the view', { file: code.file, function: code.name, place: code.place }),
    // The first call is that of the view itself.
    ...site.callers.filter(({ depth }) => depth >= 0).map((caller) => step('calls', caller)),
    step('at fault', site),
  ];
  return {
    kind: 'source',
    standing: 'unproven',
    at: 'fault',
    rules: [rule],
    ...(does === undefined ? {} : { does }),
    says: [proof],
    trace: steps.filter(({ file, line }, index) => !steps.slice(index + 1).some((later) => later.file === file && later.line === line)),
    ...(better ? { sibling: { ...step('does it right', better.site), operation: better.operation } } : {}),
  };
}

/** The text of a line, without what stands around it, and cut where it is long. */
export function linesOf(files: Files): (file: string, line: number) => string {
  return (file, line) => {
    const text = files.get(file)?.text ?? '';
    let start = 0;
    for (let skipped = 1; skipped < line; skipped += 1) {
      const end = text.indexOf('\n', start);
      if (end === -1) return '';
      start = end + 1;
    }
    const end = text.indexOf('\n', start);
    return text
      .slice(start, end === -1 ? undefined : end)
      .trim()
      .slice(0, 160);
  };
}
