import type { OperationSubject, Verdict } from '../../model/check.ts';
import { jsonOf, type Answer } from '../../model/http.ts';
import { isObject, type Json } from '../../model/json.ts';
import type { Schema } from '../../model/schema.ts';
import { exampleApi, number, ok, refused, text } from '../example-api.ts';
import { defineCheck, listed } from '../support.ts';

const described = { id: number, username: text, email: text };

export default defineCheck({
  id: 'undeclared-property-returned',
  category: 'dataExposure',
  severity: 'info',
  docs: {
    title: 'An answer holds properties that its description does not name',
    risk: 'What the description does not name was perhaps never meant to be returned, and nobody reviews it.',
    remedy: 'Return what the description declares and nothing else; where the property is meant, declare it.',
    cwe: [213],
    owasp: 'API3:2023',
  },
  needs: [],
  subject: 'operation',
  phase: 'read',
  applies: (subject: OperationSubject) => answered(subject) !== undefined && responseSchema(subject) !== undefined,
  plan: () => ({}),
  judge: (subject): Verdict => {
    const answer = answered(subject);
    const schema = responseSchema(subject);
    const json = answer?.kind === 'exchange' ? jsonOf(answer.response) : undefined;
    if (!answer || !schema || json === undefined) return { outcome: 'pass' };
    const names = undeclared(json, schema, []);
    if (names.length === 0) return { outcome: 'pass' };
    return {
      outcome: 'fail',
      confidence: 'tentative',
      proof: `The answer holds ${listed(names, 6)}, which the description does not name.`,
      exhibits: [{ label: 'the answer', answer, highlights: names.map((name) => `"${name}"`) }],
    };
  },
  examples: {
    vulnerable: [
      exampleApi({
        title: 'An internal note beside the declared properties',
        routes: {
          'GET /me': {
            secured: true,
            returns: described,
            reply: ({ me }) => (me ? ok({ id: me.id, username: me.username, email: me.email, remark: 'pays late' }) : refused),
          },
        },
      }),
    ],
    safe: [
      exampleApi({
        title: 'Only what is declared',
        routes: {
          'GET /me': {
            secured: true,
            returns: described,
            reply: ({ me }) => (me ? ok({ id: me.id, username: me.username, email: me.email }) : refused),
          },
        },
      }),
      exampleApi({ title: 'A description without properties declares nothing to compare with' }),
    ],
  },
});

/** An answer that somebody was served. */
function answered({ looks, accesses }: OperationSubject): Answer | undefined {
  const answers = [...looks, ...accesses].flatMap((item) => item.baseline?.answers.slice(0, 1) ?? []);
  return answers.find((answer) => answer.kind === 'exchange' && answer.response.status >= 200 && answer.response.status < 300);
}

function responseSchema({ operation }: OperationSubject): Schema | undefined {
  const response =
    operation.responses.find(({ status }) => status.startsWith('2')) ?? operation.responses.find(({ status }) => status === 'default');
  return response?.contents.find((content) => /json/i.test(content.mediaType))?.schema;
}

function undeclared(value: Json, schema: Schema, above: readonly Schema[]): string[] {
  if (above.includes(schema) || above.length > 8 || schema.variants.length > 0) return [];
  const deeper = [...above, schema];
  if (Array.isArray(value)) {
    const { items } = schema;
    return items ? value.slice(0, 5).flatMap((item: Json) => undeclared(item, items, deeper)) : [];
  }
  if (
    !isObject(value) ||
    schema.properties.size === 0 ||
    (schema.additionalProperties !== undefined && schema.additionalProperties !== false)
  )
    return [];
  const found = Object.entries(value).flatMap(([name, item]) => {
    const property = schema.properties.get(name);
    return property ? undeclared(item, property, deeper) : [name];
  });
  return [...new Set(found)];
}
