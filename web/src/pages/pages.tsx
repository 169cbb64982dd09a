// Which page an address shows.  The feed comes at once, the others when somebody goes there.

import { can } from '../session/can.ts';
import { useSession } from '../session/context.ts';
import { FeedPage } from '../components/feed-page.tsx';
import { PageNotice } from '../components/page-notice.tsx';
import { useTitle } from '../components/hooks.ts';
import type { Route } from '../router/route.ts';
import { text } from '../text.ts';
import { lazyPage } from './lazy.tsx';

const CallPage = lazyPage(async () => (await import('./call-page.tsx')).CallPage);
const FiguresPage = lazyPage(async () => (await import('./figures-page.tsx')).FiguresPage);
const SettingsPage = lazyPage(async () => (await import('./settings-page.tsx')).SettingsPage);
const BlocksPage = lazyPage(async () => (await import('./blocks-page.tsx')).BlocksPage);
const UsersPage = lazyPage(async () => (await import('./users-page.tsx')).UsersPage);
const DoctorPage = lazyPage(async () => (await import('./doctor-page.tsx')).DoctorPage);

export function Page({ route }: { route: Route | null }) {
  const { session } = useSession();
  const isAdmin = can(session, 'admin');
  switch (route?.page) {
    case 'feed':
    case 'signin':
      return <FeedPage />;
    case 'call':
      return <CallPage key={route.sid} sid={route.sid} />;
    case 'figures':
      return <FiguresPage />;
    case 'settings':
      return <SettingsPage />;
    case 'blocks':
      return isAdmin ? <BlocksPage /> : <NotAllowed />;
    case 'users':
      return isAdmin ? <UsersPage /> : <NotAllowed />;
    case 'doctor':
      return isAdmin ? <DoctorPage /> : <NotAllowed />;
    case undefined:
      return <Unknown />;
  }
}

function NotAllowed() {
  useTitle(text.pageTitle(text.page.notAllowedTitle));
  return (
    <PageNotice icon="lock" title={text.page.notAllowedTitle} words={text.page.notAllowed}>
      <ToCalls />
    </PageNotice>
  );
}

function Unknown() {
  useTitle(text.pageTitle(text.page.unknownTitle));
  return (
    <PageNotice icon="search" title={text.page.unknownTitle} words={text.page.unknown}>
      <ToCalls />
    </PageNotice>
  );
}

function ToCalls() {
  return (
    <a class="btn btn-line" href="/">
      {text.page.home}
    </a>
  );
}
