import type { Expression, Place, Statement } from '../python/syntax.ts';
import { assign, testOf } from './assign.ts';
import { Bindings } from './bindings.ts';
import { noteClass } from './classes.ts';
import { runIf, runLoop, runMatch, runTry } from './branching.ts';
import type { Frame, Machine } from './machine.ts';
import { evaluateOperation } from './expressions.ts';
import { functionValue, join, opaque, textOf, unknown, type PythonClass, type Scope, type Value } from './value.ts';

/** Runs statements until one ends the path. */
export function runStatements(machine: Machine, statements: readonly Statement[], frame: Frame): void {
  for (const statement of statements) {
    if (frame.isDead || machine.spend()) return;
    runStatement(machine, statement, frame);
  }
}

function runStatement(machine: Machine, statement: Statement, frame: Frame): void {
  const evaluate = (expression: Expression): Value => machine.evaluate(expression, frame);
  switch (statement.kind) {
    case 'Expr':
      if (statement.value) evaluate(statement.value);
      return;
    case 'Return':
      runReturn(machine, statement.value, statement, frame);
      return;
    case 'Assign':
      runAssignment(machine, statement, frame);
      return;
    case 'AugAssign': {
      assign(
        machine,
        statement.target,
        augmented(machine, statement.operator, evaluate(statement.target), evaluate(statement.value)),
        frame,
      );
      return;
    }
    case 'If':
      runIf(machine, statement, frame);
      return;
    case 'While':
    case 'For':
      runLoop(machine, statement, frame);
      return;
    case 'Try':
      runTry(machine, statement, frame);
      return;
    case 'Match':
      runMatch(machine, statement, frame);
      return;
    case 'With':
      for (const { value, target } of statement.items) {
        const opened = evaluate(value);
        if (target) assign(machine, target, opened, frame);
      }
      machine.run(statement.body, frame);
      return;
    case 'FunctionDef':
      // `@name.setter`: the name stays that of the property.
      if (statement.decorators.some((each) => each.kind === 'Attribute' && (each.name === 'setter' || each.name === 'deleter'))) return;
      frame.scope.vars.set(statement.name, machine.decorate(functionValue(statement, frame.scope), statement.decorators, frame));
      return;
    case 'ClassDef':
      frame.scope.vars.set(statement.name, defineClass(machine, statement, frame));
      return;
    case 'Raise':
      machine.refuse(statement.exception ? evaluate(statement.exception) : unknown, statement, frame);
      return;
    case 'Assert': {
      const test = testOf(evaluate(statement.test));
      machine.add(machine.learn(test, true));
      return;
    }
    case 'Import':
    case 'ImportFrom':
      runImport(machine, statement, frame);
      return;
    case 'Break':
      frame.breaks.push({ facts: machine.state.facts, vars: new Map(frame.scope.vars) });
      frame.isDead = true;
      return;
    case 'Continue':
      frame.skips += 1;
      frame.isDead = true;
      return;
    case 'Delete':
      // `del items[key]` takes out what `items.pop(key)` does.
      for (const target of statement.targets) {
        if (target.kind !== 'Subscript') continue;
        const holder = evaluate(target.value);
        const args = { args: [evaluate(target.index)], keywords: new Map<string, Value>(), rest: undefined };
        machine.call(machine.attribute(holder, 'pop', target, frame), args, target, frame);
      }
      return;
    case 'Pass':
    case 'Global':
      return;
  }
}

/** `query += ' AND owner = ?'`, `ids += more`; of other things only the origins are kept. */
function augmented(machine: Machine, operator: string, before: Value, more: Value): Value {
  const isKept = textOf(before) !== undefined || before.parts !== undefined || before.shape.is === 'sequence' || before.shape.is === 'test';
  return isKept ? evaluateOperation(machine, operator, before, more) : opaque(join([before, more]).labels);
}

function runReturn(machine: Machine, expression: Expression | undefined, place: Place, frame: Frame): void {
  const value = expression ? machine.evaluate(expression, frame) : unknown;
  if (frame.isDead) return;
  const sent = frame.isView ? machine.respond(value, expression ?? place, frame) : value;
  frame.returns.push({ value: sent, facts: machine.state.facts });
  frame.isDead = true;
}

function runAssignment(machine: Machine, { targets, value, annotation }: Extract<Statement, { kind: 'Assign' }>, frame: Frame): void {
  if (!value) {
    if (annotation) machine.evaluate(annotation, frame);
    return;
  }
  const evaluated = machine.evaluate(value, frame);
  for (const target of targets) assign(machine, target, evaluated, frame);
}

function defineClass(machine: Machine, def: Extract<Statement, { kind: 'ClassDef' }>, frame: Frame): Value {
  const bases = def.bases.map((base) => machine.evaluate(base, frame));
  const scope: Scope = { vars: new Bindings(), parent: frame.scope, file: frame.file, isClass: true };
  const inner: Frame = { ...frame, scope, returns: [], isView: false, name: def.name };
  machine.run(def.body, inner);
  const inherited = bases.flatMap((base) => (base.shape.is === 'class' ? base.shape.class.fields : []));
  const own = def.body.flatMap((statement) =>
    statement.kind === 'Assign' ? statement.targets.flatMap((target) => (target.kind === 'Name' ? [target.name] : [])) : [],
  );
  const fields = [...new Set([...inherited, ...own])].filter((name) => !name.startsWith('__'));
  const type: PythonClass = { name: def.name, def, scope: frame.scope, bases, members: scope.vars, fields };
  noteClass(type);
  return machine.decorate({ labels: new Set(), shape: { is: 'class', class: type } }, def.decorators, frame);
}

function runImport(machine: Machine, statement: Extract<Statement, { kind: 'Import' | 'ImportFrom' }>, frame: Frame): void {
  const { vars } = frame.scope;
  if (statement.kind === 'Import') {
    for (const { name, as } of statement.names) {
      const [top = name] = name.split('.');
      vars.set(as ?? top, machine.importModule(as === undefined ? top : name, 0, frame.file));
    }
    return;
  }
  const { module, level } = statement;
  const source = machine.importModule(module, level, frame.file);
  for (const { name, as } of statement.names) {
    if (name === '*') {
      for (const [each, value] of machine.exportsOf(source)) vars.set(each, value);
      continue;
    }
    vars.set(as ?? name, machine.importName(source, name, module, level, frame.file));
  }
}
