// A page whose code comes when somebody goes there.

import type { ComponentType } from 'preact';
import { useEffect, useState } from 'preact/hooks';
import { useAfter, useHeadingFocus } from '../components/hooks.ts';
import { PageNotice } from '../components/page-notice.tsx';
import { text } from '../text.ts';

type State<P> = { is: 'loading' } | { is: 'here'; Page: ComponentType<P> } | { is: 'failed' };

/** `load` is an import() of the page's module; its code is asked for once. */
export function lazyPage<P extends object>(load: () => Promise<ComponentType<P>>) {
  let known: ComponentType<P> | null = null;
  return function LazyPage(props: P) {
    const [state, setState] = useState<State<P>>(
      known === null ? { is: 'loading' } : { is: 'here', Page: known },
    );
    useEffect(() => {
      if (known !== null) return;
      load().then(
        (Page) => {
          known = Page;
          setState({ is: 'here', Page });
        },
        () => setState({ is: 'failed' }),
      );
    }, []);
    if (state.is === 'failed') return <Failed />;
    return state.is === 'here' ? <Here Page={state.Page} props={props} /> : <Coming />;
  };
}

function Here<P extends object>({ Page, props }: { Page: ComponentType<P>; props: P }) {
  useHeadingFocus();
  return <Page {...props} />;
}

function Coming() {
  const isLate = useAfter(300);
  return (
    <p class="vh" role="status" aria-busy="true">
      {isLate && text.page.loading}
    </p>
  );
}

/** Names of code change with it: after an update only a reload knows the new ones. */
function Failed() {
  return (
    <PageNotice icon="alert" title={text.page.failedTitle} words={text.page.failed}>
      <button type="button" class="btn btn-solid" onClick={() => window.location.reload()}>
        {text.page.again}
      </button>
    </PageNotice>
  );
}
