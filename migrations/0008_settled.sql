-- Missed calls that need nobody any more.
--
-- By itself: a new column closes the table to readers as well, for as long as its
-- transaction lasts, and the indexes of the next file take a while.  Whoever reads
-- for long (a backup) is not waited for, or all others would wait behind this.
SET LOCAL lock_timeout = '3s';

ALTER TABLE calls ADD COLUMN settled boolean NOT NULL DEFAULT false;
COMMENT ON COLUMN calls.settled IS
  'Missed or abandoned, and the caller was answered later: noted by the background work, so that the feed need not look at it again. No fact, a memory: false says nothing.';
