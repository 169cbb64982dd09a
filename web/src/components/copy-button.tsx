// Copies a text, and says so where it was pressed.

import { useEffect, useState } from 'preact/hooks';
import { Icon } from './icons.tsx';

interface Props {
  value: string;
  words: string;
  /** Said instead for a while. */
  copied: string;
  /** When the words alone do not say of what. */
  label?: string;
  class?: string;
}

const SAID_MS = 2_000;

export function CopyButton({ value, words, copied, label, class: name = 'btn' }: Props) {
  const [isCopied, setCopied] = useState(false);
  useEffect(() => {
    if (!isCopied) return;
    const timer = setTimeout(() => setCopied(false), SAID_MS);
    return () => clearTimeout(timer);
  }, [isCopied]);
  const copy = (): void => {
    navigator.clipboard?.writeText(value).then(
      () => setCopied(true),
      () => setCopied(false),
    );
  };
  return (
    <>
      <button type="button" class={name} aria-label={label} onClick={copy}>
        <Icon name={isCopied ? 'check' : 'copy'} small />
        {isCopied ? copied : words}
      </button>
      <span class="vh" role="status">
        {isCopied && copied}
      </span>
    </>
  );
}
