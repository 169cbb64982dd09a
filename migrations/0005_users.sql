-- Who may sign in, and what a token may be for.

ALTER TABLE api_tokens DROP CONSTRAINT api_tokens_scopes_check;
ALTER TABLE api_tokens ADD CONSTRAINT api_tokens_scopes_check CHECK (
  cardinality(scopes) > 0 AND
  scopes <@ ARRAY['read', 'audio', 'mark', 'metrics', 'feed', 'admin']);
COMMENT ON COLUMN api_tokens.scopes IS
  'read, audio, mark, metrics, feed; admin includes them all.';
