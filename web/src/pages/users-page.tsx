// Who may sign in, for admins; they are added and removed on the server.

import { listUsers, type User } from '../api/users.ts';
import { dayOnly, shortTime } from '../call-page/clock.ts';
import { CopyButton } from '../components/copy-button.tsx';
import { useTitle } from '../components/hooks.ts';
import { Notice } from '../components/notice.tsx';
import { readersLocale } from '../format/locale.ts';
import { useLoaded } from '../settings/use-loaded.ts';
import { text } from '../text.ts';

export function UsersPage() {
  const words = text.users;
  useTitle(text.pageTitle(words.title));
  const { state, again } = useLoaded(listUsers);
  return (
    <>
      <div class="head">
        <h1>{words.title}</h1>
      </div>
      <p class="lede">{words.about}</p>
      <div class="wrap settings wide" aria-busy={state.is === 'loading'}>
        {state.is === 'loading' && (
          <p class="sub" role="status">
            {words.loading}
          </p>
        )}
        {state.is === 'failed' && (
          <Notice title={words.failedLoad} failure={state.failure} level="h2" onAgain={again} />
        )}
        {state.is === 'here' && <People users={state.value} />}
        <Commands />
        <Roles />
      </div>
    </>
  );
}

function People({ users }: { users: User[] }) {
  const { columns, none, count, title } = text.users;
  if (users.length === 0) return <p class="sub set">{none}</p>;
  return (
    <section class="set" aria-labelledby="users-h">
      <h2 id="users-h">
        {title} <span class="sub">{count(users.length)}</span>
      </h2>
      <div class="scroll" role="region" tabIndex={0} aria-label={count(users.length)}>
        <table class="numbers people">
          <thead>
            <tr>
              {Object.values(columns).map((column) => (
                <th key={column} scope="col">
                  {column}
                </th>
              ))}
            </tr>
          </thead>
          <tbody>
            {users.map((user) => (
              <Person key={user.name} user={user} />
            ))}
          </tbody>
        </table>
      </div>
    </section>
  );
}

function Person({ user }: { user: User }) {
  const words = text.users;
  const locale = readersLocale();
  return (
    <tr>
      <th scope="row">
        <bdi>{user.name}</bdi>
      </th>
      <td>{words.roles[user.role]}</td>
      <td>{dayOnly(user.created_at, locale)}</td>
      <td>{user.last_seen_on === null ? words.never : dayOnly(user.last_seen_on, locale)}</td>
      <td>{stateOf(user, Date.now())}</td>
    </tr>
  );
}

function stateOf(user: User, now: number): string {
  const words = text.users;
  if (user.locked_until !== null && Date.parse(user.locked_until) > now) {
    return words.locked(shortTime(new Date(user.locked_until), readersLocale()));
  }
  return user.has_password ? words.fine : words.noPassword;
}

function Commands() {
  const words = text.users;
  const commands: [string, string][] = [
    [words.add, `mainline user add ${words.example} --role agent --link`],
    [words.link, `mainline user link ${words.example}`],
    [words.role, `mainline user role ${words.example} admin`],
    [words.remove, `mainline user remove ${words.example}`],
  ];
  return (
    <section class="set" aria-labelledby="commands-h">
      <h2 id="commands-h">{words.commands}</h2>
      <dl class="commands">
        {commands.map(([what, command]) => (
          <div key={command}>
            <dt>{what}</dt>
            <dd>
              <code>{command}</code>
              <CopyButton
                class="btn btn-line"
                value={command}
                words={words.copy}
                copied={words.copied}
                label={words.copyLabel(command)}
              />
            </dd>
          </div>
        ))}
      </dl>
    </section>
  );
}

function Roles() {
  const { roles, rolesAbout, columns } = text.users;
  return (
    <section class="set" aria-labelledby="roles-h">
      <h2 id="roles-h">{columns.role}</h2>
      <dl class="facts roles">
        {(['reader', 'agent', 'admin'] as const).map((role) => (
          <div key={role}>
            <dt>{roles[role]}</dt>
            <dd>{rolesAbout[role]}</dd>
          </div>
        ))}
      </dl>
    </section>
  );
}
