import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { pythonParser } from './grammar.ts';
import { parsePython } from './parse.ts';
import type { Module, Statement } from './syntax.ts';

async function parse(text: string): Promise<Module> {
  const module = parsePython(await pythonParser(), text);
  if (!module) throw new Error('no tree');
  return module;
}

async function first(text: string): Promise<Statement | undefined> {
  return (await parse(text)).body[0];
}

describe('parsePython', () => {
  it('shapes functions as CPython does', async () => {
    const statement = await first('@app.get("/x")\nasync def read(a, *rest, b: int = 1, **more):\n    return a\n');
    expect(statement).toMatchObject({
      kind: 'FunctionDef',
      name: 'read',
      line: 2,
      decorators: [{ kind: 'Call', callee: { kind: 'Attribute', name: 'get' }, args: [{ kind: 'Constant', value: '/x' }] }],
      parameters: [
        { name: 'a', form: 'plain' },
        { name: 'rest', form: 'rest' },
        { name: 'b', form: 'plain', annotation: { kind: 'Name', name: 'int' }, fallback: { kind: 'Constant', value: 1 } },
        { name: 'more', form: 'keywords' },
      ],
      body: [{ kind: 'Return', value: { kind: 'Name', name: 'a' } }],
    });
  });

  it('nests elif in else', async () => {
    expect(await first('if a:\n    b\nelif c:\n    d\nelse:\n    e\n')).toMatchObject({
      kind: 'If',
      otherwise: [{ kind: 'If', test: { name: 'c' }, otherwise: [{ kind: 'Expr', value: { name: 'e' } }] }],
    });
  });

  it.each([
    ['a = b = c', { kind: 'Assign', targets: [{ name: 'a' }, { name: 'b' }], value: { name: 'c' } }],
    ['a: int', { kind: 'Assign', value: undefined, annotation: { name: 'int' } }],
    ['a += 1', { kind: 'AugAssign', operator: '+' }],
    ['from ..b import c as d', { kind: 'ImportFrom', level: 2, module: 'b', names: [{ name: 'c', as: 'd' }] }],
    ['import a.b', { kind: 'Import', names: [{ name: 'a.b', as: undefined }] }],
    ['raise A(1) from e', { kind: 'Raise', exception: { kind: 'Call' } }],
    ['with a() as b:\n    c', { kind: 'With', items: [{ value: { kind: 'Call' }, target: { name: 'b' } }] }],
    [
      'try:\n    a\nexcept (B, C) as e:\n    d\nfinally:\n    f',
      { kind: 'Try', handlers: [{ name: 'e', body: [{ kind: 'Expr' }] }], final: [{ kind: 'Expr' }] },
    ],
    ['for a, b in c:\n    d', { kind: 'For', target: { kind: 'Tuple', items: [{ name: 'a' }, { name: 'b' }] } }],
    ['match a:\n    case 1:\n        b\n    case _:\n        c', { kind: 'Match', cases: [[{ kind: 'Expr' }], [{ kind: 'Expr' }]] }],
  ])('reads the statement %j', async (text, expected) => {
    expect(await first(text)).toMatchObject(expected);
  });

  it.each([
    ['a is not b', { kind: 'Compare', operators: ['is not'], operands: [{ name: 'a' }, { name: 'b' }] }],
    ['1 < a <= 2', { kind: 'Compare', operators: ['<', '<='] }],
    ["f'a{b}c'", { kind: 'JoinedStr', parts: ['a', { kind: 'Name', name: 'b' }, 'c'] }],
    ["'a' 'b'", { kind: 'Constant', value: 'ab' }],
    ['{**a, "b": c}', { kind: 'Dict', items: [{ key: undefined }, { key: { value: 'b' } }] }],
    ['{k: v for k, v in a if k in b}', { kind: 'DictComp', generators: [{ tests: [{ kind: 'Compare' }] }] }],
    ['f(*a, b=1, **c)', { kind: 'Call', args: [{ kind: 'Starred' }], keywords: [{ name: 'b' }, { name: undefined }] }],
    ['any(a for a in b)', { kind: 'Call', args: [{ kind: 'GeneratorExp' }] }],
    ['a if b else c', { kind: 'IfExp', test: { name: 'b' }, body: { name: 'a' }, otherwise: { name: 'c' } }],
    ['lambda a=1: a', { kind: 'Lambda', parameters: [{ name: 'a' }] }],
    ['a[1:2]', { kind: 'Subscript', index: { kind: 'Slice' } }],
    ['(a := b)', { kind: 'NamedExpr', target: { name: 'a' } }],
    ['not a', { kind: 'UnaryOp', operator: 'not' }],
  ])('reads the expression %j', async (text, expected) => {
    expect(await first(text)).toMatchObject({ kind: 'Expr', value: expected });
  });

  it('keeps the functions around text that is not Python', async () => {
    const text = 'def a():\n    return 1\n\n<<<<<<< HEAD\nx = 1\n=======\ny = 2\n>>>>>>> other\n\ndef b():\n    return 2\n';
    const { body, problems } = await parse(text);
    expect(problems.length).toBeGreaterThan(0);
    expect(
      body.filter((statement) => statement.kind === 'FunctionDef').map((statement) => statement.kind === 'FunctionDef' && statement.name),
    ).toEqual(['a', 'b']);
  });

  it('keeps comments by line', async () => {
    expect([...(await parse('a = 1  # one\n# two\n')).comments]).toEqual(
      expect.arrayContaining([
        [1, 'one'],
        [2, 'two'],
      ]),
    );
  });

  it('survives nesting without end', async () => {
    await expect(parse(`a = ${'('.repeat(3000)}1${')'.repeat(3000)}`)).resolves.toBeDefined();
    await expect(parse(`a = ${'1 + '.repeat(5000)}1`)).resolves.toBeDefined();
  });

  it('survives any text', async () => {
    const parser = await pythonParser();
    const python = fc.array(
      fc.constantFrom(
        'def ',
        'f',
        '(',
        ')',
        ':',
        '\n',
        '    ',
        'if ',
        'x',
        ' = ',
        '@',
        '"',
        "'",
        '{',
        '}',
        '*',
        '**',
        'for ',
        ' in ',
        'lambda',
        '\\',
        '#',
        'é',
        '\u{1F40D}',
      ),
      { maxLength: 60 },
    );
    fc.assert(
      fc.property(
        fc.oneof(
          fc.string(),
          python.map((parts) => parts.join('')),
        ),
        (text) => {
          expect(parsePython(parser, text)).toBeDefined();
        },
      ),
      { numRuns: 300 },
    );
  });
});
