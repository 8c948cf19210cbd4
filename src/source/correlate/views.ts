import type { Answer } from '../../model/http.ts';
import type { Finding, SourceCoverage } from '../../model/report.ts';
import type { Surface } from '../../model/operation.ts';
import type { Framework, Store } from '../../model/stack.ts';
import { correlate } from './correlate.ts';
import { createMatcher } from './match-operation.ts';
import { joinViews } from './operations.ts';
import type { SourceReading } from './reading.ts';
import { coverageOf, ViewWatch } from './view-watch.ts';

/** The source of the target for the length of a scan; without a reading it adds nothing. */
export interface Views {
  readonly isKnown: boolean;
  readonly see: (answer: Answer) => void;
  /** Adds to a surface what the source knows. The last surface that was joined is the one that findings are about. */
  readonly join: (surface: Surface) => Surface;
  /** What the source shows of the stack. */
  readonly signs: readonly { readonly of: Framework | Store; readonly what: string; readonly weight: 2 }[];
  readonly correlate: (proven: readonly Finding[]) => readonly Finding[];
  readonly coverage: () => SourceCoverage | undefined;
}

const storeOf: Readonly<Record<string, Store>> = {
  pymongo: 'mongodb',
  mongoengine: 'mongodb',
  dynamodb: 'dynamodb',
  pynamodb: 'dynamodb',
  sqlalchemy: 'sqlalchemy',
};

/** What a scan asks of the source. `target` is the URL that the user gave. */
export function createViews(reading: SourceReading | undefined, target: string | undefined): Views {
  if (!reading) {
    return {
      isKnown: false,
      see: () => {},
      join: (surface) => surface,
      signs: [],
      correlate: (proven) => proven,
      coverage: () => undefined,
    };
  }
  const watch = new ViewWatch();
  const base = target !== undefined && URL.canParse(target) ? new URL(target).pathname : '';
  let matcher = createMatcher(reading.views, []);
  return {
    isKnown: reading.views.length > 0,
    see: (answer) => watch.see(answer),
    join(surface) {
      const joined = joinViews(surface, reading, base);
      matcher = joined.matcher;
      return joined.surface;
    },
    signs: signsOf(reading),
    correlate(proven) {
      const results = watch.results(matcher);
      return correlate(proven, reading, matcher, (view) => results.get(view) ?? 'not-tried');
    },
    coverage: () => coverageOf(reading, watch.results(matcher)),
  };
}

function signsOf({ views, libraries }: SourceReading): Views['signs'] {
  const [library = ''] = libraries;
  const store = storeOf[library];
  return [
    ...(views.length > 0 ? [{ of: 'flask', what: 'the source', weight: 2 } as const] : []),
    ...(store === undefined ? [] : [{ of: store, what: `${library} in the source`, weight: 2 } as const]),
  ];
}
