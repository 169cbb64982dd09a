-- A caller is turned away.
INSERT INTO blocks (number, note, created_by) VALUES ('+15550100009', 'Sells windows', 'anna');
