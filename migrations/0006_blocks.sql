-- Callers who are turned away.

CREATE TABLE blocks (
  number text PRIMARY KEY CHECK (number ~ '^\+[1-9][0-9]{6,14}$'),
  note text,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL
);
COMMENT ON TABLE blocks IS
  'Callers who are turned away, on every line; carried to every host in the flow''s snapshot.';
COMMENT ON COLUMN blocks.number IS 'The caller''s number in E.164.';
COMMENT ON COLUMN blocks.note IS 'Why, in a colleague''s words.';
COMMENT ON COLUMN blocks.created_at IS 'Since when.';
COMMENT ON COLUMN blocks.created_by IS 'Name of the user or of the token.';
