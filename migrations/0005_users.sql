-- Who may sign in, and what a token may be for.

ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_scopes_check;
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_scopes_check CHECK (
  cardinality(scopes) > 0 AND
  scopes <@ ARRAY['read', 'audio', 'mark', 'metrics', 'feed', 'admin']);
COMMENT ON COLUMN api_tokens.scopes IS
  'read, audio, mark, metrics, feed; admin includes them all.';

-- Who is removed leaves no row.  What they did is kept with their name as text,
-- not by a reference, so nothing else has to be.
CREATE TABLE users (
  id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  name text NOT NULL,
  role text NOT NULL CHECK (role IN ('reader', 'agent', 'admin')),
  password text,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_seen_on date
);
COMMENT ON TABLE users IS 'People who may sign in to the page.';
COMMENT ON COLUMN users.id IS 'For references; a name may be given again.';
COMMENT ON COLUMN users.name IS 'What they sign in with, in any case; an e-mail address where oauth2-proxy says who it is.';
COMMENT ON COLUMN users.role IS 'reader: read; agent: read, audio and mark; admin: everything.';
COMMENT ON COLUMN users.password IS 'argon2id as libsodium writes it, with its salt and cost; NULL while none was chosen.';
COMMENT ON COLUMN users.created_at IS 'When it was made.';
COMMENT ON COLUMN users.last_seen_on IS 'The last day on which they were here, UTC.';

CREATE UNIQUE INDEX users_name ON users (lower(name));

CREATE TABLE user_links (
  user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  sha256 bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL DEFAULT now() + interval '24 hours'
);
COMMENT ON TABLE user_links IS 'Links that sign somebody in once, without a password; one a user. Used, it is removed.';
COMMENT ON COLUMN user_links.user_id IS 'Whom it signs in.';
COMMENT ON COLUMN user_links.sha256 IS 'SHA-256 of its secret, which is never kept.';
COMMENT ON COLUMN user_links.created_at IS 'When it was made.';
COMMENT ON COLUMN user_links.expires_at IS 'Until when it works.';

-- Of names that nobody has as well: else a lock would tell which ones there are.
CREATE TABLE sign_in_failures (
  name_sha256 bytea PRIMARY KEY,
  failures integer NOT NULL,
  last_at timestamptz NOT NULL,
  locked_until timestamptz
);
COMMENT ON TABLE sign_in_failures IS 'Wrong passwords in a row, by name; forgotten after a day, or when the right one came.';
COMMENT ON COLUMN sign_in_failures.name_sha256 IS 'SHA-256 of the name in lower case: people type passwords there by mistake.';
COMMENT ON COLUMN sign_in_failures.failures IS 'Attempts since the last good one; counted before the password is looked at.';
COMMENT ON COLUMN sign_in_failures.last_at IS 'When the last of them came.';
COMMENT ON COLUMN sign_in_failures.locked_until IS 'Until when no password is looked at; NULL: they may go on.';

ALTER TABLE api_sessions ALTER COLUMN token_id DROP NOT NULL;
ALTER TABLE api_sessions ADD COLUMN user_id bigint REFERENCES users (id) ON DELETE CASCADE;
ALTER TABLE api_sessions ADD COLUMN by_link boolean NOT NULL DEFAULT false;
ALTER TABLE api_sessions ADD CONSTRAINT api_sessions_of_one CHECK (num_nonnulls(token_id, user_id) = 1);
COMMENT ON TABLE api_sessions IS
  'Sign-ins of the page: a cookie each, of a user or in the place of a token. One ends with either.';
COMMENT ON COLUMN api_sessions.token_id IS 'The token that was exchanged for it; it may do what that may. NULL: a user''s.';
COMMENT ON COLUMN api_sessions.user_id IS 'Who signed in; it may do what their role may at the time. NULL: a token''s.';
COMMENT ON COLUMN api_sessions.by_link IS 'Opened by a link: for a while the password may be set without the one before.';

CREATE INDEX api_sessions_user ON api_sessions (user_id);
