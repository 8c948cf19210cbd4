import { plainName } from './names.ts';

const headerNames =
  /^(?:proxyauthorization|authorization|xapikey|apikey|xauth|xauthorization|xjwt|xsession|xsessionid|xsid|authtoken|accesstoken|token|jwt)$/;
const headerWords =
  /(?:api|auth|access|user|session|secret|private|subscription|client)[a-z]*(?:key|token|secret)|(?:token|apikey|jwt|secret)$/;
const headerNoise = /^(?:idempotencykey|xidempotencykey|secwebsocketkey|acceptencoding|xrequesttoken)$/;
const tenantName = /^x?(?:tenant|org|organisation|organization|workspace|company)(?:id|name|key|slug)?$/;
const queryNames =
  /^(?:apikey|xapikey|accesstoken|authtoken|token|jwt|idtoken|bearertoken|sessionid|sessiontoken|sid|phpsessid|subscriptionkey|apitoken|clientsecret|signature|password|secret)$/;

/** True for a header in which a credential goes, `Cookie` left aside. */
export function isCredentialHeader(name: string): boolean {
  const plain = plainName(name);
  return headerNames.test(plain) || (headerWords.test(plain) && !headerNoise.test(plain));
}

/** True for a header that says in which tenant a caller acts: it goes with the caller. */
export function isTenantHeader(name: string): boolean {
  return tenantName.test(plainName(name));
}

/** True for a noun that stands for a tenant. */
export function isTenantNoun(noun: string): boolean {
  return /^(?:tenant|org|organi[sz]ation|workspace|company)$/.test(noun);
}

/** True for a query parameter that holds a credential. */
export function isCredentialQuery(name: string): boolean {
  return queryNames.test(plainName(name));
}

const analytics =
  /^(?:_ga|_gid|_gat|_gcl|_fb|_hj|_pk|_uet|_clck|_clsk|amp_|ajs_|mp_|optimizely|intercom|hubspot|__hs|__utm|cookieconsent|consent|OptanonConsent)/i;
const sessionWords = /sess|sid\b|auth|token|jwt|user|login|remember|csrf|xsrf|connect\.|identity/i;

/** True for a cookie that may say who the caller is; false for analytics and for settings such as `theme=dark`. */
export function isCredentialCookie(name: string, value: string): boolean {
  if (analytics.test(name)) return false;
  return sessionWords.test(name) || (value.length >= 12 && /\d/.test(value));
}
