/** A page of our own: what the target gets when it fetches it. */
export interface Page {
  /** Media type. */
  readonly type: string;
  readonly body: string;
}

/** The page at a path, query left aside; `undefined` where there is none. */
export type Pages = (path: string) => Page | undefined;

/**
 * Serves pages of our own on this machine for as long as the scan runs, so that it shows whether the target fetches them.
 * Resolves with the origin, or with why it cannot be, as a phrase. A request to `/fetched/PATH` at that origin never leaves the
 * scanner: it is answered with `{"fetched": 2}`, how often something under `/PATH` was fetched.
 */
export type Host = (pages: Pages) => Promise<{ readonly origin: string } | { readonly why: string }>;
