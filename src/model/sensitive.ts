import { plainName, wordsOf } from './names.ts';

/** What a property holds that answers should not: in the words of a finding. */
export type SensitiveKind = 'password' | 'password hash' | 'credential' | 'process environment' | 'internal field' | 'personal number';

const hashShape =
  /^(?:\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}|\$argon2(?:id|i|d)\$.{20,}|\$(?:5|6|1|y|7|scrypt)\$.{10,}|(?:pbkdf2|scrypt|sha256|sha512|md5|argon2|bcrypt)[$:_].{16,}|\{(?:SSHA|SHA|MD5|CRYPT)\}.{16,})$/i;
const hexHash = /^(?:[0-9a-f]{32}|[0-9a-f]{40}|[0-9a-f]{56}|[0-9a-f]{64}|[0-9a-f]{96}|[0-9a-f]{128})$/i;
const keyShape =
  /^(?:sk_(?:live|test)_\w{10,}|rk_live_\w{10,}|AKIA[0-9A-Z]{16}|gh[pousr]_\w{20,}|xox[abp]-[\w-]{10,}|AIza[\w-]{30,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*|glpat-[\w-]{15,})$/;
const searchPath = /^\/[\w./-]*(?::\/[\w./-]*)+$/;
const folder = /^(?:\/|[a-z]:\\)[\w.-]+(?:[/\\][\w.-]+)*$/i;
/** `DB_PASSWORD`, `JWT_SECRET`: settings, in capitals as environments have them. */
const secretSetting = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)*_(?:PASSWORD|PASSWD|PASS|SECRET|TOKEN|API_?KEY|SECRET_?KEY|PRIVATE_?KEY|ACCESS_?KEY)$/;
const masked = /^(?:[*•x.\-#]{3,}.{0,4}|\[?(?:redacted|hidden|masked|filtered|removed|n\/a|none|null|string)\]?|<[^>]*>|)$/i;

const passwordNames = new Set([
  'password',
  'passwd',
  'pwd',
  'pass',
  'userpassword',
  'plainpassword',
  'passphrase',
  'passcode',
  'pin',
  'pincode',
]);
const hashNames = new Set([
  'passwordhash',
  'hashedpassword',
  'passwordhashed',
  'hashpassword',
  'passwordsalt',
  'passworddigest',
  'pwhash',
  'pwdhash',
  'encryptedpassword',
  'salt',
  'hash',
]);
const credentialNames = new Set([
  'apikey',
  'apisecret',
  'secretkey',
  'clientsecret',
  'privatekey',
  'accesskey',
  'accesstoken',
  'refreshtoken',
  'resettoken',
  'passwordresettoken',
  'sessiontoken',
  'authtoken',
  'sessionid',
  'totpsecret',
  'mfasecret',
  'otpsecret',
  'otp',
  'recoverycodes',
  'backupcodes',
  'signingkey',
  'webhooksecret',
  'tokens',
  'apitoken',
  'bearertoken',
  'verificationtoken',
  'secretaccesskey',
  'encryptionkey',
]);
const personalNames = new Set([
  'ssn',
  'socialsecuritynumber',
  'socialsecurity',
  'nationalid',
  'taxid',
  'passportnumber',
  'creditcard',
  'creditcardnumber',
  'cardnumber',
  'cvv',
  'cvc',
  'cardcvc',
  'cardcvv',
  'iban',
  'bankaccount',
  'bankaccountnumber',
]);
const internalNames = new Set([
  'internalnotes',
  'internalnote',
  'internalrole',
  'internalflags',
  'internalflag',
  'internalid',
  'costcenter',
  'costprice',
  'marginpercent',
  'internalcomment',
  'internalcomments',
  'adminnotes',
  'debuginfo',
  'riskscore',
  'fraudscore',
  'creditscore',
]);

export interface Sensitive {
  readonly kind: SensitiveKind;
  /** `value`: the value alone shows it; `name`: the name says so and the value does not speak against it. */
  readonly by: 'value' | 'name';
}

/** Judges one property by its name and its value; `undefined` when there is nothing to say. */
export function sensitivity(name: string, value: string | number | boolean | null): Sensitive | undefined {
  if (value === null || typeof value === 'boolean') return undefined;
  const text = String(value);
  if (masked.test(text)) return undefined;
  const plain = plainName(name);
  if (hashShape.test(text)) return { kind: 'password hash', by: 'value' };
  if (keyShape.test(text)) return { kind: 'credential', by: 'value' };
  if (name === 'PATH' && searchPath.test(text)) return { kind: 'process environment', by: 'value' };
  if (secretSetting.test(name) && text.length >= 4 && !folder.test(text)) return { kind: 'credential', by: 'name' };
  if (hashNames.has(plain) && plain !== 'hash' && plain !== 'salt')
    return { kind: 'password hash', by: hexHash.test(text) ? 'value' : 'name' };
  if (passwordNames.has(plain)) {
    // PWD is where a process works, not what it is opened with.
    if (plain === 'pwd' && folder.test(text)) return undefined;
    if ((plain === 'pin' || plain === 'pass' || plain === 'pincode' || plain === 'passcode') && !/\d{4,}|\w{6,}/.test(text))
      return undefined;
    return hexHash.test(text) ? { kind: 'password hash', by: 'value' } : { kind: 'password', by: 'name' };
  }
  if (credentialNames.has(plain) && text.length >= 6) return { kind: 'credential', by: 'name' };
  if (personalNames.has(plain) && /\d{3,}/.test(text)) return { kind: 'personal number', by: 'name' };
  if (internalNames.has(plain) || wordsOf(name)[0] === 'internal') return { kind: 'internal field', by: 'name' };
  return undefined;
}

const privateWords = new Set([
  'secret',
  'secrets',
  'private',
  'confidential',
  'password',
  'token',
  'ssn',
  'iban',
  'balance',
  'salary',
  'medical',
  'diagnosis',
  'email',
  'mail',
  'phone',
  'mobile',
  'address',
  'street',
  'birthdate',
  'birthday',
  'dob',
  'card',
  'account',
  'invoice',
  'note',
  'notes',
  'message',
  'amount',
  'total',
  'payment',
]);

/** True for a field that one would not show to others by design: what decides when the object itself is listed to everybody. */
export function isPrivateField(name: string): boolean {
  return wordsOf(name).some((word) => privateWords.has(word));
}

const contactWords = new Set([
  'email',
  'mail',
  'phone',
  'mobile',
  'tel',
  'address',
  'street',
  'zip',
  'postcode',
  'birth',
  'birthdate',
  'birthday',
  'dob',
  'ssn',
  'secret',
  'iban',
  'card',
  'balance',
  'salary',
  'password',
  'passport',
]);

/** True for a field of an account that is not part of a public profile. */
export function isPrivateAccountField(name: string): boolean {
  return wordsOf(name).some((word) => contactWords.has(word));
}
