import { useEffect, useRef, useState } from 'preact/hooks';
import type { Desk } from '../feed/desk.ts';
import { text } from '../text.ts';
import { toasts } from '../toasts/toasts.ts';

const SHOWN_MS = 2_000;

/** Copies a number, and says for a moment that it did. */
export function useCopy(desk: Desk): {
  isCopied: boolean;
  copy: (number: string) => Promise<void>;
} {
  const [isCopied, setCopied] = useState(false);
  const timer = useRef<ReturnType<typeof setTimeout>>(undefined);
  useEffect(() => () => clearTimeout(timer.current), []);
  const copy = async (number: string): Promise<void> => {
    try {
      await navigator.clipboard.writeText(number);
    } catch {
      toasts.show({ kind: 'failed', words: `${text.row.copyFailed}: ${number}` });
      return;
    }
    setCopied(true);
    desk.say(text.row.copied);
    clearTimeout(timer.current);
    timer.current = setTimeout(() => setCopied(false), SHOWN_MS);
  };
  return { isCopied, copy };
}
