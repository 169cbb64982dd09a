-- What `mainline jobs` found when it last looked at everything, for the page.

CREATE TABLE checkup (
  one boolean PRIMARY KEY DEFAULT true CHECK (one),
  host text NOT NULL,
  checked_at timestamptz NOT NULL DEFAULT now(),
  findings text NOT NULL
);
COMMENT ON TABLE checkup IS 'The last look at all that stands between the caller and the answer: one row.';
COMMENT ON COLUMN checkup.one IS 'True, so that there is one row at most.';
COMMENT ON COLUMN checkup.host IS 'The machine that looked: folders, sockets and clock are its own.';
COMMENT ON COLUMN checkup.checked_at IS 'When it was done.';
COMMENT ON COLUMN checkup.findings IS 'JSON, as `mainline doctor --json` prints it.';
