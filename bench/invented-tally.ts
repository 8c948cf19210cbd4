import { nameless } from '../test/invented/answer-key.ts';
import type { Blueprint, Resource } from '../test/invented/blueprint.ts';
import type { Compared } from '../test/invented/scan-invented.ts';
import { routesOf } from '../test/invented/serve.ts';

/** What was counted of one value of a feature: `id kind` `uuid4`. */
export interface Count {
  operations: number;
  /** Weaknesses that the engine is asked to find. */
  planted: number;
  missed: number;
  wrong: number;
}

/** Everything that was counted over many invented APIs. */
export class Tally {
  apis = 0;
  /** Wrong findings in APIs in which nothing is planted. */
  wrongOnSound = 0;
  readonly all: Count = none();
  readonly byCheck = new Map<string, Count>();
  readonly byFeature = new Map<string, Map<string, Count>>();
  /** Why a weakness was not asked for → how many, and how many were found all the same. */
  readonly unclaimed = new Map<string, { planted: number; found: number }>();

  add({ blueprint, expected, wrong }: Compared): void {
    this.apis++;
    if (blueprint.plants.length === 0) this.wrongOnSound += wrong.length;
    const routes = routesOf(blueprint);
    for (const route of routes) this.#each(blueprint, route.name, (count) => count.operations++);
    for (const { plant, check, found, unclaimed } of expected) {
      if (unclaimed !== undefined) {
        const known = this.unclaimed.get(unclaimed) ?? { planted: 0, found: 0 };
        this.unclaimed.set(unclaimed, { planted: known.planted + 1, found: known.found + Number(found) });
        continue;
      }
      const raise = (count: Count): void => {
        count.planted++;
        if (!found) count.missed++;
      };
      raise(entry(this.byCheck, check));
      this.#each(blueprint, plant.route, raise);
    }
    for (const { check, operation } of wrong) {
      const name = routes.find(({ method, path }) => nameless(method, path) === nameless(operation.method, operation.path))?.name ?? '';
      entry(this.byCheck, check).wrong++;
      this.#each(blueprint, name, (count) => count.wrong++);
    }
  }

  #each(blueprint: Blueprint, route: string, change: (count: Count) => void): void {
    change(this.all);
    const resource = blueprint.resources[Number.parseInt(route, 10)];
    for (const [feature, value] of featuresOf(blueprint, resource)) {
      const values = this.byFeature.get(feature) ?? new Map<string, Count>();
      this.byFeature.set(feature, values);
      change(entry(values, value));
    }
  }
}

function featuresOf(blueprint: Blueprint, resource: Resource | undefined): [string, string][] {
  const { style, accounts, authentication, description, traps } = blueprint;
  const common: [string, string][] = [
    ['authentication', authentication],
    ['identities', accounts.from],
    ['description', description],
    ['refusal of strangers', style.refusal],
    ['refusal without log-in', style.turning],
    ['envelope', style.envelope],
    ['noise', style.noise],
    ['parameter', style.parameter],
    ...(traps.length === 0 ? ['none'] : traps).map((trap): [string, string] => ['trap', trap]),
  ];
  if (!resource) return [...common, ['account key', accounts.key]];
  return [
    ...common,
    ['id kind', resource.id],
    ['id place', resource.place],
    ['sharing', resource.sharing],
    ['nested', resource.parent === null ? 'no' : 'yes'],
    ['several ids in', resource.bulk],
    ['tenant in a header', blueprint.tenantHeader ? 'yes' : 'no'],
    ['operations', resource.operations],
    ['creation answers', resource.created],
  ];
}

function none(): Count {
  return { operations: 0, planted: 0, missed: 0, wrong: 0 };
}

function entry(counts: Map<string, Count>, name: string): Count {
  const known = counts.get(name) ?? none();
  counts.set(name, known);
  return known;
}
