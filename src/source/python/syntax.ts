/** Where a node stands: 1-based line and column, and UTF-16 offsets into the text. */
export interface Place {
  readonly line: number;
  readonly column: number;
  readonly start: number;
  readonly end: number;
}

/** One clause of a comprehension: `for target in iterable if tests`. */
export interface Generator {
  readonly target: Expression;
  readonly iterable: Expression;
  readonly tests: readonly Expression[];
}

export interface Keyword {
  /** `undefined` for `**mapping`. */
  readonly name: string | undefined;
  readonly value: Expression;
}

/** An expression, shaped like CPython's `ast`. What could not be read is `Unknown`. */
export type Expression = Place &
  (
    | { readonly kind: 'Name'; readonly name: string }
    | { readonly kind: 'Constant'; readonly value: string | number | boolean | null }
    | { readonly kind: 'JoinedStr'; readonly parts: readonly (string | Expression)[] }
    | { readonly kind: 'Attribute'; readonly value: Expression; readonly name: string }
    | { readonly kind: 'Subscript'; readonly value: Expression; readonly index: Expression }
    | { readonly kind: 'Slice' }
    | { readonly kind: 'Call'; readonly callee: Expression; readonly args: readonly Expression[]; readonly keywords: readonly Keyword[] }
    | { readonly kind: 'BinOp'; readonly operator: string; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'BoolOp'; readonly operator: 'and' | 'or'; readonly left: Expression; readonly right: Expression }
    | { readonly kind: 'UnaryOp'; readonly operator: string; readonly operand: Expression }
    /** `operands` has one more than `operators`. */
    | { readonly kind: 'Compare'; readonly operators: readonly string[]; readonly operands: readonly Expression[] }
    | { readonly kind: 'IfExp'; readonly test: Expression; readonly body: Expression; readonly otherwise: Expression }
    | { readonly kind: 'Lambda'; readonly parameters: readonly Parameter[]; readonly body: Expression }
    /** A `key` of `undefined` is `**value`. */
    | { readonly kind: 'Dict'; readonly items: readonly { readonly key: Expression | undefined; readonly value: Expression }[] }
    | { readonly kind: 'List' | 'Tuple' | 'Set'; readonly items: readonly Expression[] }
    | {
        readonly kind: 'ListComp' | 'SetComp' | 'GeneratorExp';
        readonly element: Expression;
        readonly generators: readonly Generator[];
      }
    | { readonly kind: 'DictComp'; readonly key: Expression; readonly value: Expression; readonly generators: readonly Generator[] }
    | { readonly kind: 'NamedExpr'; readonly target: Expression; readonly value: Expression }
    | { readonly kind: 'Starred'; readonly value: Expression }
    | { readonly kind: 'Await' | 'Yield'; readonly value: Expression | undefined }
    | { readonly kind: 'Unknown'; readonly children: readonly Expression[] }
  );

export interface Parameter {
  readonly name: string;
  readonly form: 'plain' | 'rest' | 'keywords';
  readonly annotation: Expression | undefined;
  readonly fallback: Expression | undefined;
}

export interface FunctionDef extends Place {
  readonly kind: 'FunctionDef';
  readonly name: string;
  readonly parameters: readonly Parameter[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
}

export interface ClassDef extends Place {
  readonly kind: 'ClassDef';
  readonly name: string;
  readonly bases: readonly Expression[];
  readonly decorators: readonly Expression[];
  readonly body: readonly Statement[];
}

export interface Handler {
  readonly type: Expression | undefined;
  readonly name: string | undefined;
  readonly body: readonly Statement[];
}

export interface ImportedName {
  /** `*` for everything. */
  readonly name: string;
  readonly as: string | undefined;
}

interface Conditional<K> {
  readonly kind: K;
  readonly test: Expression;
  readonly body: readonly Statement[];
  readonly otherwise: readonly Statement[];
}

/** A statement, shaped like CPython's `ast`; `elif` is an `If` in `otherwise`. */
export type Statement =
  | FunctionDef
  | ClassDef
  | (Place &
      (
        | { readonly kind: 'Return' | 'Expr'; readonly value: Expression | undefined }
        | {
            readonly kind: 'Assign';
            readonly targets: readonly Expression[];
            readonly value: Expression | undefined;
            readonly annotation: Expression | undefined;
          }
        | { readonly kind: 'AugAssign'; readonly target: Expression; readonly operator: string; readonly value: Expression }
        | {
            readonly kind: 'For';
            readonly target: Expression;
            readonly iterable: Expression;
            readonly body: readonly Statement[];
            readonly otherwise: readonly Statement[];
          }
        | Conditional<'While'>
        | Conditional<'If'>
        | {
            readonly kind: 'With';
            readonly items: readonly { readonly value: Expression; readonly target: Expression | undefined }[];
            readonly body: readonly Statement[];
          }
        | {
            readonly kind: 'Try';
            readonly body: readonly Statement[];
            readonly handlers: readonly Handler[];
            readonly otherwise: readonly Statement[];
            readonly final: readonly Statement[];
          }
        | { readonly kind: 'Raise'; readonly exception: Expression | undefined }
        | { readonly kind: 'Assert'; readonly test: Expression }
        | { readonly kind: 'Delete'; readonly targets: readonly Expression[] }
        | { readonly kind: 'Import'; readonly names: readonly ImportedName[] }
        /** `level` counts the leading dots. */
        | { readonly kind: 'ImportFrom'; readonly module: string; readonly level: number; readonly names: readonly ImportedName[] }
        | { readonly kind: 'Match'; readonly subject: Expression; readonly cases: readonly (readonly Statement[])[] }
        | { readonly kind: 'Pass' | 'Break' | 'Continue' | 'Global' }
      ));

/** A file. */
export interface Module {
  readonly body: readonly Statement[];
  /** Comments by line, without the `#`. */
  readonly comments: ReadonlyMap<number, string>;
  /** 1-based lines at which the text is not Python; what stands around them was read. */
  readonly problems: readonly number[];
}
