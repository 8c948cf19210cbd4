import type { InputPlace } from '../../model/source.ts';
import type { Expression, Place, Statement } from '../python/syntax.ts';
import type { Access, Site, Use } from './access.ts';
import type { Bindings } from './bindings.ts';
import type { Memory } from './remembered.ts';
import type { Arguments, Code, Labels, PythonClass, Scope, Value } from './value.ts';
import type { Test } from './test.ts';

/** What holds at a point of a path. The facts are never changed in place: others keep them. */
export interface State {
  facts: ReadonlySet<string>;
  /** `flask.g.user`, `#3.name`: attributes by the path of what has them. */
  readonly attributes: Bindings;
}

export interface Returned {
  readonly value: Value;
  readonly facts: ReadonlySet<string>;
}

/** What held where a loop was left in its midst, and what the variables were. */
export interface Left {
  readonly facts: ReadonlySet<string>;
  readonly vars: ReadonlyMap<string, Value>;
}

/** A function that is being evaluated. */
export interface Frame {
  readonly name: string;
  readonly file: string;
  readonly scope: Scope;
  readonly depth: number;
  /** The view of a route: what it returns is sent. */
  readonly isView: boolean;
  /** Nothing after this is reached. */
  isDead: boolean;
  readonly returns: Returned[];
  /** What a generator hands out. */
  readonly yields: Value[];
  /** How often it went on to the next round of the loop that it is in. */
  skips: number;
  /** What held where it went out of that loop. */
  breaks: Left[];
  /** Inside how many `try` blocks. */
  tries: number;
}

/** Something worth remembering for a rule. */
export type Moment = { readonly site: Site } & (
  | { readonly is: 'compare'; readonly test: Extract<Test, { readonly is: 'compare' }> }
  | { readonly is: 'cast'; readonly to: string; readonly value: Value; readonly isTried: boolean; readonly isChecked: boolean }
  | { readonly is: 'key-test'; readonly label: string }
  | { readonly is: 'key-verified' }
  /** A password was held against its hash. */
  | { readonly is: 'password-test' }
  | { readonly is: 'cookie-read'; readonly name: string }
  | { readonly is: 'cookie-deleted'; readonly name: string }
  | { readonly is: 'cookie-set'; readonly name: string; readonly value: Value }
  /** A branch that refuses: `why` names what was tested. */
  | { readonly is: 'refusal'; readonly status: number | undefined; readonly text: string; readonly why: Refusal }
  | { readonly is: 'token-decoded'; readonly call: Arguments; readonly isUnverified?: boolean }
  /** A field of a request was asked for by its name. */
  | { readonly is: 'input'; readonly in: InputPlace; readonly name: string; readonly required: boolean }
  /** An input was made into a number or the like. */
  | { readonly is: 'typed'; readonly label: string; readonly type: 'integer' | 'number' | 'boolean' }
  | { readonly is: 'type-test'; readonly type: string; readonly value: Value }
  | { readonly is: 'unbound-keyword'; readonly name: string; readonly isOptional: boolean }
  | { readonly is: 'assigned'; readonly name: Value; readonly access: number; readonly value: Value; readonly facts: ReadonlySet<string> }
  | { readonly is: 'assigned-whole'; readonly access: number | undefined; readonly resource: string; readonly value: Value }
);

export interface Refusal {
  /** Accesses that returned nothing. */
  readonly missing: readonly number[];
  /** Accesses whose object turned out to be somebody else's. */
  readonly foreign: readonly number[];
  /** Accesses that are refused because the object is the caller's. */
  readonly own: readonly number[];
  /** Whoever has not the role is refused. */
  readonly role: boolean;
}

/** What one route did. */
export interface Trace {
  readonly accesses: Access[];
  /** Accesses as they are where their object is known to be the caller's, by the number of the access itself. */
  readonly twins: Map<number, number>;
  readonly uses: Use[];
  readonly moments: Moment[];
  /** What held when the view itself was entered. */
  readonly entries: { readonly facts: ReadonlySet<string>; readonly accesses: number }[];
  /** Functions that were gone into, or whose text was looked at, by the node that stood for them first. */
  readonly entered: Set<Place>;
}

/** The parts of the interpreter, for each other. */
export interface Machine {
  readonly state: State;
  readonly trace: Trace;
  /** Calls that this route made before; `undefined` where calls register something. */
  readonly memory: Memory | undefined;
  readonly evaluate: (expression: Expression, frame: Frame) => Value;
  readonly run: (statements: readonly Statement[], frame: Frame) => void;
  readonly call: (callee: Value, args: Arguments, at: Place, frame: Frame) => Value;
  /** A function as the source has it now. */
  readonly current: (code: Code) => Code;
  readonly callFunction: (code: Code, args: Arguments, frame: Frame, self?: Value) => Value;
  readonly construct: (type: PythonClass, args: Arguments, at: Place, frame: Frame) => Value;
  readonly attribute: (value: Value, name: string, at: Place, frame: Frame) => Value;
  readonly subscript: (value: Value, index: Value, at: Place, frame: Frame) => Value;
  readonly setAttribute: (holder: Value, name: string, value: Value, at: Place, frame: Frame) => void;
  /** Sets an entry; returns the changed holder when its shape is known. */
  readonly setEntry: (holder: Value, index: Value, value: Value, at: Place, frame: Frame) => Value | undefined;
  /** One member of what can be iterated. */
  readonly elements: (value: Value) => Value;
  readonly decorate: (value: Value, decorators: readonly Expression[], frame: Frame) => Value;
  /** What is known when a test comes out as `outcome`. */
  readonly learn: (test: Test, outcome: boolean) => readonly string[];
  /** The path goes on with these facts, too. */
  readonly add: (facts: readonly string[]) => void;
  /** A view answers; returns what its callers get. */
  readonly respond: (value: Value, at: Place, frame: Frame) => Value;
  /** The path ends in a refusal: `abort(404)`, `raise NotFound`. */
  readonly refuse: (how: Value, at: Place, frame: Frame) => void;
  readonly noteTest: (test: Test, at: Place, frame: Frame) => void;
  /** Runs `body` where a refusal would have this reason. */
  readonly within: (reason: Refusal, body: () => void) => void;
  /** True for the variables of a route, as its handler gets them. */
  readonly isPathRecord: (value: Value) => boolean;
  /** `setattr(row, name, value)` and what is like it. */
  readonly noteAssignment: (holder: Value, name: Value, value: Value, at: Place, frame: Frame) => void;
  /** What a value is called, for people. */
  readonly nameOf: (value: Value) => string;
  /** True for the code of a view. */
  readonly isView: (code: Code) => boolean;
  readonly site: (place: Place, frame: Frame) => Site;
  /** Source text of a place. */
  readonly text: (place: Place, file: string) => string;
  /** A fresh number. */
  readonly next: () => number;
  /** True when the budget of this route is spent: the rest is left unread. */
  readonly spend: () => boolean;
  readonly lookup: (name: string, scope: Scope) => Value | undefined;
  /** Something of a library, by its path. */
  readonly named: (path: string) => Value;
  readonly importModule: (path: string, level: number, from: string) => Value;
  readonly importName: (source: Value, name: string, path: string, level: number, from: string) => Value;
  readonly exportsOf: (source: Value) => Iterable<readonly [string, Value]>;
  /** Facts and calls of the libraries that are known: Flask and the data stores. */
  readonly libraries: readonly Library[];
}

/** What is known of a library. Each function returns `undefined` for what it does not know. */
export interface Library {
  /** Origins of what has this path. */
  readonly labels?: (path: string) => Labels | undefined;
  readonly call?: (machine: Machine, callee: Callee, args: Arguments, at: Place, frame: Frame) => Value | undefined;
  readonly attribute?: (machine: Machine, value: Value, name: string, at: Place, frame: Frame) => Value | undefined;
  readonly subscript?: (machine: Machine, value: Value, index: Value, at: Place, frame: Frame) => Value | undefined;
  /** True when it was done. */
  readonly setEntry?: (machine: Machine, holder: Value, index: Value, value: Value, at: Place, frame: Frame) => boolean;
  /** A method of a class, before it is looked into. */
  readonly method?: (machine: Machine, code: Code, type: PythonClass, args: Arguments, at: Place, frame: Frame) => Value | undefined;
  /** A function of the project, before it is looked into. */
  readonly function?: (machine: Machine, code: Code, args: Arguments, at: Place, frame: Frame) => Value | undefined;
  readonly construct?: (machine: Machine, type: PythonClass, args: Arguments, at: Place, frame: Frame) => Value | undefined;
}

/** What is called, as far as it is known: `pymongo.MongoClient().db.users.find_one`. */
export interface Callee {
  readonly path: string;
  /** The last name of `path`. */
  readonly name: string;
  readonly value: Value;
  /** What the method is called on. */
  readonly receiver: Value | undefined;
}
