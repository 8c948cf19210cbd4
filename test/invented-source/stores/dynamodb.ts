import { block, type Lines } from '../python.ts';
import type { Pick } from '../picker.ts';
import { mapping, type Mark, type Store, type Table, type Where } from './store.ts';

/** The attribute that ids are in: `letter_id`. */
export function keyName({ model }: Table): string {
  return `${model.toLowerCase()}_id`;
}

function split(where: Where): { readonly id: string | undefined; readonly others: Where } {
  return { id: where.find(([name]) => name === 'id')?.[1], others: where.filter(([name]) => name !== 'id') };
}

/** Writes that a condition may refuse. */
function conditional(into: string, call: string, mark: Mark): Lines {
  return ['try:', mark(`    ${call}`), `    ${into} = True`, 'except ClientError:', `    ${into} = False`];
}

const resource: Store = {
  origins: [
    ['boto3', ['boto3', null]],
    ['Key', ['boto3.dynamodb.conditions', 'Key']],
    ['Attr', ['boto3.dynamodb.conditions', 'Attr']],
    ['ClientError', ['botocore.exceptions', 'ClientError']],
    ['uuid4', ['uuid', 'uuid4']],
  ],
  isNumbered: false,
  isMapped: false,
  setup: (tables, pick) => [
    "dynamodb = boto3.resource('dynamodb', region_name='eu-west-1')",
    ...tables.map(({ name }) => `${name}_table = dynamodb.Table(${pick(`'${name}'`, `'shop-${name}'`)})`),
  ],
  bind: () => [],
  one: (table, where, into, pick, mark) => {
    const { id, others } = split(where);
    const target = `${table.name}_table`;
    if (id === undefined || others.length > 0) {
      const condition = [...others, ...(id === undefined ? [] : [[keyName(table), id] as const])]
        .map(([name, value]) => `Key('${name}').eq(${value})`)
        .join(' & ');
      return [
        mark(`hits = ${target}.query(IndexName='by-${others[0]?.[0] ?? ''}', KeyConditionExpression=${condition})['Items']`),
        `${into} = hits[0] if hits else None`,
      ];
    }
    const key = mapping([[keyName(table), id]]);
    return pick(
      [mark(`${into} = ${target}.get_item(Key=${key}).get('Item')`)],
      [mark(`response = ${target}.get_item(Key=${key})`), `${into} = response.get('Item')`],
      [
        mark(`response = ${target}.get_item(Key=${key}, ConsistentRead=True)`),
        `${into} = response['Item'] if 'Item' in response else None`,
      ],
    );
  },
  many: (table, where, into, pick, mark) => {
    const condition = where.map(([name, value]) => `Key('${name}').eq(${value})`).join(' & ');
    const index = where[0]?.[0] ?? '';
    if (where.length === 0) return [mark(`${into} = ${table.name}_table.scan()['Items']`)];
    return pick(
      [mark(`${into} = ${table.name}_table.query(IndexName='by-${index}', KeyConditionExpression=${condition})['Items']`)],
      [
        mark(`response = ${table.name}_table.query(IndexName='by-${index}', KeyConditionExpression=${condition})`),
        `${into} = response.get('Items', [])`,
      ],
    );
  },
  add: (table, values, _pick, mark) => [
    mark(`${table.name}_table.put_item(Item=${mapping([[keyName(table), 'str(uuid4())'], ...values])})`),
  ],
  changeWhere: (table, where, values, into, _pick, mark) => {
    const { id = '', others } = split(where);
    const condition =
      others.length > 0 ? `, ConditionExpression=${others.map(([name, value]) => `Attr('${name}').eq(${value})`).join(' & ')}` : '';
    return conditional(into, updateCall(table, id, values, condition), mark);
  },
  removeWhere: (table, where, into, _pick, mark) => {
    const { id = '', others } = split(where);
    const condition =
      others.length > 0 ? `, ConditionExpression=${others.map(([name, value]) => `Attr('${name}').eq(${value})`).join(' & ')}` : '';
    return conditional(into, `${table.name}_table.delete_item(Key={'${keyName(table)}': ${id}}${condition})`, mark);
  },
  change: (table, _object, where, values, _pick, mark) => [mark(updateCall(table, split(where).id ?? '', values, ''))],
  remove: (table, _object, where, _pick, mark) => [
    mark(`${table.name}_table.delete_item(Key={'${keyName(table)}': ${split(where).id ?? ''}})`),
  ],
  pour: (table, object, _where, data, pick, mark) =>
    pick(
      [mark(`${table.name}_table.put_item(Item={**${object}, **${data}})`)],
      [`${object}.update(${data})`, mark(`${table.name}_table.put_item(Item=${object})`)],
    ),
  pourNew: (table, data, owner, _pick, mark) => [
    mark(`${table.name}_table.put_item(Item={**${data}, '${keyName(table)}': str(uuid4()), ${mapping(owner).slice(1)})`),
  ],
  field: (object, name, table) => `${object}['${name === 'id' ? keyName(table) : name}']`,
};

function updateCall(table: Table, id: string, values: Where, condition: string): string {
  const set = values.map(([name]) => `#${name} = :${name}`).join(', ');
  const names = mapping(values.map(([name]) => [`#${name}`, `'${name}'`]));
  const written = mapping(values.map(([name, value]) => [`:${name}`, value]));
  return `${table.name}_table.update_item(Key={'${keyName(table)}': ${id}}, UpdateExpression='SET ${set}', ExpressionAttributeNames=${names}, ExpressionAttributeValues=${written}${condition})`;
}

function typed(values: Where): string {
  return mapping(values.map(([name, value]) => [name, `{'S': ${value}}`]));
}

const client: Store = {
  ...resource,
  setup: () => ["dynamodb = boto3.client('dynamodb', region_name='eu-west-1')"],
  one: (table, where, into, pick: Pick, mark) => {
    const { id, others } = split(where);
    if (id === undefined || others.length > 0) {
      const wanted: Where = [...others, ...(id === undefined ? [] : [[keyName(table), id] as const])];
      const condition = wanted.map(([name]) => `${name} = :${name}`).join(' AND ');
      const values = typed(wanted.map(([name, value]) => [`:${name}`, value]));
      return [
        mark(
          `hits = dynamodb.query(TableName='${table.name}', IndexName='by-${wanted[0]?.[0] ?? ''}', KeyConditionExpression='${condition}', ExpressionAttributeValues=${values})['Items']`,
        ),
        `${into} = hits[0] if hits else None`,
      ];
    }
    const key = typed([[keyName(table), id]]);
    return pick(
      [mark(`${into} = dynamodb.get_item(TableName='${table.name}', Key=${key}).get('Item')`)],
      [mark(`response = dynamodb.get_item(TableName='${table.name}', Key=${key})`), `${into} = response.get('Item')`],
    );
  },
  many: (table, where, into, _pick, mark) => {
    if (where.length === 0) return [mark(`${into} = dynamodb.scan(TableName='${table.name}')['Items']`)];
    const condition = where.map(([name]) => `${name} = :${name}`).join(' AND ');
    const values = typed(where.map(([name, value]) => [`:${name}`, value]));
    return [
      mark(
        `${into} = dynamodb.query(TableName='${table.name}', IndexName='by-${where[0]?.[0] ?? ''}', KeyConditionExpression='${condition}', ExpressionAttributeValues=${values})['Items']`,
      ),
    ];
  },
  add: (table, values, _pick, mark) => [
    mark(`dynamodb.put_item(TableName='${table.name}', Item=${typed([[keyName(table), 'str(uuid4())'], ...values])})`),
  ],
  changeWhere: (table, where, values, into, _pick, mark) => conditional(into, clientUpdate(table, where, values), mark),
  removeWhere: (table, where, into, _pick, mark) => conditional(into, clientDelete(table, where), mark),
  change: (table, _object, where, values, _pick, mark) => [mark(clientUpdate(table, where, values))],
  remove: (table, _object, where, _pick, mark) => [mark(clientDelete(table, where))],
  pour: (table, object, _where, data, _pick, mark) => [
    ...block(`for name, value in ${data}.items():`, [`${object}[name] = {'S': value}`]),
    mark(`dynamodb.put_item(TableName='${table.name}', Item=${object})`),
  ],
  pourNew: (table, data, owner, _pick, mark) => [
    `item = {name: {'S': value} for name, value in ${data}.items()}`,
    `item['${keyName(table)}'] = {'S': str(uuid4())}`,
    ...owner.map(([name, value]) => `item['${name}'] = {'S': ${value}}`),
    mark(`dynamodb.put_item(TableName='${table.name}', Item=item)`),
  ],
  field: (object, name, table) => `${object}['${name === 'id' ? keyName(table) : name}']['S']`,
};

function clientCondition(others: Where): string {
  return others.length > 0 ? `, ConditionExpression='${others.map(([name]) => `${name} = :if_${name}`).join(' AND ')}'` : '';
}

function clientUpdate(table: Table, where: Where, values: Where): string {
  const { id = '', others } = split(where);
  const set = values.map(([name]) => `#${name} = :${name}`).join(', ');
  const names = mapping(values.map(([name]) => [`#${name}`, `'${name}'`]));
  const given = typed([
    ...values.map(([name, value]) => [`:${name}`, value] as const),
    ...others.map(([name, value]) => [`:if_${name}`, value] as const),
  ]);
  return `dynamodb.update_item(TableName='${table.name}', Key=${typed([[keyName(table), id]])}, UpdateExpression='SET ${set}', ExpressionAttributeNames=${names}, ExpressionAttributeValues=${given}${clientCondition(others)})`;
}

function clientDelete(table: Table, where: Where): string {
  const { id = '', others } = split(where);
  const given = others.length > 0 ? `, ExpressionAttributeValues=${typed(others.map(([name, value]) => [`:if_${name}`, value]))}` : '';
  return `dynamodb.delete_item(TableName='${table.name}', Key=${typed([[keyName(table), id]])}${clientCondition(others)}${given})`;
}

export const boto3Resource = resource;
export const boto3Client = client;
