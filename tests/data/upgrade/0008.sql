-- A missed call is known to need nobody.
UPDATE calls SET settled = true WHERE outcome = 'missed';
