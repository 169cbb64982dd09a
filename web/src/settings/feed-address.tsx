// My voicemail feed: an address that is a secret, shown once.

import { useCallback, useEffect, useState } from 'preact/hooks';
import { feedLink, makeFeedLink, revokeFeedLink, type FeedLink } from '../api/feed-link.ts';
import { unreachable } from '../api/failure.ts';
import { dayOnly } from '../call-page/clock.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { Icon } from '../components/icons.tsx';
import { readersLocale } from '../format/locale.ts';
import { text } from '../text.ts';

type State =
  { is: 'loading' } | { is: 'unknown' } | { is: 'here'; link: FeedLink; url: string | null };

export function FeedAddress() {
  const words = text.settings.feed;
  const [state, setState] = useState<State>({ is: 'loading' });
  const [error, setError] = useState<string | null>(null);
  const [isRevoked, setRevoked] = useState(false);

  const load = useCallback(async () => {
    try {
      setState({ is: 'here', link: await feedLink(), url: null });
    } catch {
      setState({ is: 'unknown' });
    }
  }, []);
  useEffect(() => void load(), [load]);

  const attempt = (act: () => Promise<void>): void => {
    setError(null);
    setRevoked(false);
    act().catch((reason) => setError(words.failed(unreachable(reason).code)));
  };
  const make = async (): Promise<void> => {
    const url = await makeFeedLink();
    const link = { created_at: new Date().toISOString(), last_used_on: null };
    setState({ is: 'here', link, url });
  };
  const revoke = async (): Promise<void> => {
    await revokeFeedLink();
    setState({ is: 'here', link: { created_at: null, last_used_on: null }, url: null });
    setRevoked(true);
  };
  return (
    <section class="set" aria-labelledby="set-feed">
      <h2 id="set-feed">{words.title}</h2>
      <p class="sub">{words.about}</p>
      {state.is === 'unknown' && <Wrong words={words.loadFailed} />}
      {state.is === 'here' && (
        <>
          {state.url === null ? (
            <p>{state.link.created_at === null ? words.none : since(state.link)}</p>
          ) : (
            <Made url={state.url} />
          )}
          <div class="set-acts">
            <button type="button" class="btn btn-line btn-lg" onClick={() => attempt(make)}>
              {state.link.created_at === null ? words.make : words.remake}
            </button>
            {state.link.created_at !== null && (
              <button type="button" class="btn btn-lg btn-danger" onClick={() => attempt(revoke)}>
                {words.revoke}
              </button>
            )}
          </div>
          {state.link.created_at !== null && <p class="sub">{words.remakeHint}</p>}
        </>
      )}
      {error !== null && <Wrong words={error} />}
      <p class="good" role="status">
        {isRevoked && words.revoked}
      </p>
    </section>
  );
}

function Wrong({ words }: { words: string }) {
  return (
    <p class="err" role="alert">
      <Icon name="alert" small />
      {words}
    </p>
  );
}

function since({ created_at, last_used_on }: FeedLink): string {
  const words = text.settings.feed;
  const locale = readersLocale();
  const made = words.since(dayOnly(created_at ?? '', locale));
  const used = last_used_on === null ? words.never : words.used(dayOnly(last_used_on, locale));
  return `${made} ${used}`;
}

function Made({ url }: { url: string }) {
  const words = text.settings.feed;
  return (
    <div class="field made" role="status">
      <label for="feed-address">{words.made}</label>
      <div class="made-row">
        <input
          class="input mono"
          id="feed-address"
          type="text"
          readOnly
          value={url}
          onFocus={(event) => event.currentTarget.select()}
        />
        <CopyButton class="btn btn-solid" value={url} words={words.copy} copied={words.copied} />
      </div>
    </div>
  );
}
