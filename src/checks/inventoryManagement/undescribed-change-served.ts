import type { NextStep, OperationSubject, Probe, Probes, Step, Verdict } from '../../model/check.ts';
import type { Answer } from '../../model/http.ts';
import { isPrivilegedRole } from '../../model/privilege.ts';
import { isTrial, type Trial } from '../trial.ts';
import { changeTrial } from '../trial-change.ts';
import { change, done, exampleApi, forbidden, remove, type ExampleRoute } from '../example-api.ts';
import { defineCheck } from '../support.ts';
import { accessAt, describes, optionsCall, undescribedIn, undescribedOperation } from '../undescribed-methods.ts';

const options = (allow: string): ExampleRoute => ({ undescribed: true, reply: () => ({ status: 200, headers: { allow } }) });
const methods = ['DELETE', 'PUT', 'PATCH'] as const;

export default defineCheck({
  id: 'undescribed-change-served',
  category: 'inventoryManagement',
  severity: 'medium',
  docs: {
    title: 'An object can be changed or deleted by a method that the description does not have',
    risk: 'What is not described is not reviewed, not tested and not guarded with the rest: leftovers of older versions and of debugging change data that nobody watches.',
    remedy: 'Take the route out, or describe it and guard it as the other methods of the path are guarded.',
    cwe: [1059, 749],
    owasp: 'API9:2023',
  },
  needs: ['identity', 'write'],
  subject: 'operation',
  phase: 'destroy',
  applies: (subject: OperationSubject) => trialsAt(subject).length > 0 && optionsCall(subject) !== undefined,
  plan: (subject): Probes => {
    const asked = optionsCall(subject);
    if (!asked) throw new Error('undescribed-change-served was planned without a path');
    return Object.fromEntries(
      trialsAt(subject).map(({ name, method, trial }): [string, Probe] => [name, after(subject, asked, method, trial)]),
    );
  },
  judge: (subject, results): readonly Verdict[] => {
    const verdicts = methods.map((method): Verdict => {
      const here = trialsAt(subject).filter((each) => each.method === method);
      for (const { name, trial } of here) {
        const [listed, ...answers] = results[name] ?? [];
        if (undescribedIn(subject, listed, [method]).length === 0) return { outcome: 'pass' };
        const outcome = trial.outcome(answers);
        if (outcome.got !== 'served' || !listed) continue;
        const isForeign = trial.as !== trial.on;
        return {
          outcome: 'fail',
          confidence: 'certain',
          severity: isForeign ? 'high' : 'medium',
          part: method,
          proof: `The path lists ${method} among its methods, which the description does not have, and by it ${trial.as ?? ''} ${outcome.seen}.`,
          exhibits: [...outcome.exhibits, { label: 'the methods that the path lists', answer: listed }],
          replay: outcome.replay,
        };
      }
      return { outcome: 'pass' };
    });
    const failed = verdicts.filter(({ outcome }) => outcome === 'fail');
    return failed.length > 0 ? failed : [{ outcome: 'pass' }];
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'Notes can be deleted by whose notes they are, and nobody described it',
        routes: {
          'OPTIONS /notes/{id}': options('GET, HEAD, OPTIONS, PUT, DELETE'),
          'DELETE /notes/{id}': { undescribed: true, reply: (context) => remove(context, context.note?.owner === context.me?.username) },
        },
      }),
      exampleApi({
        title: 'A method that nobody described changes the notes of anybody',
        routes: {
          'OPTIONS /notes/{id}': options('GET, PUT, PATCH, DELETE'),
          'PATCH /notes/{id}': { undescribed: true, reply: (context) => change(context, true) },
        },
      }),
    ],
    safe: [
      exampleApi({
        title: 'Only what is described is listed',
        routes: { 'OPTIONS /notes/{id}': options('GET, HEAD, OPTIONS, PUT, DELETE') },
      }),
      exampleApi({
        title: 'The list is a stock phrase, and the methods are refused',
        routes: {
          'OPTIONS /notes/{id}': options('GET, HEAD, POST, PUT, PATCH, DELETE'),
          'PATCH /notes/{id}': { undescribed: true, reply: () => ({ status: 405, body: { error: 'method not allowed' } }) },
          'DELETE /notes/{id}': { undescribed: true, reply: () => forbidden },
        },
      }),
      exampleApi({
        title: 'The methods are answered with 204, and nothing happens',
        routes: {
          'OPTIONS /notes/{id}': options('GET, PUT, PATCH, DELETE'),
          'PATCH /notes/{id}': { undescribed: true, reply: () => done },
          'DELETE /notes/{id}': { undescribed: true, reply: () => done },
        },
      }),
    ],
  },
});

interface Named {
  readonly name: string;
  readonly method: string;
  readonly trial: Trial;
}

/** First somebody else, whose success weighs more, then the owner; on objects made for it. */
function trialsAt(subject: OperationSubject): readonly Named[] {
  const { world } = subject;
  const access = accessAt(subject);
  const owner = access?.object.owner;
  if (!access || !owner || access.object.learned !== 'made') return [];
  const stranger = world.identities.find(({ name, role }) => name !== owner && !isPrivilegedRole(role))?.name;
  return methods
    .filter((method) => !describes(subject, method))
    .flatMap((method) =>
      [stranger, owner].flatMap((as): Named[] => {
        if (as === undefined) return [];
        const operation = undescribedOperation(subject, method);
        const trial = changeTrial({ ...subject, operation, accesses: [access] }, as, owner, 'undescribed');
        return isTrial(trial) ? [{ name: `${method} ${as}`, method, trial }] : [];
      }),
    );
}

/** A trial that begins when the path lists its method. */
function after(subject: OperationSubject, asked: Step, method: string, trial: Trial): Probe {
  const isListed = ([listed]: readonly Answer[]): boolean => undescribedIn(subject, listed, [method]).length > 0;
  const steps = trial.probe.map((step): NextStep => {
    return (previous) => {
      if (!isListed(previous)) return null;
      return typeof step === 'function' ? step(previous.slice(1)) : step;
    };
  });
  return [asked, ...steps];
}
