// The words of the figures, the settings, blocked numbers and users: French.

import { pluralOf } from '../format/plural.ts';
import type * as en from './en-pages.ts';

const plural = pluralOf('fr');
const count = (n: number, one: string, other: string): string => plural(n, { one, other });
const calls = (n: number): string => count(n, 'appel', 'appels');

export const figures: typeof en.figures = {
  title: 'Statistiques',
  loading: 'Chargement des statistiques',
  failed: 'Les statistiques n’ont pas pu être chargées',
  filters: 'Quels appels',
  line: 'Ligne',
  allLines: 'Toutes les lignes',
  range: 'Jours',
  last: (days: number) => `${days} derniers jours`,
  custom: 'Autres jours',
  since: 'Du',
  until: 'Au',
  apply: 'Afficher',
  wrongRange: 'Choisissez un premier et un dernier jour, à 366 jours d’écart au plus.',
  lede: (since: string, until: string, zone: string) =>
    `Du ${since} au ${until}, heures de ${zone}`,
  empty: {
    title: 'Aucun appel ces jours-là',
    words: 'Choisissez d’autres jours, ou toutes les lignes.',
  },
  key: {
    calls: 'Appels',
    more: (n: string, days: number) => `${n} de plus que les ${days} jours précédents`,
    fewer: (n: string, days: number) => `${n} de moins que les ${days} jours précédents`,
    same: (days: number) => `autant que les ${days} jours précédents`,
    answered: 'Répondus',
    pointsMore: (n: string) => `${n} points de plus qu’avant`,
    pointsFewer: (n: string) => `${n} points de moins qu’avant`,
    pointsSame: 'comme avant',
    toAnswer: 'Délai de réponse médian',
    p90: (length: string) => `9 sur 10 en ${length} au plus`,
    lost: 'Manqués ou abandonnés',
    see: 'Voir ces appels',
    none: 'aucun',
  },
  show: { label: 'Afficher en', chart: 'Graphique', table: 'Tableau' },
  outcomes: {
    answered: 'Répondus',
    voicemail: 'Messagerie',
    missed: 'Manqués',
    abandoned: 'Abandonnés',
    blocked: 'Bloqués',
    failed: 'Échoués',
    lost: 'Manqués, abandonnés ou échoués',
  },
  columns: { calls: 'Appels', hour: 'Heure', day: 'Jour', week: 'Semaine du', share: 'Part' },
  hour: {
    title: 'Appels par heure',
    finding: (from: string, to: string, n: number) =>
      `Le plus chargé : de ${from} à ${to}, ${calls(n)}.`,
    at: (from: string, to: string) => `${from} à ${to}`,
  },
  day: {
    title: 'Appels par jour',
    titleWeeks: 'Appels par semaine',
    finding: (day: string, n: number) => `Le plus chargé : ${day}, ${calls(n)}.`,
    findingWeeks: (day: string, n: number) =>
      `La plus chargée : la semaine du ${day}, ${calls(n)}.`,
  },
  answer: {
    title: 'Délai de réponse',
    about: (n: number) =>
      `Du début de l’appel à la conversation, menu compris, pour ${count(n, 'appel répondu', 'appels répondus')}`,
    finding: (what: string, n: number) =>
      `Délai de réponse le plus fréquent : ${what}, ${calls(n)}.`,
    under: (s: number) => `Moins de ${s} s`,
    between: (from: number, to: number) => `${from} à ${to} s`,
    over: (s: number) => `${s} s ou plus`,
    column: 'Délai',
    none: 'Aucun appel n’a reçu de réponse ces jours-là.',
  },
  menu: {
    title: 'Ce que font les appelants dans le menu',
    about: 'Selon la dernière touche',
    came: 'Arrivés au menu',
    key: (key: string) => `Touche ${key}`,
    nothing: 'Aucune touche',
    hungUp: 'Ont raccroché',
    finding: (came: number, hungUp: number) =>
      `${count(came, 'appel est arrivé', 'appels sont arrivés')} au menu, ${hungUp} y ${hungUp < 2 ? 'a' : 'ont'} raccroché.`,
    column: 'Ce qu’ils ont fait',
    none: 'Aucun appel n’est arrivé à un menu ces jours-là.',
  },
  heat: {
    title: 'Heures les plus chargées',
    finding: (weekday: string, from: string, to: string, n: number) =>
      `L’heure la plus chargée de la semaine : ${weekday} de ${from} à ${to}, ${calls(n)}.`,
    weekday: 'Jour',
    at: (weekday: string, from: string, n: number) => `${weekday}, ${from} : ${calls(n)}`,
    less: 'moins',
    more: 'plus',
  },
  lines: {
    title: 'Répondus et manqués',
    about: 'Par ligne',
    finding: (line: string, share: string) => `La mieux servie : ${line}, ${share}.`,
    column: 'Ligne',
    all: 'Toutes',
  },
  reasons: {
    title: 'Pourquoi des appels n’aboutissent pas',
    column: 'Raison',
    finding: (reason: string, n: number) => `La plus fréquente : ${reason}, ${calls(n)}.`,
    none: 'Tous les appels ont abouti ces jours-là.',
    words: {
      not_accepted: 'Personne n’a accepté l’appel',
      no_answer: 'Sans réponse',
      busy: 'Occupé',
      bad_number: 'Le numéro ne fonctionne pas',
      line_closed: 'En dehors des heures d’ouverture',
      empty_message: 'Arrivé à la messagerie, n’a rien dit',
      hung_up_in_greeting: 'A raccroché pendant l’annonce de la messagerie',
      hung_up_in_menu: 'A raccroché dans le menu',
      hung_up_while_ringing: 'A raccroché pendant la sonnerie',
      twilio_error: 'Le réseau téléphonique a signalé une erreur',
      unknown: 'Inconnue',
    },
  },
  count: calls,
};

export const settings: typeof en.settings = {
  title: 'Réglages',
  saved: 'Enregistré',
  here: {
    title: 'Ce navigateur',
    about: 'Gardé dans ce navigateur uniquement.',
    language: 'Langue',
    asBrowser: 'Comme le navigateur',
    english: 'English',
    french: 'Français',
    shortcuts: 'Raccourcis à une touche',
    shortcutsHint: 'j, k, h, n et d’autres agissent quand la liste a le focus.',
    sound: 'Un son pour les nouveaux messages',
    soundHint: 'Tant que Mainline est ouvert dans un onglet.',
    notify: 'Notifications des nouveaux messages',
    notifyHint:
      'Par le navigateur, tant que Mainline est ouvert dans un onglet que vous ne regardez pas.',
    notifyDenied:
      'Le navigateur n’autorise pas les notifications de cette page. Autorisez-les dans ses réglages pour ce site, puis réessayez.',
    notifyNone: 'Ce navigateur ne connaît pas les notifications.',
  },
  password: {
    title: 'Mot de passe',
    wanted:
      'Vous êtes entré par un lien et n’avez pas encore de mot de passe. Choisissez-en un maintenant.',
    current: 'Mot de passe actuel',
    next: 'Nouveau mot de passe',
    hint: 'Au moins 10 caractères. Quelques mots se retiennent mieux que des signes.',
    again: 'Nouveau mot de passe, encore une fois',
    save: 'Changer le mot de passe',
    saving: 'Changement…',
    done: 'Votre mot de passe est changé. Toutes vos autres sessions sont terminées.',
    short: 'Prenez au moins 10 caractères.',
    long: 'Prenez au plus 200 caractères.',
    differ: 'Les deux ne sont pas identiques.',
    needCurrent: 'Saisissez votre mot de passe actuel.',
    wrong: 'Ce n’est pas votre mot de passe actuel.',
    tooMany: 'Trop d’essais. Attendez un moment, puis réessayez.',
    failed: (code: string) => `Cela n’a pas fonctionné (${code}). Votre mot de passe est inchangé.`,
    show: 'Afficher',
    showLabel: 'Afficher les mots de passe',
  },
  sessions: {
    title: 'Sessions',
    about:
      'Un appareil perdu, ou une déconnexion oubliée ? Terminez toutes vos sessions, celle-ci comprise.',
    end: 'Se déconnecter partout',
    ask: 'Se déconnecter partout ?',
    askWords:
      'Il faudra se reconnecter sur chaque appareil et chaque navigateur, celui-ci compris.',
    yes: 'Se déconnecter partout',
    no: 'Annuler',
    failed: (code: string) =>
      `Cela n’a pas fonctionné (${code}). Vous êtes toujours connecté partout.`,
  },
  feed: {
    title: 'Mon flux de messages',
    about:
      'Une adresse pour un lecteur de flux ou une application de podcasts, avec les 50 derniers messages à écouter. Quiconque a l’adresse peut les entendre : gardez-la comme un mot de passe.',
    none: 'Vous n’avez pas d’adresse de flux.',
    since: (day: string) => `Créée le ${day}.`,
    used: (day: string) => `Dernière lecture le ${day}.`,
    never: 'Pas encore utilisée.',
    make: 'Créer une adresse',
    remake: 'Créer une nouvelle adresse',
    remakeHint: 'L’adresse actuelle cesse alors de fonctionner.',
    revoke: 'Révoquer',
    made: 'Voici votre adresse. Elle n’est affichée qu’une fois : copiez-la maintenant.',
    label: 'Adresse du flux',
    copy: 'Copier',
    copied: 'Copié',
    revoked: 'L’adresse est révoquée : elle ne montre plus rien.',
    failed: (code: string) => `Cela n’a pas fonctionné (${code}). Rien n’a changé.`,
    loadFailed: 'Impossible de savoir si vous avez une adresse.',
    notUser: 'Réservé à qui se connecte avec un nom. Vous êtes connecté avec un jeton.',
  },
  token: 'Vous êtes connecté avec un jeton d’API : il n’a ni mot de passe ni sessions.',
  admin: { title: 'Pour les administrateurs', blocks: 'Numéros bloqués', users: 'Personnes' },
};

export const blocks: typeof en.blocks = {
  title: 'Numéros bloqués',
  loading: 'Chargement des numéros bloqués',
  failedLoad: 'Les numéros bloqués n’ont pas pu être chargés',
  about:
    'Les appels de ces numéros sont refusés avant le menu et apparaissent dans les appels comme bloqués.',
  add: 'Bloquer un numéro',
  number: 'Numéro',
  numberHint: 'Avec l’indicatif du pays, par exemple +33 1 99 00 41 27.',
  note: 'Note',
  noteHint: 'Pourquoi ? Vos collègues le verront ici.',
  submit: 'Bloquer',
  busy: 'Blocage…',
  wrong: 'Ce n’est pas un numéro complet. Commencez par + et l’indicatif du pays.',
  ours: 'C’est l’un de vos numéros. Il ne peut pas être bloqué.',
  failed: (code: string) => `Cela n’a pas fonctionné (${code}). Rien n’a changé.`,
  added: (number: string) => `Le ${number} est bloqué.`,
  already: (number: string) => `Le ${number} est déjà bloqué.`,
  list: 'Bloqués',
  by: (who: string, when: string) => `par ${who}, ${when}`,
  remove: 'Débloquer',
  removeLabel: (number: string) => `Débloquer le ${number}`,
  removed: (number: string) => `Le ${number} peut de nouveau appeler.`,
  none: {
    title: 'Aucun numéro n’est bloqué',
    words: 'Bloquez-en un ici, ou sur la page d’un appel.',
  },
  count: (n: number) => count(n, 'numéro', 'numéros'),
  calls: 'Ses appels',
};

export const users: typeof en.users = {
  title: 'Personnes',
  loading: 'Chargement des personnes',
  failedLoad: 'Les personnes n’ont pas pu être chargées',
  about:
    'Qui peut se connecter ici. On les ajoute et les retire sur le serveur, par les commandes ci-dessous.',
  columns: {
    name: 'Nom',
    role: 'Rôle',
    added: 'Ajouté',
    seen: 'Dernière connexion',
    state: 'État',
  },
  roles: { reader: 'Lecteur', agent: 'Agent', admin: 'Administrateur' },
  rolesAbout: {
    reader: 'voit les appels',
    agent: 'écoute aussi les messages, marque et écrit des notes',
    admin: 'tout',
  },
  never: 'jamais',
  noPassword: 'Pas encore de mot de passe',
  locked: (until: string) => `Verrouillé jusqu’à ${until}`,
  fine: 'Peut se connecter',
  commands: 'Commandes',
  add: 'Ajouter quelqu’un : affiche un lien qui sert une fois, dans la journée',
  link: 'Un nouveau lien, pour qui a oublié son mot de passe',
  role: 'Donner un autre rôle, avec effet immédiat',
  remove: 'Retirer quelqu’un et terminer ses sessions',
  copy: 'Copier',
  copied: 'Copié',
  copyLabel: (command: string) => `Copier ${command}`,
  example: 'camille',
  none: 'Personne encore : vous êtes connecté avec un jeton.',
  count: (n: number) => count(n, 'personne', 'personnes'),
};

export const doctor: typeof en.doctor = {
  title: 'Contrôles',
  about:
    'Ce qui sépare un appelant de la réponse : réglages, base de données, certificat, adresse publique, numéros chez Twilio. Contrôlé toutes les 15 minutes ; les constats sont en anglais.',
  loading: 'Chargement des constats',
  failedLoad: 'Les constats n’ont pas pu être chargés',
  never: {
    title: 'Rien n’a encore été contrôlé',
    words: 'Le premier contrôle a lieu quelques minutes après le démarrage.',
  },
  at: (when, host) => `Contrôlé ${when} sur ${host}.`,
  again: 'Contrôler à nouveau',
  first: 'Contrôler maintenant',
  pending: 'Contrôle en cours…',
  late: 'Le contrôle ne vient pas. Les tâches de fond tournent-elles (mainline jobs) ?',
  failed: (code) => `Cela n’a pas marché (${code}).`,
  jobs: 'Les tâches de fond (mainline jobs) n’ont jamais tourné : rien ne peut être contrôlé.',
  sum: (faults, warnings) =>
    `${count(faults, 'défaut', 'défauts')}, ${count(warnings, 'avertissement', 'avertissements')}.`,
  fine: 'Tout est comme il faut.',
  severities: {
    fault: 'Défauts',
    warning: 'Avertissements',
    not_checked: 'Non contrôlé',
    ok: 'Comme il faut',
  },
  mend: 'Remède :',
};
