// The words of signing in and out: English.

export const signIn = {
  title: 'Sign in to Mainline',
  short: 'Sign in',
  ended: 'You were signed out: the session has ended, or was ended elsewhere.',
  name: 'Name',
  password: 'Password',
  token: 'API token',
  show: 'Show',
  showPassword: 'Show the password',
  showToken: 'Show the token',
  submit: 'Sign in',
  busy: 'Signing in…',
  useToken: 'Use an API token instead',
  usePassword: 'Use name and password instead',
  nameEmpty: 'Enter your name.',
  passwordEmpty: 'Enter your password.',
  tokenEmpty: 'Enter a token. It begins with ml_.',
  refused: 'Name and password do not match.',
  tokenRefused: 'This token is not valid. Was it copied whole, or has it been revoked?',
  locked: (clock: string) => `Too many tries. Sign-in opens again at ${clock}.`,
  tooMany: 'Too many tries from this address. Wait a moment and try again.',
  offline: 'The server cannot be reached. Check your connection and try again.',
  failed: (code: string) => `Signing in did not work (${code}). Try again in a moment.`,
  lost: 'No account, or a lost password? Ask the person who runs Mainline at your company. They can send you a sign-in link that works once.',
  tokenWhere: 'A token is made on the server, by the person who runs Mainline there:',
  tokenCommand: 'mainline token add --name you --scope read,audio',
  local: 'A local stack keeps its own in',
  localFile: 'var/admin-token',
  linkBusy: 'Signing in by your link…',
  linkRefused:
    'This sign-in link is not valid any more: each works once, within a day. Ask for another one.',
};

export const password = {
  title: 'Choose a password',
  lead: (name: string) => `You are signed in as ${name}. With a password you can come back.`,
  field: 'New password',
  hint: 'At least 10 characters. A few words are easier to keep in mind than signs.',
  short: 'This is too short: at least 10 characters.',
  long: 'This is too long: at most 200 characters.',
  submit: 'Set the password',
  busy: 'Setting the password…',
  later: 'Later',
  failed: (code: string) => `The password was not set (${code}). Try again.`,
  done: 'Your password is set',
};

export const signOut = { label: 'Sign out', failed: 'Signing out did not work. Try again.' };
