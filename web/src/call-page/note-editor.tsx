// A colleague's note.  The last one to save wins, and whoever is writing sees it coming.

import { useEffect, useRef, useState } from 'preact/hooks';
import { Icon } from '../components/icons.tsx';
import { text } from '../text.ts';
import type { CallHold } from './use-call.ts';

interface Props {
  note: string | null;
  canMark: boolean;
  mark: CallHold['mark'];
}

type Saving = 'no' | 'busy' | 'saved' | 'failed';
const MOST = 2000;

export function NoteEditor({ note, canMark, mark }: Props) {
  const words = text.callPage.note;
  const kept = note ?? '';
  const [draft, setDraft] = useState(kept);
  const [saving, setSaving] = useState<Saving>('no');
  const theirs = useTheirs(kept, draft, setDraft);
  const isChanged = draft.trim() !== kept;

  const save = async (): Promise<void> => {
    if (!isChanged || saving === 'busy') return;
    setSaving('busy');
    try {
      await mark({ note: draft.trim() === '' ? null : draft.trim() });
      setSaving('saved');
    } catch {
      setSaving('failed');
    }
  };
  const keys = (event: KeyboardEvent): void => {
    if (event.key !== 'Enter' || !(event.ctrlKey || event.metaKey)) return;
    event.preventDefault();
    void save();
  };
  if (!canMark) return <ReadNote note={note} />;
  return (
    <section class="block" aria-labelledby="h-note">
      <h2 id="h-note">
        <label for="note">{words.title}</label>
      </h2>
      <textarea
        class="input note"
        id="note"
        rows={4}
        maxLength={MOST}
        aria-describedby="note-hint"
        value={draft}
        onInput={(event) => {
          setDraft(event.currentTarget.value);
          setSaving('no');
        }}
        onKeyDown={keys}
      />
      <p class="sub" id="note-hint">
        {words.hint} {words.keys}
      </p>
      {theirs !== null && (
        <div class="theirs" role="status">
          <p>{words.changed}</p>
          <blockquote>{theirs}</blockquote>
          <button type="button" class="btn btn-line" onClick={() => setDraft(theirs)}>
            {words.take}
          </button>
        </div>
      )}
      <div class="note-acts">
        <button
          type="button"
          class="btn btn-line"
          aria-disabled={!isChanged || saving === 'busy'}
          onClick={() => void save()}
        >
          {saving === 'busy' ? words.saving : words.save}
        </button>
        <span class="sub" role="status">
          {saving === 'saved' && !isChanged && words.saved}
        </span>
      </div>
      {saving === 'failed' && (
        <p class="err" role="alert">
          <Icon name="alert" small />
          {words.failed}
        </p>
      )}
    </section>
  );
}

function ReadNote({ note }: { note: string | null }) {
  if (note === null) return null;
  return (
    <section class="block" aria-labelledby="h-note">
      <h2 id="h-note">{text.callPage.note.title}</h2>
      <p class="note-text">{note}</p>
    </section>
  );
}

/**
 * What a colleague has saved while another one is being written here; null when nothing.  Who
 * has written nothing simply gets it.
 */
function useTheirs(kept: string, draft: string, setDraft: (draft: string) => void): string | null {
  const before = useRef(kept);
  const [theirs, setTheirs] = useState<string | null>(null);
  useEffect(() => {
    if (kept === before.current) return;
    const isUntouched = draft.trim() === before.current;
    before.current = kept;
    if (isUntouched) setDraft(kept);
    setTheirs(isUntouched || draft.trim() === kept ? null : kept);
  }, [kept, draft, setDraft]);
  return theirs !== null && draft.trim() === theirs ? null : theirs;
}
