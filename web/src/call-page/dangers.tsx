// What an admin may do to a caller or to a call: turn the number away, erase the call.

import { useEffect, useRef, useState } from 'preact/hooks';
import { block, blockOf, unblock, type Block } from '../api/blocks.ts';
import { eraseCall } from '../api/call-erase.ts';
import type { Failure } from '../api/failure.ts';
import type { CallDetail } from '../api/types.ts';
import { ConfirmDialog } from '../components/confirm-dialog.tsx';
import { Icon } from '../components/icons.tsx';
import { grouped } from '../format/phone.ts';
import { text } from '../text.ts';
import { failureWords } from './hero.tsx';

const E164 = /^\+[1-9]\d{6,14}$/;

interface Props {
  detail: CallDetail;
  onErased: () => void;
}

export function Dangers({ detail, onErased }: Props) {
  const [asked, setAsked] = useState<'block' | 'erase' | null>(null);
  const number = E164.test(detail.from ?? '') ? detail.from : null;
  const [blocked, setBlocked] = useBlock(number);
  const words = text.callPage;
  const close = (): void => setAsked(null);
  return (
    <section class="block" aria-label={text.callPage.actions}>
      {blocked !== null && (
        <p class="sub is-blocked">
          <Icon name="blocked" small />
          {words.block.is} {blocked.note}
        </p>
      )}
      <div class="stack">
        {number !== null && (
          <button type="button" class="btn" onClick={() => setAsked('block')}>
            <Icon name="blocked" small />
            {blocked === null ? words.block.block : words.block.unblock}
          </button>
        )}
        <button type="button" class="btn btn-danger" onClick={() => setAsked('erase')}>
          <Icon name="trash" small />
          {words.erase.erase}
        </button>
      </div>
      {asked === 'block' && number !== null && (
        <AskBlock {...{ number, blocked, close }} onBlock={setBlocked} />
      )}
      {asked === 'erase' && <AskErase sid={detail.sid} close={close} onErased={onErased} />}
    </section>
  );
}

interface AskBlockProps {
  number: string;
  blocked: Block | null;
  close: () => void;
  onBlock: (block: Block | null) => void;
}

function AskBlock({ number, blocked, close, onBlock }: AskBlockProps) {
  const words = text.callPage.block;
  const isBlocked = blocked !== null;
  const failed = (failure: Failure): string =>
    failure.code === 'is_our_line' ? words.ours : failureWords(failure);
  const yes = async (): Promise<void> => {
    if (isBlocked) await unblock(number);
    onBlock(isBlocked ? null : await block(number, null));
    close();
  };
  return (
    <ConfirmDialog
      title={(isBlocked ? words.unblockTitle : words.title)(grouped(number))}
      words={isBlocked ? words.unblockWords : words.words}
      yes={isBlocked ? words.unblockYes : words.yes}
      no={words.no}
      onYes={yes}
      failed={failed}
      onClose={close}
    />
  );
}

function AskErase({
  sid,
  close,
  onErased,
}: {
  sid: string;
  close: () => void;
  onErased: () => void;
}) {
  const words = text.callPage.erase;
  const field = useRef<HTMLInputElement>(null);
  const isTyped = (): boolean => field.current?.value.trim().toLowerCase() === words.word;
  return (
    <ConfirmDialog
      title={words.title}
      words={words.words}
      yes={words.yes}
      no={words.no}
      isDanger
      fault={() => (isTyped() ? null : words.wrong(words.word))}
      onYes={async () => {
        await eraseCall(sid);
        onErased();
      }}
      failed={failureWords}
      onClose={close}
    >
      <div class="field">
        <label for="erase-word">{words.type(words.word)}</label>
        <input
          class="input"
          id="erase-word"
          ref={field}
          type="text"
          autocomplete="off"
          autocapitalize="none"
          spellcheck={false}
        />
      </div>
    </ConfirmDialog>
  );
}

/** Whether a number is turned away; null also while that is not known. */
function useBlock(number: string | null): [Block | null, (block: Block | null) => void] {
  const [blocked, setBlocked] = useState<Block | null>(null);
  useEffect(() => {
    let isWanted = true;
    if (number !== null) {
      blockOf(number).then(
        (found) => {
          if (isWanted) setBlocked(found);
        },
        () => undefined,
      );
    }
    return () => {
      isWanted = false;
    };
  }, [number]);
  return [blocked, setBlocked];
}
