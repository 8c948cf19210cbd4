import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { readExpected, readSystem } from '../../lab/system.ts';
import { bringUp } from '../../lab/up.ts';
import { parseReport } from '../../src/report/index.ts';
import { emptyFolder, middlebrick } from './command.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));

/** The line at fault in the vulnerable twin, by what is found at which operation: its text, in the function that is named. */
const annotated: Readonly<Record<string, Readonly<Record<string, readonly [view: string, text: string]>>>> = {
  'flask-mongodb-identification': {
    'foreign-object-read GET /api/profile/{}': ['read_profile', 'profile = db.profiles.find_one({"_id": object_id(profile_id)})'],
    'foreign-object-read GET /api/cards/{}': ['read_card', 'profile = db.profiles.find_one({"card_handle": handle})'],
    'foreign-object-read GET /api/receipts': ['read_receipt', 'loan = db.loans.find_one({"_id": object_id(request.args.get("loan_id"))})'],
    'foreign-collection-read GET /api/messages': ['list_messages', 'return jsonify(messages=list(db.messages.find({"member_id": whose})))'],
    'object-existence-revealed GET /api/loans/{}': ['read_loan', 'return jsonify(error="this loan is not yours"), 403'],
    'foreign-object-change PUT /api/loans/{}': [
      'change_loan',
      'loan = db.loans.find_one_and_update({"_id": object_id(loan_id)}, {"$set": changes}, return_document=True)',
    ],
    'foreign-object-delete DELETE /api/loans/{}': ['give_back', 'gone = db.loans.delete_one({"_id": object_id(loan_id)})'],
    'session-fixation POST /login': ['log_in', 'sid = request.cookies.get("sid") or secrets.token_urlsafe(24)'],
  },
  'flask-sqlalchemy-identification': {
    'foreign-object-read GET /api/users/{}/profile': ['read_profile', 'return db.get_or_404(User, user_id)'],
    'foreign-object-change PATCH /api/users/{}/profile': ['change_profile', 'user = db.get_or_404(User, user_id)'],
    'property-assignment PATCH /api/users/{}/profile': ['change_profile', 'setattr(user, name, value)'],
    'foreign-collection-read GET /api/orgs/{}/members': [
      'list_members',
      'return db.session.scalars(select(User).where(User.organisation_id == org_id).order_by(User.id))',
    ],
    'foreign-object-read GET /api/documents/{}': ['read_document', 'return load_document(document_id)'],
    'foreign-object-delete DELETE /api/documents/{}': ['delete_document', 'db.session.delete(load_document(document_id))'],
    'foreign-object-read GET /api/tasks/{}': ['read_task', 'return db.get_or_404(Task, task_id)'],
    'foreign-object-change PATCH /api/tasks/{}': ['change_task', 'task = db.get_or_404(Task, task_id)'],
    'foreign-object-read GET /api/orgs/{}/projects/{}': ['read_project', 'return db.get_or_404(Project, project_id)'],
    'tenant-switch-accepted GET /api/activity': [
      'list_activity',
      'return db.session.scalars(select(Activity).where(Activity.organisation_id == organisation_id).order_by(Activity.id))',
    ],
    // No rule looks for it: the view is what is known.
    'privileged-operation-open GET /api/reports/seats': ['report_seats', 'def report_seats():'],
  },
};

describe('a scan with the source of its target', () => {
  it.for(Object.keys(annotated))('%s: what is proven has its line', { timeout: 300_000 }, async (name, context) => {
    const folder = `lab/${name}/vulnerable`;
    const lines = (await readFile(new URL(`../../${folder}/app.py`, import.meta.url), 'utf8')).split('\n');
    const up = await bringUp(name, { twin: 'vulnerable', say: () => undefined }).catch((error: unknown) => {
      if (process.env['CI'] === 'true') throw error;
      return error instanceof Error ? error : new Error(String(error));
    });
    if (up instanceof Error) return context.skip(up.message);
    try {
      const url = / is up at (\S+)/.exec(up.text)?.[1] ?? '';
      const journal = join(await emptyFolder(context), 'journal');
      const flags = ['--allow', 'write', '--seed', 'lab', '--source', folder, '--journal', journal, '--format', 'json', '-q'];
      const { stdout, stderr } = await middlebrick(['scan', url, ...flags], { cwd: root });
      const { findings, coverage } = parseReport(stdout, stderr);
      const proven = findings.filter(
        ({ source, severity, confidence }) => source?.standing !== 'unproven' && severity !== 'info' && confidence !== 'tentative',
      );
      const places = new Map(
        proven.map(({ check, operation, location }) => [
          `${check} ${operation.method} ${operation.path.replaceAll(/\{[^{}]*\}/g, '{}')}`,
          location,
        ]),
      );
      expect([...places.values()].filter((location) => location === undefined)).toEqual([]);
      for (const [what, [view, text]] of Object.entries(annotated[name] ?? {})) {
        const location = places.get(what);
        expect([what, location?.file, location?.function]).toEqual([what, 'app.py', view]);
        expect(lines[(location?.line ?? 0) - 1]?.trim()).toContain(text);
      }
      const demanded = (await readExpected(await readSystem(name))).operations.flatMap(({ vulnerable }) => vulnerable);
      expect(Object.keys(annotated[name] ?? {}).length).toBeGreaterThanOrEqual(demanded.length);
      // Nothing that is proven is listed a second time.
      const spots = findings
        .filter(({ source }) => source?.standing === 'unproven')
        .map(({ check, location }) => `${check} ${location?.line}`);
      const shown = new Set(proven.flatMap(({ source, location }) => (source?.rules ?? []).map((rule) => `${rule} ${location?.line}`)));
      expect(spots.filter((spot) => shown.has(spot))).toEqual([]);
      expect(coverage.source?.folder).toBe(folder);
      expect(coverage.source?.unreached.length).toBeGreaterThan(0);
    } finally {
      await up.stop();
    }
  });
});
