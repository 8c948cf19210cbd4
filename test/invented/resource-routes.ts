import type { Json } from '../../src/model/json.ts';
import { accountSlot } from './account-slot.ts';
import { bindingOf, type Binding } from './binding.ts';
import type { Blueprint } from './blueprint.ts';
import { envelopeSchema } from './replies.ts';
import { create, list, ofAccount, read, remove, update } from './resource-handlers.ts';
import { close, several } from './side-handlers.ts';
import type { Route } from './state.ts';

const text: Json = { type: 'string' };

/** The operations of one resource. */
export function resourceRoutes(blueprint: Blueprint, index: number): Route[] {
  const binding = bindingOf(blueprint, index);
  if (!binding) return [];
  const { resource, nouns, slot, collection } = binding;
  const { above, own } = parametersOf(binding);
  const inBody = resource.place === 'body' || resource.place === 'form';
  const form = resource.place === 'form';
  const itemPath = resource.place === 'path' ? `${collection}/{${slot}}` : `${collection}/${inBody ? 'lookup' : 'detail'}`;
  const { ofItem, ofList, body } = schemasOf(binding);
  const secured = resource.sharing !== 'public';
  const route = (
    on: boolean,
    name: string,
    method: string,
    path: string,
    summary: string,
    rest: Pick<Route, 'handle'> & Partial<Route>,
  ): Route[] =>
    on ? [{ tag: nouns, secured, parameters: [...above, ...own], ...rest, name: `${index}.${name}`, method, path, summary }] : [];
  const { operations } = resource;
  const writes = operations !== 'read-only' && blueprint.accounts.from !== 'lent-read';
  const reads = operations !== 'no-read';
  const lookUp = { body: { [slot]: { type: typeOf(resource.id) } }, required: [slot] };
  const required = [resource.title];
  return [
    ...route(operations !== 'no-list', 'list', 'GET', collection, `List ${nouns}`, {
      parameters: [...above, ...(resource.ofOwner === 'query' ? [{ name: binding.whose, in: 'query' as const, type: 'optional' }] : [])],
      handle: list(binding),
      returns: ofList,
    }),
    ...route(reads && !inBody, 'read', 'GET', itemPath, `Get one ${resource.noun}`, { handle: read(binding), returns: ofItem }),
    ...route(reads && inBody, 'read', 'POST', itemPath, `Look up one ${resource.noun}`, {
      ...lookUp,
      form,
      handle: read(binding),
      returns: ofItem,
    }),
    ...route(writes, 'create', 'POST', collection, `Create one ${resource.noun}`, {
      secured: true,
      parameters: above,
      body,
      required,
      handle: create(binding),
      returns: ofItem,
    }),
    ...route(writes && !inBody, 'update', resource.update, itemPath, `Change one ${resource.noun}`, {
      secured: true,
      body,
      required: resource.update === 'PUT' ? required : [],
      handle: update(binding),
    }),
    ...route(writes && inBody, 'update', 'POST', `${collection}/update`, `Change one ${resource.noun}`, {
      secured: true,
      body: { ...lookUp.body, ...body },
      required: [slot, resource.title],
      handle: update(binding),
    }),
    ...route(
      writes && !inBody && binding.planted('undescribed', 'shadow'),
      'shadow',
      resource.update === 'PUT' ? 'PATCH' : 'PUT',
      itemPath,
      '',
      {
        hidden: true,
        handle: update(binding),
      },
    ),
    ...route(writes && !inBody, 'delete', 'DELETE', itemPath, `Delete one ${resource.noun}`, { secured: true, handle: remove(binding) }),
    ...route(writes && inBody, 'delete', 'POST', `${collection}/delete`, `Delete one ${resource.noun}`, {
      ...lookUp,
      form,
      secured: true,
      handle: remove(binding),
    }),
    ...route(
      writes && resource.action,
      'action',
      'POST',
      `${resource.place === 'path' ? itemPath : collection}/close`,
      `Close one ${resource.noun}`,
      {
        secured: true,
        ...(inBody ? { ...lookUp, form } : {}),
        handle: close(binding),
      },
    ),
    ...route(resource.bulk === 'body', 'bulk', 'POST', `${collection}/search`, `Search ${nouns} by id`, {
      parameters: above,
      body: { [binding.several]: { type: 'array', items: { type: typeOf(resource.id) } } },
      required: [binding.several],
      handle: several(binding),
      returns: ofList,
    }),
    ...route(resource.bulk === 'query', 'bulk', 'GET', `${collection}/batch`, `Get several ${nouns}`, {
      parameters: [...above, { name: binding.several, in: 'query', type: 'string' }],
      handle: several(binding),
      returns: ofList,
    }),
    ...route(resource.ofOwner === 'path', 'collection', 'GET', ofOwnerPath(binding), `List the ${nouns} of an account`, {
      parameters: [{ name: accountSlot(blueprint).name, in: 'path', type: typeOf(blueprint.accounts.key) }],
      handle: ofAccount(binding),
      returns: ofList,
    }),
  ];
}

function ofOwnerPath({ blueprint, collection }: Binding): string {
  return `${accountSlot(blueprint).path}/${collection.split('/').at(-1) ?? ''}`;
}

/** The type of an id in schemas. */
export function typeOf(id: string): string {
  return id === 'integer' ? 'integer' : 'string';
}

function parametersOf({ resource, slot, above, aboveSlot }: Binding): { above: Route['parameters']; own: Route['parameters'] } {
  const type = typeOf(resource.id);
  return {
    above: above ? [{ name: aboveSlot, in: 'path', type: typeOf(above.id) }] : [],
    own:
      resource.place === 'body' || resource.place === 'form'
        ? []
        : [{ name: resource.place === 'header' ? `X-${slot}` : slot, in: resource.place, type }],
  };
}

function schemasOf({ blueprint, resource, nouns, idName }: Binding): { ofItem: Json; ofList: Json; body: Readonly<Record<string, Json>> } {
  const body = { [resource.title]: text, [resource.text]: text, ...(resource.flag ? { pinned: { type: 'boolean' } } : {}) };
  const shape: Json = { type: 'object', properties: { [idName]: { type: typeOf(resource.id), readOnly: true }, ...body } };
  return {
    ofItem: envelopeSchema(blueprint, resource.noun, shape, false),
    ofList: envelopeSchema(blueprint, nouns, shape, true),
    body,
  };
}
