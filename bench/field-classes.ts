import type { Category, Finding } from '../src/index.ts';

/** Which findings speak of a class of weakness, as truth files name it. */
interface Rule {
  /** `API1`; `-` for what the OWASP API list of 2023 has no place for. */
  readonly owasp: string;
  /** Checks that speak of it, whatever their CWE. */
  readonly checks?: readonly string[];
  /** Every check of these categories… */
  readonly categories?: readonly Category[];
  /** … that carries one of these CWEs. Without `categories`: of any category. */
  readonly cwes?: readonly number[];
  /** Checks that would fit by their CWE, and speak of something else. */
  readonly not?: readonly string[];
  /** A property of the whole API: at which operation it was shown does not matter. */
  readonly whole?: true;
}

const injection = (...cwes: readonly number[]): Rule => ({ owasp: '-', cwes });
const misconfiguration = (...cwes: readonly number[]): Rule => ({ owasp: 'API8', cwes, whole: true });
const forged: Rule = { owasp: 'API2', categories: ['authentication'], cwes: [345, 346, 347], not: ['weak-token-secret'], whole: true };

/** What an anonymous caller may do, any caller may: an open operation answers for the finer classes, too. */
const open = 'anonymous-access';

const rules: ReadonlyMap<string, Rule> = new Map<string, Rule>([
  ['BOLA', { owasp: 'API1', categories: ['bolaAuthorization'], cwes: [639], checks: [open] }],
  ['BFLA', { owasp: 'API5', categories: ['bflaAuthorization'], checks: [open, 'foreign-collection-read'] }],
  ['mass-assignment', { owasp: 'API3', cwes: [915] }],
  ['data-exposure', { owasp: 'API3', categories: ['dataExposure'] }],
  ['plaintext-password', { owasp: 'API3', cwes: [256, 257, 312], checks: ['sensitive-property-returned'] }],
  ['missing-auth', { owasp: 'API2', categories: ['authentication'], cwes: [306, 862] }],
  ['broken-auth', { owasp: 'API2', categories: ['authentication'], cwes: [287, 345, 346, 347, 1390], not: ['weak-token-secret'] }],
  ['default-credentials', { owasp: 'API2', cwes: [798, 1392, 1393] }],
  ['weak-password-reset', { owasp: 'API2', cwes: [620, 640] }],
  ['weak-token', { owasp: 'API2', cwes: [330, 338, 340, 341], whole: true }],
  ['user-enumeration', { owasp: 'API2', cwes: [203, 204] }],
  ['jwt-none', { ...forged, checks: ['unsigned-token-accepted'] }],
  ['jwt-no-verify', forged],
  ['jwt-weak-secret', { owasp: 'API2', cwes: [326, 1391], checks: ['weak-token-secret'], whole: true }],
  ['jwt-no-expiry', { owasp: 'API2', checks: ['token-without-expiry', 'expired-token-accepted'], whole: true }],
  ['rate-limit', { owasp: 'API4', categories: ['rateLimiting'] }],
  ['resource-consumption', { owasp: 'API4', cwes: [400, 770] }],
  ['redos', { owasp: 'API4', cwes: [1333] }],
  ['ssrf', { owasp: 'API7', cwes: [918] }],
  ['misconfig', misconfiguration(16, 693, 1021)],
  ['cors', misconfiguration(346, 942)],
  ['csrf', { owasp: 'API8', cwes: [352] }],
  ['verbose-error', misconfiguration(209, 215, 489)],
  ['info-disclosure', { owasp: 'API8', categories: ['dataExposure', 'inventoryManagement'] }],
  ['graphql-introspection', { owasp: 'API8', checks: ['graphql-introspection-open'] }],
  ['inventory', { owasp: 'API9', categories: ['inventoryManagement'] }],
  ['sqli', injection(89)],
  ['nosqli', injection(943)],
  ['cmdi', injection(77, 78)],
  ['path-traversal', injection(22, 23, 73)],
]);

function ruleOf(name: string, cwe: string): Rule {
  return rules.get(name) ?? injection(Number(cwe.replace(/^CWE-/, '')));
}

/** True when the finding speaks of this class of weakness. A class without a rule is known by its CWE. */
export function speaksOf({ check, category, cwe: found }: Pick<Finding, 'check' | 'category' | 'cwe'>, name: string, cwe: string): boolean {
  const { checks = [], categories, cwes, not = [] } = ruleOf(name, cwe);
  if (checks.includes(check)) return true;
  if (not.includes(check) || (categories ?? cwes) === undefined) return false;
  if (categories && !categories.includes(category)) return false;
  return cwes === undefined || cwes.some((number) => found.includes(`CWE-${number}`));
}

/** True when a finding of this class is about the API, and not about the operation that showed it. */
export function isOfWholeApi(name: string, cwe: string): boolean {
  return ruleOf(name, cwe).whole === true;
}

/** `API1` to `API10`, or `-`. */
export function owaspOf(name: string, cwe: string): string {
  return ruleOf(name, cwe).owasp;
}
