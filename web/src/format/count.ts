/** The API counts to 100: that means 100 or more. */
export function capped(n: number): string {
  return n >= 100 ? '99+' : String(n);
}
