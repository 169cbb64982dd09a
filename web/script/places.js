const web = new URL('../', import.meta.url);

export const WEB = web;
export const DESCRIPTION = new URL('../openapi/mainline.yaml', web);
export const GENERATED = new URL('generated/schema.d.ts', web);
export const OUT = new URL('../build/web/', web);
