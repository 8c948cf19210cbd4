/** HTML that may be put into a page as it is. */
export interface Markup {
  readonly html: string;
}

type Part = Markup | string | number | readonly Part[] | undefined;

/** A template whose values are escaped, unless they are markup themselves; lists are joined, `undefined` is nothing. */
export function html(strings: TemplateStringsArray, ...parts: readonly Part[]): Markup {
  return { html: strings.reduce((text, piece, index) => `${text}${rendered(parts[index - 1])}${piece}`) };
}

/** Text as HTML: safe between tags and in quoted attributes. Characters that HTML cannot hold are dropped. */
export function escape(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f-\u009f\u202a-\u202e\u2066-\u2069]/g, '')
    .replaceAll(/[&<>"'`]/g, (char) => `&#${char.charCodeAt(0)};`);
}

function rendered(part: Part): string {
  if (part === undefined) return '';
  if (typeof part === 'string' || typeof part === 'number') return escape(String(part));
  return 'html' in part ? part.html : part.map(rendered).join('');
}
