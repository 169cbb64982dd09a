-- Whose feed reader may ask, and what it is given: the Atom feed of messages.

CREATE TABLE feed_links (
  user_id bigint PRIMARY KEY REFERENCES users (id) ON DELETE CASCADE,
  sha256 bytea NOT NULL UNIQUE,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_on date
);
COMMENT ON TABLE feed_links IS
  'The feed''s address of a user, one each: it opens the Atom feed and the audio that it names, while its user may hear messages.';
COMMENT ON COLUMN feed_links.user_id IS 'Whose it is; it goes with them.';
COMMENT ON COLUMN feed_links.sha256 IS 'SHA-256 of the key in the address; the key itself is never kept.';
COMMENT ON COLUMN feed_links.created_at IS 'When it was made; the one before is gone since.';
COMMENT ON COLUMN feed_links.last_used_on IS 'The last day on which it was asked for, UTC.';

-- The newest messages, by when their audio was here.
CREATE INDEX recordings_newest ON recordings (archived_at DESC, sid DESC)
  WHERE mp3_sha256 IS NOT NULL AND removed_at IS NULL;
