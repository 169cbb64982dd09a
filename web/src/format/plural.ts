/** The forms that a counted word takes; English and French need no others. */
export interface Forms {
  one: string;
  other: string;
}

/** pluralOf('en')(1, { one: 'call', other: 'calls' }) is "1 call". */
export function pluralOf(language: string): (n: number, forms: Forms) => string {
  const rules = new Intl.PluralRules(language);
  const numbers = new Intl.NumberFormat(language);
  return (n, { one, other }) => {
    return `${numbers.format(n)} ${rules.select(n) === 'one' ? one : other}`;
  };
}
