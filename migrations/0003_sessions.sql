-- Who is signed in to the page, and where a recording's call is found.

CREATE TABLE api_sessions (
  sha256 bytea PRIMARY KEY,
  token_id bigint NOT NULL REFERENCES api_tokens (id) ON DELETE CASCADE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '30 days'
);
COMMENT ON TABLE api_sessions IS
  'Sign-ins of the page: a cookie each, in the place of a token. One ends with its token.';
COMMENT ON COLUMN api_sessions.sha256 IS 'SHA-256 of the cookie''s value; the value itself is never kept.';
COMMENT ON COLUMN api_sessions.token_id IS 'The token that was exchanged for it; it may do what that may.';
COMMENT ON COLUMN api_sessions.created_at IS 'When somebody signed in.';
COMMENT ON COLUMN api_sessions.expires_at IS
  'Until when it is taken, as long as its cookie (SESSIONS_DAYS); what is older is removed at the next sign-in.';

CREATE INDEX api_sessions_token ON api_sessions (token_id);

-- Audio is asked for by its recording.  Few calls have one, so few pay for it.
CREATE INDEX calls_recording ON calls (((recording).sid)) WHERE (recording).sid IS NOT NULL;
