import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { exchangeOf, foreignReadExhibits, input, marker, objectJudged, checkOf, silenceOf } from '../../test/support/report-fixture.ts';
import { formats } from '../report/index.ts';
import { buildReport } from './build-report.ts';
import { redactor } from './redact.ts';
import type { Exhibit } from '../model/check.ts';

const secret = 'S3cr&t/+ "ü"';

/** The ways in which a secret may be written. */
function writings(text: string): string[] {
  const base64 = Buffer.from(text).toString('base64');
  const url = encodeURIComponent(text);
  return [
    text,
    url,
    url.replaceAll(/%[0-9A-F]{2}/g, (code) => code.toLowerCase()),
    new URLSearchParams({ v: text }).toString().slice(2),
    base64,
    base64.replaceAll('=', ''),
    Buffer.from(text).toString('base64url'),
    JSON.stringify(text).slice(1, -1),
    htmlEscaped(text),
  ];
}

function htmlEscaped(text: string): string {
  return text.replaceAll(/[&<>"']/g, (char) => ({ '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' })[char] ?? '&#39;');
}

describe('secrets', () => {
  const { text } = redactor([secret]);

  test.each(writings(secret))('%s goes, what is around it stays', (written) => {
    const cleaned = text(`before ${written} after`);
    expect(cleaned).toBe('before <redacted> after');
  });

  test('go from base64 of something longer, at every alignment', () => {
    for (const before of ['', 'a', 'ab', 'user:']) {
      const wrapped = Buffer.from(`${before}${secret}, and more`).toString('base64');
      const cleaned = text(wrapped);
      expect(cleaned).toContain('<redacted>');
      expect(Buffer.from(cleaned.replace('<redacted>', 'AAAA'), 'base64').toString()).not.toContain('cr&t');
    }
  });

  test('go when escaped in two layers, and when Unicode escapes are used', () => {
    const layered = encodeURIComponent(JSON.stringify({ note: secret }));
    expect(text(layered)).toBe(encodeURIComponent('{"note":"~"}').replace('~', '<redacted>').replace('%7E', '<redacted>'));
    const unicode = [...secret].map((char) => `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}`).join('');
    expect(text(`x${unicode}y`)).toBe('x<redacted>y');
    expect(text(secret.replaceAll(/./gu, (char) => `&#${char.codePointAt(0)};`))).toBe('<redacted>');
  });

  test('go in parts: the token of a scheme, the values of cookies, the password of a pair', () => {
    const { mask } = redactor([
      'Bearer abcd1234',
      'sid=cookie-value; theme=dark-blue',
      `Basic ${Buffer.from('bob:hunter22').toString('base64')}`,
    ]);
    expect(mask('abcd1234 cookie-value hunter22 bob')).toBe('<redacted> <redacted> <redacted> bob');
  });

  test('that are very short go from their places alone', () => {
    const redact = redactor(['abc'], { places: ['k'] });
    const { url, headers, body } = redact.request({
      method: 'POST',
      origin: 'http://h',
      path: '/abc?k=abc&page=2',
      headers: [['X-Api-Key', 'abc']],
      body: '{"k":"abc","word":"abcdef"}',
    });
    expect({ url, headers, body }).toEqual({
      url: 'http://h/abc?k=<redacted>&page=2',
      headers: { 'X-Api-Key': '<redacted>' },
      body: '{"k":"<redacted>","word":"abcdef"}',
    });
  });
});

describe('credential headers', () => {
  const { header } = redactor([]);
  test.each([
    ['Authorization', 'Bearer x.y', 'Bearer <redacted>'],
    ['Proxy-Authorization', 'whatever', '<redacted>'],
    ['Cookie', 'a=1; b=2', 'a=<redacted>; b=<redacted>'],
    ['Set-Cookie', 'sid=1; Path=/; HttpOnly', 'sid=<redacted>; Path=/; HttpOnly'],
    ['X-Auth-Token', 'q', '<redacted>'],
    ['x-client-secret', 'q', '<redacted>'],
    ['Content-Type', 'text/plain', 'text/plain'],
  ])('%s: %s', (name, value, expected) => {
    expect(header([name, value])).toBe(expected);
  });
});

describe('other people’s data', () => {
  const { text } = redactor([], { known: ['bob@corp.test'] });
  test.each([
    ['{"password":"hun\\"ter","name":"x"}', '{"password":"<redacted>","name":"x"}'],
    ['{"api_key": "k", "resetToken":123456, "apiKey":null}', '{"api_key": "<redacted>", "resetToken":<redacted>, "apiKey":null}'],
    ['{"recovery_codes":["a1b2c3","d4e5f6"],"n":1}', '{"recovery_codes":[<redacted>],"n":1}'],
    ['user=bob&passwd=x%20y&z=1', 'user=bob&passwd=<redacted>&z=1'],
    ["{'pwd': 'x', 'ok': 1}", "{'pwd': '<redacted>', 'ok': 1}"],
    ['{"in":"{\\"password\\":\\"x\\"}"}', '{"in":"{\\"password\\":\\"<redacted>\\"}"}'],
    ['{"phone":"+49 151 2345678"}', '{"phone":"***78"}'],
    ['{"ssn":"078-05-1120"} 078-05-1120', '{"ssn":"<redacted>"} <social security number>'],
    ['pay 4111 1111 1111 1111 now, not 4111111111111112', 'pay <card number> now, not 4111111111111112'],
    ['mary.jones@mail.org, mb1@example.com, bob@corp.test', 'm***@mail.org, mb1@example.com, bob@corp.test'],
    ['{"h":"$2b$12$abcdefghijklmnopqrstuvABCDEFGHIJKLMNOPQRSTUVWXYZ01234"}', '{"h":"<password hash>"}'],
    ['at=eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxIn0.c2ln;', 'at=<jwt>;'],
    [
      '{"internal_notes":"late payer","token_type":"bearer","total_tokens":null}',
      '{"internal_notes":"late payer","token_type":"bearer","total_tokens":null}',
    ],
  ])('%s', (before, after) => {
    expect(text(before)).toBe(after);
  });
});

test('planted markers stay, wherever they turn up', () => {
  const report = buildReport({ ...input, judged: input.judged.slice(0, 1) });
  const [, owner, stranger] = report.findings[0]?.evidence ?? [];
  expect(stranger?.highlights).toEqual([marker]);
  expect(stranger?.response?.body).toContain(`"secret":"${marker}"`);
  expect(owner?.response?.body).toContain(marker);
});

test('a long body is read in linear time, however hostile', () => {
  const secrets = Array.from({ length: 60 }, (_, index) => `Bearer eyJhbGciOiJIUzI1NiJ9.eyJ${'x'.repeat(40)}${index}.sig`);
  const { text } = redactor(secrets);
  const size = 2 ** 20;
  const bodies = ['eyJhbGciOiJIUzI1NiJ9.eyJ', '{"password":"', 'a@a.', '%41&amp;\\u0041', '4111 ', '"', 'token:', '\\"'];
  const times = bodies.map((piece) => {
    const body = piece.repeat(Math.ceil(size / piece.length)).slice(0, size);
    const start = performance.now();
    text(body);
    return performance.now() - start;
  });
  // Generous: a quadratic pass would take minutes.
  for (const [index, time] of times.entries()) expect(time, bodies[index]).toBeLessThan(5_000);
}, 60_000);

test('no output holds a secret, wherever it stood and however it was written', () => {
  const check = checkOf('some-check', 'dataExposure', 'high');
  const outputs = (value: string): string[] => {
    const forms = writings(value);
    const [, url = '', lower = '', form = '', base64 = '', , , jsonText = '', page = ''] = forms;
    const exhibits: readonly Exhibit[] = [
      {
        label: `shows ${value}`,
        highlights: [value],
        answer: exchangeOf(
          {
            method: 'POST',
            path: `/a/${url}/b?q=${lower}&f=${form}`,
            headers: [
              ['x-thing', value],
              ['cookie', `sid=${value}`],
              ['authorization', `Basic ${Buffer.from(`u:${value}`).toString('base64')}`],
            ],
            body: `v=${form}&w=${url}`,
          },
          {
            headers: [
              ['location', `/next/${url}`],
              ['server', value],
              ['set-cookie', `s=${value}; Path=/${url}`],
            ],
            body: `{"a":"${jsonText}","b":"${base64}"} <p title="${page}">${page}</p>`,
          },
        ),
      },
      { label: 'silent', answer: silenceOf({ path: `/${url}` }, `Could not send ${value}.`) },
    ];
    const report = buildReport({
      ...input,
      url: `http://host/${url}`,
      judged: [objectJudged(check, { outcome: 'fail', confidence: 'certain', proof: `It shows ${value}.`, exhibits })],
      reasons: [],
      notes: [`Note of ${value}.`],
      skipped: [{ what: 'x', why: `Because of ${value}.`, count: 1 }],
      identities: [{ name: 'alice', source: 'flag', usable: false, why: `Refused ${value}.` }],
      secrets: [value],
    });
    return Object.values(formats).map((format) => format(report, { colour: false, width: 100 }));
  };
  const innocent = outputs('zqXj-00-innocent-value').join('\n');
  const anySecret = fc
    .oneof(
      fc.string({ unit: 'binary', minLength: 4, maxLength: 60 }),
      fc.string({ minLength: 4, maxLength: 60 }),
      fc.string({ unit: 'grapheme', minLength: 4, maxLength: 30 }),
    )
    .filter((value) => value.length >= 4 && value.length <= 60 && value.trim().length >= 4);
  fc.assert(
    fc.property(anySecret, (value) => {
      const forms = new Set(writings(value));
      fc.pre([...forms].every((form) => !innocent.includes(form)));
      for (const output of outputs(value)) for (const form of forms) expect(output.includes(form) ? form : 'clean').toBe('clean');
    }),
    { numRuns: 150 },
  );
}, 60_000);

test('foreign exhibits are not changed by reading them', () => {
  const before = JSON.stringify(foreignReadExhibits);
  buildReport(input);
  expect(JSON.stringify(foreignReadExhibits)).toBe(before);
});
