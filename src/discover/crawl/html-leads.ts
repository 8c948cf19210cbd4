import type { RawLead } from './leads.ts';

const tags = /<(a|form|script|input|select|textarea|iframe|\/form)\b([^<>]{0,2000})>/gi;
const calls =
  /\b(?:fetch|axios(?:\.(get|post|put|patch|delete))?|\$\.(?:get|post|ajax|getJSON)|\.open\(\s*["'](GET|POST|PUT|PATCH|DELETE)["']\s*,)\s*(?:\(\s*)?(["'`])((?:\/|https?:\/\/)[^"'`\s]{0,300})\3([^;]{0,200})/gi;

/** Links, frames, scripts and forms of a page. Anchors lead to pages; forms become operations with their fields. */
export function htmlLeads(html: string): RawLead[] {
  const leads: RawLead[] = [];
  let form: { method: string; reference: string; mediaType: string; fields: Record<string, string> } | undefined;
  const close = (): void => {
    if (form !== undefined) leads.push({ ...form, kind: 'link' });
    form = undefined;
  };
  for (const [, tag = '', attributes = ''] of html.matchAll(tags)) {
    switch (tag.toLowerCase()) {
      case 'a':
        leads.push(...pageLead(attributeOf(attributes, 'href')));
        break;
      case 'iframe':
      case 'script':
        leads.push(...pageLead(attributeOf(attributes, 'src')));
        break;
      case 'form':
        close();
        form = {
          method: (attributeOf(attributes, 'method') ?? 'GET').toUpperCase(),
          reference: attributeOf(attributes, 'action') ?? '',
          mediaType: attributeOf(attributes, 'enctype') ?? 'application/x-www-form-urlencoded',
          fields: {},
        };
        break;
      case '/form':
        close();
        break;
      default: {
        const name = attributeOf(attributes, 'name');
        if (form !== undefined && name !== undefined) form.fields[name] = attributeOf(attributes, 'value') ?? '';
      }
    }
  }
  close();
  return leads;
}

function pageLead(reference: string | undefined): RawLead[] {
  if (reference === undefined || /^(?:#|mailto:|javascript:|tel:|data:)/i.test(reference)) return [];
  if (/\.(?:png|jpe?g|gif|svg|ico|css|woff2?|ttf|pdf|zip|mp4|map)(?:\?|$)/i.test(reference)) return [];
  return [{ method: 'GET', reference, kind: 'page' }];
}

function attributeOf(attributes: string, name: string): string | undefined {
  const match = new RegExp(`(?:^|\\s)${name}\\s*=\\s*(?:"([^"]*)"|'([^']*)'|([^\\s"'>]+))`, 'i').exec(attributes);
  const value = match?.[1] ?? match?.[2] ?? match?.[3];
  return value?.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'");
}

/** Calls that a script makes: `fetch('/api/orders/' …)`, `axios.post(…)`, `xhr.open('GET', …)`. */
export function scriptLeads(script: string): RawLead[] {
  return [...script.matchAll(calls)].map(([call, axios, opened, , reference = '', rest = '']) => {
    const declared = /\b(?:method|type)["']?\s*:\s*["'](\w+)["']/i.exec(rest.split(/\bfetch\b/)[0] ?? '')?.[1];
    const jquery = /^\$\.post/i.test(call) ? 'POST' : undefined;
    // A path that ends in a slash and is added to (`'/orders/' + id`) ends in a parameter.
    const path = /^\s*\+/.test(rest) && reference.endsWith('/') ? `${reference}{id}` : reference;
    const fields = fieldsOf(rest);
    return {
      method: (opened ?? axios ?? declared ?? jquery ?? 'GET').toUpperCase(),
      reference: path.replaceAll('${', '{'),
      kind: 'link',
      ...(fields === undefined ? {} : { fields, mediaType: 'application/json' }),
    };
  });
}

/** Property names of the object in `JSON.stringify({ … })`, when it is a plain one. */
function fieldsOf(rest: string): Record<string, string> | undefined {
  const body = /JSON\.stringify\(\s*\{([^{}]{0,200})\}/.exec(rest)?.[1];
  if (body === undefined) return undefined;
  const names = body.split(',').flatMap((entry) => /^\s*["']?([A-Za-z_]\w*)["']?\s*(?::|$)/.exec(entry)?.[1] ?? []);
  return Object.fromEntries(names.map((name) => [name, '']));
}
