import type { Host } from '../model/hosting.ts';
import type { HostedKeys, TokenKeys } from '../model/world.ts';

/** The name of our key in the documents that we serve. */
const kid = 'mb7own';

/** Serves our own public keys where the target can fetch them: in a folder for each algorithm and salt. */
export async function hostedKeys(own: TokenKeys['own'], host: Host): Promise<TokenKeys['hosted']> {
  let origin = '';
  const hosted = await host((path) => {
    const [, folder = '', algorithm = '', document = ''] = /^(\/(\w+)\/\w+)(\/.+)$/.exec(path) ?? [];
    const key = own(algorithm);
    if (!key) return undefined;
    const json = (value: object): { type: string; body: string } => ({ type: 'application/json', body: JSON.stringify(value) });
    switch (document) {
      case '/jwks.json':
      case '/.well-known/jwks.json':
        return json({ keys: [{ ...key.jwk, kid, use: 'sig', alg: algorithm }] });
      case '/.well-known/openid-configuration':
      case '/.well-known/oauth-authorization-server':
        return json({ issuer: origin + folder, jwks_uri: `${origin}${folder}/jwks.json` });
      case '/cert.pem':
        return { type: 'application/x-pem-file', body: pem(key.certificate()) };
      default:
        return undefined;
    }
  });
  if ('why' in hosted) return hosted;
  origin = hosted.origin;
  const folder: HostedKeys['folder'] = (algorithm, salt) => `${hosted.origin}/${algorithm}/${salt.replaceAll(/\W/g, '')}`;
  return {
    folder,
    asking: (at) => ({ method: 'GET', origin: hosted.origin, path: `/fetched${new URL(at).pathname}`, headers: [] }),
  };
}

function pem(base64: string): string {
  return `-----BEGIN CERTIFICATE-----\n${base64.replaceAll(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`;
}
