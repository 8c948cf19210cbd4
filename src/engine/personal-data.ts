import { wordsOf } from '../model/names.ts';

/** Tells of each replacement: what stood there, and what stands there now. */
export type OnMask = (original: string, masked: string) => void;

const token = /(?<![\w-])eyJ[\w-]{6,}\.[\w-]{4,}(?:\.[\w-]*){0,3}/g;
const passwordHash = /\$(?:2[abxy]?|argon2(?:id|i|d)|scrypt|pbkdf2[\w-]{0,20}|[156y])\$[\w.,=+/$-]{20,}/g;
const email = /(?<![\w.+%-])([\w+-])([\w.+-]{0,63})(@|%40)((?:[\w-]{1,63}\.){1,4}[a-z]{2,24})/gi;
const longNumber = /(?<![\w.-])[2-6](?:[ -]?\d){12,18}(?![\w-])/g;
const socialSecurity = /(?<![\w.-])\d{3}-\d{2}-\d{4}(?![\w-])/g;

/** Replaces JSON Web Tokens by `<jwt>`, and password hashes whose form gives them away. */
export function maskTokens(text: string, onMask?: OnMask): string {
  const tokenless = text.includes('eyJ') ? replaced(text, token, () => '<jwt>', onMask) : text;
  return tokenless.includes('$') ? replaced(tokenless, passwordHash, () => '<password hash>', onMask) : tokenless;
}

/** Shortens e-mail addresses to `m***@example.org`, but for those of example.com, which the scanner makes up, and those `known`. */
export function maskEmails(text: string, known: ReadonlySet<string>, onMask?: OnMask): string {
  if (!text.includes('@') && !text.includes('%40')) return text;
  const mask = (match: string): string => {
    const [local = '', domain = ''] = match.split(/@|%40/);
    if (domain.toLowerCase() === 'example.com' || known.has(match.replace('%40', '@'))) return match;
    return `${local.charAt(0)}***@${domain}`;
  };
  return replaced(text, email, mask, onMask);
}

/** Replaces numbers of payment cards (they pass the Luhn check) and US social security numbers. */
export function maskNumbers(text: string, onMask?: OnMask): string {
  const cards = replaced(text, longNumber, (match) => (isCard(match) ? '<card number>' : match), onMask);
  return replaced(cards, socialSecurity, () => '<social security number>', onMask);
}

const phoneWords = new Set(['phone', 'telephone', 'mobile', 'cellphone', 'tel', 'fax', 'msisdn', 'whatsapp']);

/** True for a field that holds a telephone number, by its name. */
export function isPhoneName(name: string): boolean {
  return wordsOf(name).some((word) => phoneWords.has(word));
}

/** A telephone number without its digits but the last two; anything else as it is. */
export function maskPhone(value: string): string {
  const digits = value.replaceAll(/\D/g, '');
  return digits.length >= 7 && /^[\d\s().+/-]+$/.test(value) ? `***${digits.slice(-2)}` : value;
}

function isCard(text: string): boolean {
  const digits = text.replaceAll(/\D/g, '');
  if (!/^(?:4\d{12}(?:\d{3}){0,2}|5[1-5]\d{14}|2[2-7]\d{14}|3[47]\d{13}|3[068]\d{12}|6\d{15,18})$/.test(digits)) return false;
  const sum = [...digits].reverse().reduce((total, digit, index) => {
    const value = index % 2 === 1 ? Number(digit) * 2 : Number(digit);
    return total + (value > 9 ? value - 9 : value);
  }, 0);
  return sum % 10 === 0;
}

function replaced(text: string, pattern: RegExp, mask: (match: string) => string, onMask: OnMask | undefined): string {
  return text.replaceAll(pattern, (match) => {
    const result = mask(match);
    if (result !== match) onMask?.(match, result);
    return result;
  });
}
