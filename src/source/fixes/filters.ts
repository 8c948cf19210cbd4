import { isClientLabel } from '../flow/value.ts';
import { candidate, type Fixer } from './candidate.ts';
import { pairsOf, textOf, writtenAt } from './pairs.ts';
import { behind, nameOf } from './scope-documents.ts';
import { linksOf } from './scope-sqlalchemy.ts';
import { linesBefore, replaced, written } from './source.ts';
import { unitOf } from './compare.ts';
import { abortImports } from './imports.ts';

/** A projection includes, and switches off nothing but `_id`. */
export const unmixProjection: Fixer = ({ match }, { files }) => {
  const at = writtenAt(files, match.site.file, match.site.place);
  if (!at || at.node.kind !== 'Call') return [];
  const { source, node } = at;
  const given = node.keywords.find(({ name }) => name === 'projection')?.value ?? node.args[1];
  const projection = given && behind(given, at);
  if (projection?.kind !== 'Dict') return [];
  const isOff = (value: { readonly kind: string }): boolean => 'value' in value && (value.value === 0 || value.value === false);
  const kept = projection.items.filter(({ key, value }) => !isOff(value) || (key && textOf(key) === '_id'));
  const text = kept.map(({ key, value }) => `${key ? `${written(source, key)}: ` : '**'}${written(source, value)}`).join(', ');
  return kept.length === projection.items.length
    ? []
    : candidate('Include the fields that may leave, and switch off nothing but _id', 'template', [
        replaced(source, projection, `{${text}}`),
      ]);
};

/** The table that the condition is on is joined. */
export const joinEntity: Fixer = ({ match, run }, { files }) => {
  const at = writtenAt(files, match.site.file, match.site.place);
  const entity = match.part;
  const access = run.trace.accesses.find(({ site }) => site.place.start === match.site.place.start);
  if (!at || at.node.kind !== 'Call' || entity === undefined || !access) return [];
  const { source } = at;
  const links = linksOf(at.node, at);
  const start = links.find(
    (each) => (each.kind === 'Attribute' && each.name === 'query') || (each.kind === 'Call' && /^(?:select|query)$/.test(nameOf(each))),
  );
  if (!start) return [];
  const word = entity.replaceAll(/([a-z])([A-Z])/g, '$1_$2').toLowerCase();
  const column = [`${word}_id`, word].find((name) => access.entity?.fields.includes(name) === true);
  const on = column === undefined ? '' : `, ${access.resource}.${column} == ${entity}.id`;
  const isDeclared = access.entity !== undefined && source.text.includes(`ForeignKey(${entity}.`);
  if (column === undefined && !isDeclared) return [];
  return candidate(`Join \`${entity}\``, 'template', [
    { file: source.path, start: start.end, end: start.end, text: `.join(${entity}${on})` },
  ]);
};

/** What comes from JSON is a scalar before it reaches a filter: text where text is stored, else any scalar. */
export const castScalars: Fixer = ({ match, run }, project) => {
  const at = writtenAt(project.files, match.site.file, match.site.place);
  if (!at) return [];
  const { source, statement } = at;
  const fields = new Set(
    run.trace.accesses
      .filter(({ site }) => site.place.start === match.site.place.start)
      .flatMap(({ conditions }) =>
        conditions.flatMap((each) =>
          each.is === 'field' && each.value.labels.has('J') && [...each.value.labels].some(isClientLabel) ? [each.field] : [],
        ),
      ),
  );
  const raw = pairsOf(at).filter(({ field, value }) => fields.has(field) && value.kind !== 'Constant');
  if (raw.length === 0) return [];
  const isText = (field: string): boolean =>
    /name|email|login|password|token|slug|code|title|phone/i.test(field) && !/number|_id$/i.test(field);
  if (raw.every(({ field }) => isText(field))) {
    return candidate(
      'Make text of what is compared with text',
      'template',
      raw.map(({ value }) => replaced(source, value, `str(${written(source, value)})`)),
    );
  }
  const unit = unitOf(source.text);
  const tests = [...new Set(raw.map(({ value }) => `not isinstance(${written(source, value)}, (str, int, float))`))];
  return candidate(
    'Refuse what is no scalar',
    'template',
    [linesBefore(source, statement, [`if ${tests.join(' or ')}:`, `${unit}abort(400)`])],
    abortImports(source, project.files),
  );
};
