import { expect, test } from 'vitest';
import { newsroom } from '../../test/support/newsroom.ts';
import { runExample } from '../../test/support/run-example.ts';
import { survey } from '../checks/survey.ts';
import { mapOf } from '../map-permissions.ts';
import type { ExampleApi } from '../model/example.ts';
import { parsePermissions, permissionsOf, permissionsTable, permissionsYaml, type PermissionMap } from './index.ts';

const people = [
  { name: 'root', role: 'admin', bearer: 'token-of-root' },
  { name: 'eve', role: 'editor', bearer: 'token-of-eve' },
  { name: 'alice', bearer: 'token-of-alice' },
  { name: 'bob', bearer: 'token-of-bob' },
];

async function mapped(api: ExampleApi, allow: 'read' | 'write', identities: ExampleApi['identities'] = people): Promise<PermissionMap> {
  return mapOf(await runExample({ ...api, allow, ...(identities ? { identities } : {}) }, [survey]));
}

function row(map: PermissionMap, operation: string): Record<string, string | null> {
  const cells = map.rows.find((each) => each.operation === operation)?.cells ?? {};
  return Object.fromEntries(Object.entries(cells).map(([role, { decision }]) => [role, decision]));
}

test('what each role is served and refused is learned, changes too', async () => {
  const map = await mapped(newsroom({ flawed: false }), 'write');
  expect(map.roles).toEqual({ admin: ['root'], editor: ['eve'], user: ['alice', 'bob'] });
  expect(row(map, 'GET /totals')).toEqual({ anonymous: 'deny', user: 'deny', editor: 'deny', admin: 'allow' });
  expect(row(map, 'GET /drafts')).toEqual({ anonymous: 'deny', user: 'deny', editor: 'allow', admin: 'allow' });
  expect(row(map, 'POST /announcements')).toEqual({ anonymous: 'deny', user: 'deny', editor: 'allow', admin: 'allow' });
  expect(row(map, 'GET /notes/{id}')).toEqual({ anonymous: 'deny', user: 'own', editor: 'own', admin: 'allow' });
  expect(row(map, 'DELETE /notes/{id}')).toEqual({ anonymous: 'deny', user: 'own', editor: 'own', admin: 'own' });
});

test('reading alone leaves changes undecided, and says why', async () => {
  const map = await mapped(newsroom({ flawed: false }), 'read');
  expect(row(map, 'GET /drafts')).toMatchObject({ user: 'deny', editor: 'allow' });
  expect(map.rows.find(({ operation }) => operation === 'DELETE /notes/{id}')?.cells['user']).toEqual({
    decision: null,
    why: 'it changes things, which needs --allow write',
  });
});

test('members of one tenant that share are told apart from those of others', async () => {
  const api = newsroom({ flawed: false });
  const tenants: Record<string, string> = { alice: 'north', bob: 'north', eve: 'south' };
  const shared: ExampleApi = {
    ...api,
    start: () => {
      const reply = api.start();
      return (request) => {
        const alias = request.headers.map(([name, value]): [string, string] => [name, value.replace('token-of-bob', 'token-of-alice')]);
        return reply(request.method === 'GET' && request.path.startsWith('/notes/') ? { ...request, headers: alias } : request);
      };
    },
  };
  const members = ['alice', 'bob', 'eve'].map((name) => ({ name, tenant: tenants[name] ?? '', bearer: `token-of-${name}` }));
  expect(row(await mapped(shared, 'write', members), 'GET /notes/{id}')).toEqual({ anonymous: 'deny', user: 'tenant' });
});

test('the file that is written is read back as what was seen', async () => {
  const map = await mapped(newsroom({ flawed: true }), 'write');
  const text = permissionsYaml(map, 'http://api.example.test');
  expect(parsePermissions(text, 'permissions.yaml')).toEqual(permissionsOf(map));
  expect(text).toContain('user: [alice, bob]');
  expect(permissionsTable(map, 100)).toMatch(/GET \/notes\/\{id\} +deny +allow +own +own/);
});
