-- Somebody was signed in with a token.
INSERT INTO api_sessions (sha256, token_id) SELECT sha256('a cookie'), id FROM api_tokens
  WHERE name = 'wallboard';
