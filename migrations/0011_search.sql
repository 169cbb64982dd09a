-- What is found often is searched for among the calls of late first, and this index
-- tells where in the table those are: a number for each 32 pages.
--
-- Calls are written in the order of time, or nearly, and stay in their places; what
-- comes out of the spool later makes a range of pages a little wider.

CREATE INDEX calls_lately ON calls USING brin (first_seen_at)
  WITH (pages_per_range = 32, autosummarize = on);
