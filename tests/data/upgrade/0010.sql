-- Somebody's feed.
INSERT INTO feed_links (user_id, sha256) SELECT id, sha256('a key') FROM users WHERE name = 'anna';
