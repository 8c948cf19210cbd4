import type { FrameworkName } from '../design.ts';
import { methodView, restful, restx } from './classes.ts';
import type { Framework } from './framework.ts';
import { blueprint, nested, plain, rules, shortcut } from './functions.ts';
import { apiflask, connexion, smorest } from './schemas.ts';

export const frameworkOf: Readonly<Record<FrameworkName, Framework>> = {
  plain,
  shortcut,
  rules,
  blueprint,
  nested,
  'method-view': methodView,
  restful,
  restx,
  smorest,
  apiflask,
  connexion,
};
