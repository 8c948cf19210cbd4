import type { Category } from './check.ts';
import type { Answer } from './http.ts';

/** Progress, told sideways: the terminal, a server or a log listens; the scan does not know who does. */
export type ScanEvent =
  | { readonly type: 'stage'; readonly stage: 'discover' | 'enroll' | 'observe' | 'plan' | 'send' | 'judge' | 'clean-up' }
  | { readonly type: 'discovered'; readonly operations: number; readonly from: string }
  | { readonly type: 'identity'; readonly name: string; readonly usable: boolean; readonly why: string }
  | { readonly type: 'made'; readonly object: string; readonly owner: string }
  | { readonly type: 'planned'; readonly probes: number; readonly checks: number }
  | { readonly type: 'answer'; readonly answer: Answer }
  | { readonly type: 'probe'; readonly done: number; readonly of: number }
  | { readonly type: 'verdict'; readonly check: string; readonly category: Category; readonly operation: string; readonly outcome: string }
  | { readonly type: 'note'; readonly message: string };

export type Listener = (event: ScanEvent) => void;
