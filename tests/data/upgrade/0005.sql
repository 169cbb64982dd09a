-- Two people, of whom one has not come yet, and one is signed in.
INSERT INTO users (name, role, password) VALUES ('anna', 'admin', '$argon2id$v=19$m=1,t=1,p=1$c2FsdA$aGFzaA');
INSERT INTO users (name, role) VALUES ('bob', 'agent');
INSERT INTO user_links (user_id, sha256) SELECT id, sha256('a link') FROM users WHERE name = 'bob';
INSERT INTO api_sessions (sha256, user_id) SELECT sha256('another cookie'), id FROM users
  WHERE name = 'anna';
INSERT INTO api_tokens (name, sha256, scopes) VALUES ('feed', sha256('a token'), '{feed,mark}');
