// Is there a keypad to try a call with?  The simulator serves it, on the machine that it runs
// on; anywhere else nobody is asked.

import { useEffect, useState } from 'preact/hooks';

const LOCAL = ['localhost', '127.0.0.1', '[::1]'];

let answer: Promise<boolean> | undefined;

async function ask(): Promise<boolean> {
  if (!LOCAL.includes(location.hostname)) return false;
  try {
    return (await fetch('/keypad/status')).ok;
  } catch {
    return false;
  }
}

export function useKeypad(): boolean {
  const [isThere, setThere] = useState(false);
  useEffect(() => {
    answer ??= ask();
    void answer.then(setThere);
  }, []);
  return isThere;
}
