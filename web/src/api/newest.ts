/** How many calls the page asks for first: start.ts and calls.ts must ask for the same. */
export const NEWEST_CALLS = 50;
