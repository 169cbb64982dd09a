// The simulated Twilio. See README.md.

export { PhoneNetwork } from './network.js';
export { STORIES, storyNamed } from './stories.js';
export { PEOPLE } from './people.js';
export { verdictOf } from './model.js';
export { Clock } from './clock.js';
export { Chance, freshSeed } from './random.js';
export { parseTwiml } from './twiml/document.js';
export { decodeForm, encodeForm, valueOf } from './wire/form.js';
