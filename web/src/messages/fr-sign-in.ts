// The words of signing in and out: French.

import type * as en from './en-sign-in.ts';

export const signIn: typeof en.signIn = {
  title: 'Se connecter à Mainline',
  short: 'Connexion',
  ended: 'Vous avez été déconnecté : la session a expiré, ou a été fermée ailleurs.',
  name: 'Nom',
  password: 'Mot de passe',
  token: 'Jeton d’API',
  show: 'Afficher',
  showPassword: 'Afficher le mot de passe',
  showToken: 'Afficher le jeton',
  submit: 'Se connecter',
  busy: 'Connexion…',
  useToken: 'Utiliser plutôt un jeton d’API',
  usePassword: 'Utiliser plutôt un nom et un mot de passe',
  nameEmpty: 'Saisissez votre nom.',
  passwordEmpty: 'Saisissez votre mot de passe.',
  tokenEmpty: 'Saisissez un jeton. Il commence par ml_.',
  refused: 'Le nom et le mot de passe ne correspondent pas.',
  tokenRefused: 'Ce jeton n’est pas valable. L’avez-vous copié en entier ? A-t-il été révoqué ?',
  locked: (clock) => `Trop de tentatives. Vous pourrez vous connecter à nouveau à ${clock}.`,
  tooMany: 'Trop de tentatives depuis cette adresse. Patientez un instant, puis réessayez.',
  offline: 'Le serveur est injoignable. Vérifiez votre connexion, puis réessayez.',
  failed: (code) => `La connexion a échoué (${code}). Réessayez dans un instant.`,
  lost: 'Pas de compte, ou mot de passe oublié ? Adressez-vous à la personne qui s’occupe de Mainline dans votre entreprise. Elle peut vous envoyer un lien de connexion à usage unique.',
  tokenWhere: 'Un jeton se crée sur le serveur, par la personne qui s’y occupe de Mainline :',
  tokenCommand: 'mainline token add --name you --scope read,audio',
  local: 'Une installation locale conserve le sien dans',
  localFile: 'var/admin-token',
  linkBusy: 'Connexion par votre lien…',
  linkRefused:
    'Ce lien de connexion n’est plus valable : chacun sert une seule fois, dans la journée. Demandez-en un autre.',
};

export const password: typeof en.password = {
  title: 'Choisissez un mot de passe',
  lead: (name) =>
    `Vous êtes connecté en tant que ${name}. Un mot de passe vous permettra de revenir.`,
  field: 'Nouveau mot de passe',
  hint: 'Au moins 10 caractères. Quelques mots se retiennent mieux que des signes.',
  short: 'C’est trop court : il faut au moins 10 caractères.',
  long: 'C’est trop long : 200 caractères au plus.',
  submit: 'Enregistrer le mot de passe',
  busy: 'Enregistrement…',
  later: 'Plus tard',
  failed: (code) => `Le mot de passe n’a pas été enregistré (${code}). Réessayez.`,
  done: 'Votre mot de passe est enregistré',
};

export const signOut: typeof en.signOut = {
  label: 'Se déconnecter',
  failed: 'La déconnexion a échoué. Réessayez.',
};
