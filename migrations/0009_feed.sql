-- What the feed's filters, its search and its figures are answered from.
--
-- Each index costs every call: an entry when the call comes, and one whenever a
-- column that any index is about changes (its end, its recording).  So there are
-- few, and none is about a column that changes while a call goes on: those updates
-- stay in their page (HOT).
--
-- While an index is made, calls can be read and not written: their events wait in
-- the spool, and callers are answered.

-- Parts of numbers and of names are found by their three letters in a row.  The
-- extension is of PostgreSQL's own contrib, and trusted: who owns the database may
-- create it.
DO $$
BEGIN
  IF NOT EXISTS (SELECT FROM pg_extension WHERE extname = 'pg_trgm') THEN
    CREATE EXTENSION pg_trgm;
  END IF;
EXCEPTION
  WHEN insufficient_privilege THEN
    RAISE EXCEPTION 'the extension pg_trgm is needed, and this role may not create it; '
      'let the owner of the database or a superuser run "CREATE EXTENSION pg_trgm" in %, then migrate again',
      quote_ident(current_database());
  WHEN undefined_file OR feature_not_supported THEN
    RAISE EXCEPTION 'the extension pg_trgm is needed, and this server lacks it; '
      'install PostgreSQL''s contrib package on its machine (Debian''s "postgresql" has it), then migrate again';
END $$;

-- The calls stand on shelves: one for each combination of what a filter may ask for.
-- A page of any of them is merged from the newest of its shelves, line by line, so it
-- costs the same whatever is rare and whatever is long ago.
CREATE FUNCTION call_shelf(
  outcome text,
  message boolean, -- there is one
  heard boolean,   -- it was marked so
  closed boolean   -- nobody need get back to the caller
) RETURNS smallint
LANGUAGE sql IMMUTABLE PARALLEL SAFE
RETURN (
  8 * coalesce(array_position(ARRAY['answered', 'voicemail', 'missed', 'abandoned',
    'blocked', 'failed'], outcome), 0)
  + CASE WHEN message THEN 4 ELSE 0 END
  + CASE WHEN heard THEN 2 ELSE 0 END
  + CASE WHEN closed THEN 1 ELSE 0 END)::smallint;
COMMENT ON FUNCTION call_shelf IS
  'Where a call is found by the feed''s filters: eight times its outcome (0 while it lasts), 4 with a message, 2 when heard, 1 when nobody need get back to the caller.';

CREATE INDEX calls_shelf ON calls (line,
  call_shelf(outcome, (recording).message, heard_at IS NOT NULL, done_at IS NOT NULL OR settled),
  first_seen_at DESC, sid DESC);

-- Only calls that are over: an entry here has some twenty parts.  Who waits for a
-- flush of what came last waits for little.
DO $$
BEGIN
  EXECUTE format('CREATE INDEX calls_search ON calls '
    'USING gin (from_number %1$I.gin_trgm_ops, caller_name %1$I.gin_trgm_ops) '
    'WITH (gin_pending_list_limit = 512) WHERE outcome IS NOT NULL',
    (SELECT nspname FROM pg_extension e JOIN pg_namespace n ON n.oid = e.extnamespace
      WHERE extname = 'pg_trgm'));
END $$;

-- The planner learns how many calls stand on each shelf; else it guesses until
-- autovacuum comes by.
ANALYZE calls;
