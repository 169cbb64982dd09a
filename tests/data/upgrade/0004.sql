-- A message was brought and listened to, a notice given up, a call erased.
INSERT INTO recordings (line, sid, call_sid, place, mp3_sha256, mp3_bytes)
  SELECT line, (recording).sid, sid, 'folder', sha256('mp3'), 3 FROM calls
  WHERE outcome = 'voicemail' LIMIT 1;
INSERT INTO listens (line, recording_sid, who) SELECT line, sid, 'wallboard' FROM recordings;
INSERT INTO jobs (line, call_sid, kind, channel, state, due_at, attempts, last_error, finished_at)
  SELECT line, sid, 'notify', 'email', 'dead', now(), 9, 'the server is away', now() FROM calls
  WHERE outcome = 'missed' LIMIT 1;
INSERT INTO erased (line, tombstone) VALUES ('+15550100001', sha256('a call that is gone'));
