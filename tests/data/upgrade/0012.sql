-- What was found when all was looked at.
INSERT INTO checkup (host, findings) VALUES ('office', '[]');
