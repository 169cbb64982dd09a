-- What the program of schema 3 had in its tables after a simulated call of each story,
-- as pg_dump --data-only --inserts gave it: loaded as soon as this migration was applied.
INSERT INTO public.api_tokens OVERRIDING SYSTEM VALUE VALUES (1, 'admin-20261123-011542', '\xe6b661f7cddbe62dc47d2fca9c4a01d43cd11484b7c982de31c5bc63a4c91fc9', '{admin}', '2026-11-23 01:15:42.930942+00', '2026-11-23', NULL);
INSERT INTO public.api_tokens OVERRIDING SYSTEM VALUE VALUES (2, 'wallboard', '\xf4e07bbf4286305073c2957d8f851047e9721e847b3bb3f37eab6cbe3ee6b0e3', '{read}', '2026-11-23 01:15:43.980884+00', NULL, NULL);
INSERT INTO public.flows OVERRIDING SYSTEM VALUE VALUES (1, '2026-11-23 01:15:43.848435+00', 'mainline flow', '{
  "lines": {
    "+15550100001": { "name": "Main number", "entry": "welcome" },
    "*": { "name": "Acme", "entry": "welcome" }
  },
  "phones": {
    "reception": { "name": "Reception", "number": "+15550100777" }
  },
  "voice": { "name": "Polly.Joanna-Neural", "language": "en-US" },
  "steps": {
    "welcome": {
      "menu": {
        "say": "Thank you for calling Acme. Press 1 to talk to us. Press 2 to leave a message.",
        "keys": { "1": "office", "2": "message" },
        "timeout_s": 6,
        "tries": 3,
        "otherwise": "message"
      }
    },
    "office": {
      "forward": {
        "to": ["reception"],
        "in_turn": false,
        "ring_s": 25,
        "max_s": 14400,
        "caller_id": "caller",
        "accept": { "say": "Call for {line} from {caller}. Press any key to take it." },
        "otherwise": "message"
      }
    },
    "message": {
      "voicemail": {
        "say": "Please leave a message after the tone.",
        "thanks": "Thank you. Goodbye.",
        "max_s": 180,
        "min_s": 2,
        "silence_s": 5,
        "transcribe": false
      }
    }
  }
}
');
SELECT pg_catalog.setval('public.api_tokens_id_seq', 2, true);
SELECT pg_catalog.setval('public.flows_version_seq', 1, true);
