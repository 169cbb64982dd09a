import type { components } from '../../generated/schema.js';

type Schemas = components['schemas'];

export type Call = Schemas['Call'];
export type CallDetail = Schemas['CallDetail'];
export type CallPage = Schemas['CallPage'];
export type Counts = Schemas['Counts'];
export type Live = Schemas['Live'];
export type LiveCall = Schemas['LiveCall'];
export type Outcome = Schemas['Outcome'];
export type Reason = Schemas['Reason'];
export type Session = Schemas['Identity'];
