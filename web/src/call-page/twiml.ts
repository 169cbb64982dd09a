// TwiML for people: what it says to the caller, and the document with one element a line.

const ENTITIES: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'" };

function unescaped(text: string): string {
  return text.replace(/&(#x[0-9a-f]+|#\d+|\w+);/gi, (whole, name: string) => {
    if (/^#x/i.test(name)) return String.fromCodePoint(parseInt(name.slice(2), 16));
    if (name.startsWith('#')) return String.fromCodePoint(Number(name.slice(1)));
    return ENTITIES[name] ?? whole;
  });
}

/** All that is spoken, in order; null when nothing is. */
export function spokenIn(twiml: string): string | null {
  const parts = [...twiml.matchAll(/<Say\b[^>]*>([\s\S]*?)<\/Say>/g)].map(([, inner = '']) =>
    unescaped(inner.replace(/<[^>]*>/g, ' '))
      .replace(/\s+/g, ' ')
      .trim(),
  );
  const spoken = parts.filter((part) => part !== '').join(' ');
  return spoken === '' ? null : spoken;
}

/** One element a line, two spaces a level; an element that holds only text stays on one. */
export function prettyXml(xml: string): string {
  const tokens = xml.match(/<[^>]*>?|[^<]+/g) ?? [];
  const lines: string[] = [];
  let depth = 0;
  for (let i = 0; i < tokens.length; i += 1) {
    const token = tokens[i] ?? '';
    if (token.trim() === '') continue;
    if (token.startsWith('</')) depth = Math.max(0, depth - 1);
    const [text, close] = [tokens[i + 1] ?? '', tokens[i + 2] ?? ''];
    if (isOpening(token) && !text.startsWith('<') && close.startsWith('</')) {
      lines.push('  '.repeat(depth) + token + text.trim() + close);
      i += 2;
      continue;
    }
    lines.push('  '.repeat(depth) + token.trim());
    if (isOpening(token)) depth += 1;
  }
  return lines.join('\n');
}

function isOpening(token: string): boolean {
  return /^<[^/?!]/.test(token) && !token.endsWith('/>');
}
