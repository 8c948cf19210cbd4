import { isObject, type Json, type JsonObject } from '../../model/json.ts';
import type { SecurityRequirement, SecurityScheme } from '../../model/operation.ts';
import type { Context } from './context.ts';
import { isList, objectAt, textAt } from './raw.ts';

/** `securityDefinitions` of Swagger 2 or `components.securitySchemes`; schemes of unknown kinds are left out with a note. */
export function securitySchemesOf({ root, dialect, references, notes }: Context): Readonly<Record<string, SecurityScheme>> {
  const declared =
    dialect === 'swagger' ? objectAt(root, 'securityDefinitions') : objectAt(objectAt(root, 'components'), 'securitySchemes');
  return Object.fromEntries(
    Object.entries(declared).flatMap(([name, raw]): [string, SecurityScheme][] => {
      const target = references.resolve(raw)?.raw;
      const scheme = isObject(target) ? schemeOf(target) : undefined;
      if (scheme === undefined) notes.add('Left out security schemes of an unknown kind', name);
      return scheme === undefined ? [] : [[name, scheme]];
    }),
  );
}

function schemeOf(raw: JsonObject): SecurityScheme | undefined {
  switch (raw['type']) {
    case 'basic':
      return { kind: 'http', scheme: 'basic' };
    case 'http': {
      const bearerFormat = textAt(raw, 'bearerFormat');
      const scheme = (textAt(raw, 'scheme') ?? 'bearer').toLowerCase();
      return { kind: 'http', scheme, ...(bearerFormat === undefined ? {} : { bearerFormat }) };
    }
    case 'apiKey': {
      const place = raw['in'];
      const name = textAt(raw, 'name');
      if (name === undefined) return undefined;
      return { kind: 'apiKey', in: place === 'query' || place === 'cookie' ? place : 'header', name };
    }
    case 'oauth2':
      return { kind: 'oauth2', tokenUrls: tokenUrlsOf(raw) };
    case 'openIdConnect': {
      const url = textAt(raw, 'openIdConnectUrl');
      return url === undefined ? undefined : { kind: 'openIdConnect', url };
    }
    case 'mutualTLS':
      return { kind: 'mutualTLS' };
    default:
      return undefined;
  }
}

function tokenUrlsOf(raw: JsonObject): readonly string[] {
  const flows = [raw, ...Object.values(objectAt(raw, 'flows'))];
  return [...new Set(flows.flatMap((flow) => (isObject(flow) ? (textAt(flow, 'tokenUrl') ?? []) : [])))];
}

/** `undefined` where the description is silent; what is no requirement at all counts as silence. */
export function securityOf(raw: Json | undefined): readonly SecurityRequirement[] | undefined {
  if (!isList(raw)) return undefined;
  const requirements = raw.filter(isObject).map((requirement) =>
    Object.fromEntries(
      Object.entries(requirement).map(([name, scopes]): [string, readonly string[]] => {
        return [name, isList(scopes) ? scopes.filter((scope) => typeof scope === 'string') : []];
      }),
    ),
  );
  return raw.length > 0 && requirements.length === 0 ? undefined : requirements;
}
