-- The published versions of the flow document, and who may read the API.

CREATE TABLE flows (
  version integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  published_at timestamptz NOT NULL DEFAULT now(),
  published_by text NOT NULL,
  document text NOT NULL
);
COMMENT ON TABLE flows IS 'Published versions of the flow document, append-only.';
COMMENT ON COLUMN flows.version IS 'From 1; travels in the URLs of every call that began with it.';
COMMENT ON COLUMN flows.published_at IS 'It becomes the entry version 30 s later, the first of all at once.';
COMMENT ON COLUMN flows.published_by IS 'Who published it: a system user, or a user of the page.';
COMMENT ON COLUMN flows.document IS 'The JSON text as published; checked before it came here.';

CREATE TABLE api_tokens (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  sha256 bytea NOT NULL UNIQUE,
  scopes text[] NOT NULL CHECK (
    cardinality(scopes) > 0 AND
    scopes <@ ARRAY['read', 'audio', 'metrics', 'admin']),
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_on date,
  revoked_at timestamptz
);
COMMENT ON TABLE api_tokens IS 'Bearer tokens of the JSON API; the token itself is never kept.';
COMMENT ON COLUMN api_tokens.id IS 'For mainline token revoke.';
COMMENT ON COLUMN api_tokens.name IS 'What it is for, in words.';
COMMENT ON COLUMN api_tokens.sha256 IS 'SHA-256 of the token as sent.';
COMMENT ON COLUMN api_tokens.scopes IS 'read, audio, metrics; admin includes them all.';
COMMENT ON COLUMN api_tokens.created_at IS 'When it was made.';
COMMENT ON COLUMN api_tokens.last_used_on IS 'The last day on which it was used, UTC.';
COMMENT ON COLUMN api_tokens.revoked_at IS 'Since when it is refused.';

-- A token must be unique among those in use only by its secret, but a name that
-- is used twice at a time would make revoking by name ambiguous.
CREATE UNIQUE INDEX api_tokens_name ON api_tokens (name) WHERE revoked_at IS NULL;
