import { plainName } from '../model/names.ts';
import type { SecurityScheme, Surface } from '../model/operation.ts';
import type { Placement, TokenUse } from './declared-identity.ts';
import type { FoundToken } from './find-token.ts';

const inAuthorization = (before: string): Placement => ({ in: 'header', name: 'Authorization', before, after: '' });
const inHeader = (name: string): Placement => ({ in: 'header', name, before: '', after: '' });

/** Where a found token may be sent, likeliest first: as the description says, else as is customary. */
export function usesOf(token: FoundToken, surface: Surface): TokenUse[] {
  if (token.kind === 'cookies') return [{ keepCookies: true, also: [] }];
  const { extract } = token;
  if (!extract) return [];
  const schemes = schemesByUse(surface);
  const declared = schemes.toSorted((one, other) => fit(other, token) - fit(one, token)).flatMap((scheme) => placementsOf(scheme));
  // Descriptions name schemes that the target does not use, so the commonest one closes the list.
  const placements = declared.length > 0 ? [...declared, inAuthorization('Bearer ')] : customary(token);
  const keepsCookies = schemes.some((scheme) => scheme.kind === 'apiKey' && scheme.in === 'cookie');
  return distinct(placements).map((send) => ({ token: { extract, send }, keepCookies: keepsCookies && send.in === 'cookie', also: [] }));
}

/** True when the description speaks of HTTP basic, and of nothing that a token would be needed for. */
export function declaresBasic(surface: Surface): boolean {
  return Object.values(surface.securitySchemes).some((scheme) => scheme.kind === 'http' && scheme.scheme.toLowerCase() === 'basic');
}

/** True when cookies are a declared way in. */
export function declaresCookies(surface: Surface): boolean {
  return Object.values(surface.securitySchemes).some((scheme) => scheme.kind === 'apiKey' && scheme.in === 'cookie');
}

function placementsOf(scheme: SecurityScheme): Placement[] {
  switch (scheme.kind) {
    case 'oauth2':
    case 'openIdConnect':
      return [inAuthorization('Bearer ')];
    case 'http':
      return scheme.scheme.toLowerCase() === 'bearer' ? [inAuthorization('Bearer ')] : [];
    case 'mutualTLS':
      return [];
    case 'apiKey':
      // Descriptions that cannot say "bearer" (Swagger 2) say "a key in Authorization" and mean either.
      if (scheme.in === 'header' && scheme.name.toLowerCase() === 'authorization')
        return [inAuthorization('Bearer '), inAuthorization(''), inAuthorization('Token '), inAuthorization('JWT ')];
      return [{ in: scheme.in, name: scheme.name, before: '', after: '' }];
  }
}

function customary(token: FoundToken): Placement[] {
  const bearers = [inAuthorization('Bearer '), inAuthorization('Token '), inAuthorization('')];
  const headers = [inHeader('X-Auth-Token'), inHeader('X-Access-Token')];
  const own = token.extract?.from === 'header' && token.extract.name !== 'Authorization' ? [inHeader(token.extract.name)] : [];
  if (token.kind === 'api-key') return [...own, inHeader('X-API-Key'), ...bearers];
  return [...own, ...bearers, ...headers];
}

// Keys go where keys are asked for, tokens where tokens are.
function fit(scheme: SecurityScheme, token: FoundToken): number {
  const isKeyScheme = scheme.kind === 'apiKey' && /key/.test(plainName(scheme.name));
  return isKeyScheme === (token.kind === 'api-key') ? 1 : 0;
}

function schemesByUse({ securitySchemes, operations }: Surface): SecurityScheme[] {
  const used = operations.flatMap(({ security }) => (security ?? []).flatMap((alternative) => Object.keys(alternative)));
  const count = (name: string): number => used.filter((other) => other === name).length;
  return Object.entries(securitySchemes)
    .toSorted(([one], [other]) => count(other) - count(one))
    .map(([, scheme]) => scheme);
}

function distinct(placements: readonly Placement[]): Placement[] {
  return [...new Map(placements.map((placement) => [JSON.stringify(placement), placement])).values()];
}
