import { clientLabels, isScoped } from '../flow/facts.ts';
import { isRead } from './resources.ts';
import { defineRule } from './rule.ts';
import { siteOf } from './site.ts';

export default defineRule({
  id: 'check-after-fetch',
  category: 'bolaAuthorization',
  severity: 'info',
  docs: {
    title: 'The object is loaded before it is asked whose it is',
    risk: 'The check is apart from the query: the next view that loads the object can forget it, and time or wording can tell that it exists.',
    remedy: 'Put the owner into the query, so that there is only one way to find nothing.',
    cwe: [696],
    owasp: 'API1:2023',
  },
  match: (run, app) =>
    run.trace.accesses.flatMap((access) => {
      const uses = run.trace.uses.filter((use) => use.access === access.id);
      const isLate = uses.length > 0 && uses.every((use) => use.facts.has(`own:${access.id}`)) && !access.facts.has(`own:${access.id}`);
      const ids = clientLabels(access.conditions).filter((label) => !access.facts.has(`pin:${label}`));
      if (!isRead(access) || !isLate || ids.length === 0 || isScoped(access, access.facts, run.trace.accesses)) return [];
      const proof = `\`${access.resource}\` is read by \`${ids[0]?.slice(2) ?? 'id'}\` first, and compared with the caller afterwards.`;
      return [{ site: siteOf(access.site, app), confidence: 'firm', proof, part: access.resource }];
    }),
  examples: [
    `
from flask import Flask, jsonify, request
app = Flask(__name__)
people = {
    1: {'id': 1, 'name': 'ada', 'api_key': 'one'},
    2: {'id': 2, 'name': 'ben', 'api_key': 'two'},
}

@app.get('/people/<int:number>')
def read_person(number):
    key = request.headers.get('X-API-Key')
    if not key:
        return jsonify(error='key missing'), 401
    person = people.get(number)  # finding
    if not person:
        return jsonify(error='not found'), 404
    if person['api_key'] != key:
        return jsonify(error='forbidden'), 403
    return jsonify(id=person['id'], name=person['name'])

@app.get('/self/<int:number>')
def read_self(number):
    key = request.headers.get('X-API-Key')
    owner = None
    for person in people.values():
        if person['api_key'] == key:
            owner = person
            break
    if owner is None or owner['id'] != number:
        return jsonify(error='forbidden'), 403
    return jsonify(id=owner['id'], name=owner['name'])  # ok
`,
  ],
});
