import type { Request } from '../model/http.ts';
import { plainName } from '../model/names.ts';
import type { Operation } from '../model/operation.ts';
import { applyCredential } from './apply.ts';
import { requestFor, type Plan, type Sent } from './compose.ts';
import { basicCredential } from './credentials.ts';
import { fieldsOf, isIdentifying, plainText, roleOf, type Field } from './fields.ts';
import { valueFor, type Person } from './person.ts';

/** How a log-in request is made. */
export interface LogInPlan extends Plan {
  /** By which of the fields sent at sign-up the account is named; `undefined`: each field by its own name. */
  readonly by: string | undefined;
  /** User name and password go in an `Authorization: Basic` header. */
  readonly basic: boolean;
}

/** A log-in request for an account that was signed up with `sent`. */
export function composeLogIn(
  origin: string,
  operation: Operation,
  plan: LogInPlan,
  account: { readonly sent: readonly Sent[]; readonly person: Person; readonly password: string },
): { request: Request; passwordField: string } {
  const { password, sent } = account;
  if (plan.basic) {
    const request = requestFor(origin, operation, plan.mediaType, []);
    return { request: applyCredential(request, basicCredential(nameOf(sent, plan.by), password)), passwordField: 'Authorization' };
  }
  const fields = [...logInFields(operation, plan, sent), ...plan.added.map(fieldAt)].filter(
    ({ name }) => !plan.removed.includes(plainName(name)),
  );
  const filled = fields.map((field): Sent => {
    const { path, name, role, place } = field;
    return { path, name, role, place, own: true, value: role === 'password' ? password : valueOf(field, plan, account) };
  });
  const passwordField = filled.find(({ role }) => role === 'password')?.name ?? 'password';
  return { request: requestFor(origin, operation, plan.mediaType, filled), passwordField };
}

/** The ways to name the account that are worth trying, likeliest first. */
export function waysToName(operation: Operation, sent: readonly Sent[]): (string | undefined)[] {
  const names = sent.filter(({ role }) => isIdentifying(role) || role === 'name').map(({ name }) => name);
  const asked = fieldsOf(operation).filter(({ role }) => isIdentifying(role) || role === 'name');
  if (asked.length === 0) return names.toSorted((one, other) => rank(one) - rank(other)).slice(0, 3);
  // A field called "username" may want the address: OAuth2 forms have no other.
  const others = names.filter((name) => !asked.some((field) => plainName(field.name) === plainName(name)));
  return [undefined, ...others.toSorted((one, other) => rank(other) - rank(one)).slice(0, 2)];
}

function logInFields(operation: Operation, plan: LogInPlan, sent: readonly Sent[]): Field[] {
  const described = fieldsOf(operation);
  if (described.some(({ role }) => role === 'password')) {
    const known = new Set(sent.map(({ name }) => plainName(name)));
    const roles = new Set(sent.map(({ role }) => role));
    return described.filter(({ role, required, name, place }) => {
      if (place === 'header') return required && role !== undefined;
      if (required || role === 'password' || role === 'grant') return true;
      return (
        isIdentifying(role) &&
        (known.has(plainName(name)) || roles.has(role) || !described.some((other) => other.required && isIdentifying(other.role)))
      );
    });
  }
  const name = plan.by ?? 'username';
  const passwordField = sent.find(({ role }) => role === 'password')?.name ?? 'password';
  return [fieldAt([name]), fieldAt([passwordField])];
}

function fieldAt(path: readonly string[]): Field {
  const name = path.at(-1) ?? '';
  return { path, name, schema: plainText, required: true, role: roleOf(name), place: 'body' };
}

function valueOf(field: Field, plan: LogInPlan, { sent, person }: { sent: readonly Sent[]; person: Person }): Sent['value'] {
  const { role, name } = field;
  const same = sent.find((other) => plainName(other.name) === plainName(name));
  if (plan.by !== undefined && role === 'username') return sent.find((other) => other.name === plan.by)?.value ?? nameOf(sent, undefined);
  if (same) return same.value;
  if (role === 'email' || role === 'phone') return sent.find((other) => other.role === role)?.value ?? valueFor(field, person).value;
  if (role === 'username') return nameOf(sent, undefined);
  return valueFor(field, person).value;
}

// The name by which the account is known: as asked, else its user name, its address, its plain name.
function nameOf(sent: readonly Sent[], by: string | undefined): string {
  const order = [
    sent.find(({ name }) => name === by),
    ...(['username', 'email', 'name', 'phone'] as const).map((role) => sent.find((field) => field.role === role)),
  ];
  return String(order.find((field) => field !== undefined)?.value ?? '');
}

function rank(name: string): number {
  const order = ['username', 'email', 'name', 'phone'];
  const place = order.indexOf(roleOf(name) ?? '');
  return place < 0 ? order.length : place;
}
