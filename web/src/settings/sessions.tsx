// Signing out everywhere.

import { useState } from 'preact/hooks';
import { signOutEverywhere } from '../api/session.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { useSession } from '../session/context.ts';
import { text } from '../text.ts';

export function Sessions() {
  const words = text.settings.sessions;
  const { onEnded } = useSession();
  const [isAsked, setAsked] = useState(false);
  return (
    <section class="set" aria-labelledby="set-sessions">
      <h2 id="set-sessions">{words.title}</h2>
      <p class="sub">{words.about}</p>
      <div class="set-acts">
        <button type="button" class="btn btn-line btn-lg" onClick={() => setAsked(true)}>
          {words.end}
        </button>
      </div>
      {isAsked && (
        <ConfirmDialog
          title={words.ask}
          words={words.askWords}
          yes={words.yes}
          no={words.no}
          onYes={async () => {
            await signOutEverywhere();
            onEnded();
          }}
          failed={({ code }) => words.failed(code)}
          onClose={() => setAsked(false)}
        />
      )}
    </section>
  );
}
