// Callers who are turned away, for admins.

import { useRef, useState } from 'preact/hooks';
import { block, listBlocks, unblock, type Block } from '../api/blocks.ts';
import { unreachable } from '../api/failure.ts';
import { shortTime } from '../call-page/clock.ts';
import { Field } from '../components/field.tsx';
import { useTitle } from '../components/hooks.ts';
import { Icon } from '../components/icons.tsx';
import { Notice } from '../components/notice.tsx';
import { readersLocale } from '../format/locale.ts';
import { grouped } from '../format/phone.ts';
import { fullTime } from '../format/time.ts';
import { e164Of } from '../settings/number-entry.ts';
import { useLoaded } from '../settings/use-loaded.ts';
import { text } from '../text.ts';

export function BlocksPage() {
  const words = text.blocks;
  useTitle(text.pageTitle(words.title));
  const { state, set, again } = useLoaded(listBlocks);
  const [said, setSaid] = useState('');
  return (
    <>
      <div class="head">
        <h1>{words.title}</h1>
      </div>
      <p class="lede">{words.about}</p>
      <div class="wrap settings" aria-busy={state.is === 'loading'}>
        <p class="good" role="status">
          {state.is === 'loading' ? words.loading : said}
        </p>
        {state.is === 'failed' && (
          <Notice title={words.failedLoad} failure={state.failure} level="h2" onAgain={again} />
        )}
        {state.is === 'here' && (
          <>
            <AddBlock
              blocks={state.value}
              onAdded={(added) => {
                set([added, ...state.value.filter(({ number }) => number !== added.number)]);
                setSaid(words.added(grouped(added.number)));
              }}
            />
            <List
              blocks={state.value}
              onRemoved={(removed) => {
                set(state.value.filter(({ number }) => number !== removed));
                setSaid(words.removed(grouped(removed)));
              }}
            />
          </>
        )}
      </div>
    </>
  );
}

function AddBlock({ blocks, onAdded }: { blocks: Block[]; onAdded: (block: Block) => void }) {
  const words = text.blocks;
  const form = useRef<HTMLFormElement>(null);
  const number = useRef<HTMLInputElement>(null);
  const note = useRef<HTMLInputElement>(null);
  const [error, setError] = useState<string | null>(null);
  const [isBusy, setBusy] = useState(false);

  const refuse = (fault: string): void => {
    setError(fault);
    number.current?.focus();
  };
  const submit = async (event: SubmitEvent): Promise<void> => {
    event.preventDefault();
    if (isBusy) return;
    const entered = e164Of(number.current?.value ?? '');
    if (entered === null) return refuse(words.wrong);
    if (blocks.some((each) => each.number === entered)) {
      return refuse(words.already(grouped(entered)));
    }
    setBusy(true);
    setError(null);
    try {
      onAdded(await block(entered, note.current?.value.trim() || null));
      form.current?.reset();
      number.current?.focus();
    } catch (reason) {
      const { code } = unreachable(reason);
      refuse(code === 'is_our_line' ? words.ours : words.failed(code));
    } finally {
      setBusy(false);
    }
  };
  return (
    <section class="set" aria-labelledby="block-add">
      <h2 id="block-add">{words.add}</h2>
      <form class="set-form" noValidate ref={form} onSubmit={submit}>
        <Field
          id="block-number"
          label={words.number}
          autocomplete="off"
          inputRef={number}
          error={error}
          hint={words.numberHint}
        />
        <Field
          id="block-note"
          label={words.note}
          autocomplete="off"
          inputRef={note}
          error={null}
          hint={words.noteHint}
        />
        <div class="set-acts">
          <button type="submit" class="btn btn-solid btn-lg" aria-disabled={isBusy}>
            {isBusy ? words.busy : words.submit}
          </button>
        </div>
      </form>
    </section>
  );
}

function List({ blocks, onRemoved }: { blocks: Block[]; onRemoved: (number: string) => void }) {
  const words = text.blocks;
  const heading = useRef<HTMLHeadingElement>(null);
  const remove = async (number: string): Promise<void> => {
    await unblock(number);
    onRemoved(number);
    // The button is gone with its row.
    heading.current?.focus({ preventScroll: true });
  };
  return (
    <section class="set" aria-labelledby="block-list">
      <h2 id="block-list" ref={heading} tabIndex={-1}>
        {words.list} {blocks.length > 0 && <span class="sub">{words.count(blocks.length)}</span>}
      </h2>
      {blocks.length === 0 ? (
        <p class="sub">
          {words.none.title}. {words.none.words}
        </p>
      ) : (
        <ul class="things">
          {blocks.map((each) => (
            <Blocked key={each.number} block={each} onRemove={() => remove(each.number)} />
          ))}
        </ul>
      )}
    </section>
  );
}

function Blocked({ block: each, onRemove }: { block: Block; onRemove: () => Promise<void> }) {
  const words = text.blocks;
  const locale = readersLocale();
  const [error, setError] = useState<string | null>(null);
  const at = new Date(each.created_at);
  const remove = (): void => {
    setError(null);
    onRemove().catch((reason) => setError(words.failed(unreachable(reason).code)));
  };
  return (
    <li>
      <Icon name="blocked" />
      <div>
        <b>{grouped(each.number)}</b>
        {each.note !== null && <p>{each.note}</p>}
        <p class="sub" title={fullTime(at, locale)}>
          {words.by(each.created_by, shortTime(at, locale))} ·{' '}
          <a href={`/?${new URLSearchParams({ q: each.number })}`}>{words.calls}</a>
        </p>
        {error !== null && (
          <p class="err" role="alert">
            {error}
          </p>
        )}
      </div>
      <button
        type="button"
        class="btn btn-line"
        aria-label={words.removeLabel(grouped(each.number))}
        onClick={remove}
      >
        {words.remove}
      </button>
    </li>
  );
}
