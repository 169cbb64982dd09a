// Tells readers who cannot see the page what happened, one sentence in 5 s at most.

import { useEffect, useRef, useState } from 'preact/hooks';

const EVERY_MS = 5_000;

export function News({ sentence }: { sentence: string | null }) {
  const [said, setSaid] = useState('');
  const saidAt = useRef(0);
  useEffect(() => {
    if (sentence === null) return;
    const wait = Math.max(0, saidAt.current + EVERY_MS - Date.now());
    const timer = setTimeout(() => {
      saidAt.current = Date.now();
      setSaid(sentence);
    }, wait);
    return () => clearTimeout(timer);
  }, [sentence]);
  return (
    <p class="vh" role="status">
      {said}
    </p>
  );
}
