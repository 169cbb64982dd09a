const rules = new Intl.PluralRules('en');

/** plural(1, 'call', 'calls') is "1 call". */
export function plural(n: number, one: string, other: string): string {
  return `${n} ${rules.select(n) === 'one' ? one : other}`;
}
