import { sign, type KeyObject } from 'node:crypto';

type Part = Buffer;

/** One DER value: tag, length, content. */
function der(tag: number, ...parts: readonly Part[]): Part {
  const content = Buffer.concat(parts);
  const size = content.length;
  const length = size < 0x80 ? [size] : size < 0x100 ? [0x81, size] : [0x82, size >> 8, size & 0xff];
  return Buffer.concat([Buffer.from([tag, ...length]), content]);
}

const sequence = (...parts: readonly Part[]): Part => der(0x30, ...parts);
const hex = (text: string): Part => Buffer.from(text, 'hex');

// The object identifiers, with their tag and length.
const commonName = hex('0603550403');
const algorithms: Readonly<Record<string, { readonly id: Part; readonly hash: string | null }>> = {
  rsa: { id: sequence(hex('06092a864886f70d01010b'), hex('0500')), hash: 'sha256' },
  ec: { id: sequence(hex('06082a8648ce3d040302')), hash: 'sha256' },
  ed25519: { id: sequence(hex('06032b6570')), hash: null },
};

/** The name of whoever issued it, and of whom it is for. */
const nobody = sequence(der(0x31, sequence(commonName, der(0x0c, Buffer.from('not to be trusted')))));
const validity = sequence(der(0x17, Buffer.from('200101000000Z')), der(0x17, Buffer.from('490101000000Z')));

/** An X.509 certificate of a public key, signed by its own private key: what anybody can make, and nobody should trust. DER. */
export function selfSigned(publicKey: KeyObject, privateKey: KeyObject): Buffer {
  const algorithm = algorithms[publicKey.asymmetricKeyType ?? ''];
  if (!algorithm) throw new Error(`there are no certificates for keys of the type ${publicKey.asymmetricKeyType}`);
  const version = der(0xa0, der(0x02, Buffer.from([2])));
  const serial = der(0x02, Buffer.from([7]));
  const key = publicKey.export({ type: 'spki', format: 'der' });
  const body = sequence(version, serial, algorithm.id, nobody, validity, nobody, key);
  const signature = der(0x03, Buffer.from([0]), sign(algorithm.hash, body, privateKey));
  return sequence(body, algorithm.id, signature);
}
