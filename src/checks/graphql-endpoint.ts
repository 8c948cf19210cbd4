import type { OperationSubject } from '../model/check.ts';
import { isServed } from '../model/answer.ts';
import { graphqlAnswerOf } from '../model/graphql.ts';
import type { Answer } from '../model/http.ts';
import type { Json } from '../model/json.ts';
import type { GraphqlField, Operation } from '../model/operation.ts';
import type { Schema } from '../model/schema.ts';
import type { Look, World } from '../model/world.ts';

/** The endpoint, when an operation stands for a GraphQL endpoint as a whole. */
export function endpointOf({ operation: { graphql } }: OperationSubject): GraphqlField | undefined {
  return graphql?.signature === '' ? graphql : undefined;
}

/** A query that somebody was served without telling it anything: what can be asked for again at little cost. */
export interface CheapField {
  /** As it stands in a document: `me { __typename }`. */
  readonly text: string;
  readonly as: string | null;
  /** What it gives; absent for the endpoint's own `__typename`. */
  readonly schema?: Schema;
}

/** Such queries of an endpoint, objects before lists; the last is the endpoint's own `__typename`, where it answers at all. */
export function cheapFields(world: World, endpoint: string): CheapField[] {
  const looks = world.looks.filter((look) => isCheap(look, endpoint));
  const found = looks.flatMap((look): CheapField[] => {
    const schema = resultSchema(look.operation);
    const field = look.operation.graphql?.field ?? '';
    const [type = 'object'] = schema?.types ?? [];
    if (schema === undefined || type === 'array') return [];
    return [{ text: type === 'object' ? `${field} { __typename }` : field, as: look.as, schema }];
  });
  return [...found, { text: '__typename', as: null }];
}

function isCheap({ operation: { graphql, parameters }, baseline }: Look, endpoint: string): boolean {
  if (graphql === undefined || graphql.endpoint !== endpoint || graphql.signature === '') return false;
  return parameters.every(({ required }) => !required) && baseline.answers.length > 0 && baseline.answers.every(isServed);
}

/** The schema of what a GraphQL field gives. */
export function resultSchema({ responses, graphql }: Operation): Schema | undefined {
  return responses[0]?.contents[0]?.schema?.properties.get('data')?.properties.get(graphql?.field ?? '');
}

/** The values that an answer gives, one for each field asked for; empty where any is missing or anything went wrong. */
export function valuesIn(answer: Answer | undefined): readonly Json[] {
  const told = answer && graphqlAnswerOf(answer);
  return told && told.errors.length === 0 && told.values.every((value) => value !== null) ? told.values : [];
}
