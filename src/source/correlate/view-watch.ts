import { meaningOf } from '../../model/answer.ts';
import type { Answer } from '../../model/http.ts';
import type { SourceCoverage } from '../../model/report.ts';
import type { Matcher } from './match-operation.ts';
import type { SourceReading } from './reading.ts';

/** What requests got from a view, at best. */
export type Got = 'served' | 'refused' | 'failed' | 'not-tried';

const order: readonly Got[] = ['not-tried', 'failed', 'refused', 'served'];

/** Watches what is sent for the length of a scan, to tell which views it reached. */
export class ViewWatch {
  readonly #got = new Map<string, Got>();

  see(answer: Answer): void {
    const { method, path } = answer.request;
    const key = `${method} ${path.split('?')[0] ?? ''}`;
    const got = gotBy(answer);
    if (order.indexOf(got) > order.indexOf(this.#got.get(key) ?? 'not-tried')) this.#got.set(key, got);
  }

  /** What was got from each view, by its position. */
  results(matcher: Matcher): ReadonlyMap<number, Got> {
    const results = new Map<number, Got>();
    for (const [key, got] of this.#got) {
      const [method = '', path = ''] = key.split(' ');
      const index = matcher.ofRequest(method, path)?.index;
      if (index !== undefined && order.indexOf(got) > order.indexOf(results.get(index) ?? 'not-tried')) results.set(index, got);
    }
    return results;
  }
}

function gotBy(answer: Answer): Got {
  // A form that was taken leads on; one that was not leads back to the log-in.
  const isSentOn = answer.kind === 'exchange' && answer.response.status >= 300 && answer.response.status < 400;
  const meaning = meaningOf(answer);
  switch (isSentOn && meaning === 'absent' ? 'served' : meaning) {
    case 'served':
      return 'served';
    case 'refused':
    case 'absent':
    case 'rejected':
      return 'refused';
    case 'busy':
    case 'failed':
      return 'failed';
  }
}

/** What the source added to a scan: how much was read, and what no request reached. */
export function coverageOf({ folder, files, views, ignored }: SourceReading, results: ReadonlyMap<number, Got>): SourceCoverage {
  return {
    folder,
    files,
    views: views.length,
    unreached: views.flatMap(({ view, methods, rule }, index) => {
      const got = results.get(index) ?? 'not-tried';
      return got === 'served' ? [] : [{ ...view, operation: `${methods.join('/')} ${rule}`, got }];
    }),
    ignored,
  };
}
