// Every word of the page, in French.  The spaces before ; ? ! and inside of guillemets are
// narrow and do not break (U+202F); those before a colon or a unit do not break (U+00A0).

import { pluralOf } from '../format/plural.ts';
import type { Messages } from './en.ts';
import { callPage } from './fr-call.ts';
import { blocks, doctor, figures, settings, users } from './fr-pages.ts';
import { password, signIn, signOut } from './fr-sign-in.ts';

const plural = pluralOf('fr');
const calls = (n: number): string => plural(n, { one: 'appel', other: 'appels' });
const newCalls = (n: number): string =>
  plural(n, { one: 'nouvel appel', other: 'nouveaux appels' });
const messages = (n: number): string => plural(n, { one: 'message', other: 'messages' });

export const fr: Messages = {
  product: 'Mainline',
  skip: 'Aller au contenu',
  nav: {
    label: 'Principale',
    bottom: 'Principale, en bas',
    calls: 'Appels',
    keypad: 'Essayer un appel',
    figures: 'Statistiques',
    blocks: 'Numéros bloqués',
    users: 'Personnes',
    doctor: 'Contrôles',
    settings: 'Réglages',
    docs: 'API',
    lines: 'Lignes',
    account: (name) => `${name}, votre compte`,
    unheard: (n, isOne) => (isOne ? `${n} message non écouté` : `${n} messages non écoutés`),
  },
  pageTitle: (page) => `${page} · Mainline`,
  countedTitle: (n, title) => `(${n}) ${title}`,
  page: {
    loading: 'Chargement de la page',
    failedTitle: 'Cette page n’a pas pu être chargée',
    failed:
      'Vérifiez votre connexion. Si Mainline vient d’être mis à jour, il suffit de recharger.',
    again: 'Recharger',
    unknownTitle: 'Il n’y a rien ici',
    unknown: 'L’adresse est peut-être erronée, ou ce qui s’y trouvait n’existe plus.',
    home: 'Voir les appels',
    notAllowedTitle: 'Cette page est réservée aux administrateurs',
    notAllowed: 'Adressez-vous à la personne qui s’occupe de Mainline dans votre entreprise.',
  },

  signIn,
  password,
  signOut,

  link: {
    live: 'En direct, à jour',
    lost: 'Pas à jour',
    offline: 'Hors ligne',
    offlineTitle: 'Vous êtes hors ligne.',
    offlineSince: (clock) =>
      `Les appels sont affichés jusqu’à ${clock}. Vos correspondants ne remarquent rien.`,
    lostTitle: 'Reconnexion…',
    lostNext: (next, age) =>
      `Prochain essai dans ${next}. Les lignes peuvent avoir jusqu’à ${age} de retard.`,
    trying: 'Nouvel essai en cours.',
    now: 'Essayer maintenant',
    again: 'Réessayer',
    backTitle: 'De nouveau en direct.',
    back: (n) => (n === 0 ? 'Rien n’a été manqué.' : `Entre-temps : ${newCalls(n)}.`),
  },

  failure: {
    title: 'Les appels n’ont pas pu être chargés',
    startTitle: 'Mainline est injoignable',
    again: 'Réessayer',
    unreachable: 'Le serveur n’a pas répondu. Vérifiez votre connexion.',
    unavailable:
      'La base de données n’a pas répondu. Les appels sont toujours pris et aucun n’est perdu ; ils apparaîtront ici plus tard.',
    scopeMissing:
      'Vous n’avez pas le droit de voir les appels. Connectez-vous avec un compte ou un jeton qui l’a.',
    tooMany: 'Trop de requêtes depuis cette adresse. Patientez un instant.',
    unknown: 'Le serveur a donné une réponse que cette page ne connaît pas.',
  },

  feed: {
    title: 'Appels',
    list: 'Appels passés',
    loading: 'Chargement des appels',
    columns: { outcome: 'Issue', length: 'Durée', time: 'Heure' },
    count: calls,
    newCalls,
    olderBusy: 'Chargement des appels plus anciens…',
    olderFailed: 'Les appels plus anciens n’ont pas pu être chargés.',
    olderAgain: 'Réessayer',
    end: 'Ce sont tous les appels.',
    endMatching: 'Ce sont tous les appels qui correspondent.',
    export: 'Exporter',
    exportLabel: 'Exporter ces appels au format CSV',
    lede: {
      today: 'aujourd’hui',
      answered: 'répondus',
      missed: 'manqués',
      toHear: (n) => (n < 2 ? 'message à écouter' : 'messages à écouter'),
    },
  },

  views: {
    label: 'Vues',
    all: 'Tous',
    todo: 'À traiter',
    unheard: 'Non écoutés',
    missed: 'Manqués',
    voicemail: 'Messages',
  },

  search: {
    label: 'Rechercher un appel par nom ou par numéro',
    placeholder: 'Nom ou numéro',
    open: 'Rechercher un appel',
  },

  filters: {
    open: 'Filtres',
    openCount: (n) => plural(n, { one: 'filtre', other: 'filtres' }),
    title: 'Filtrer les appels',
    outcome: 'Issue',
    line: 'Ligne',
    anyLine: 'Toutes les lignes',
    from: 'Du',
    to: 'Au, jour inclus',
    today: 'Aujourd’hui',
    week: '7 derniers jours',
    month: '30 derniers jours',
    message: 'Message',
    any: 'Avec ou sans',
    with: 'Avec un message',
    without: 'Sans message',
    unheard: 'Pas encore écouté',
    heard: 'Écouté',
    apply: 'Afficher les appels',
    clear: 'Effacer les filtres',
    close: 'Fermer',
    active: 'Filtres actifs',
    remove: (filter) => `Retirer le filtre : ${filter}`,
    since: (day) => `Depuis le ${day}`,
    until: (day) => `Jusqu’au ${day}`,
    between: (from, to) => `Du ${from} au ${to}`,
    matching: (q) => `« ${q} »`,
    order: 'Le premier jour ne doit pas suivre le dernier.',
  },

  nothing: {
    title: 'Aucun appel ne correspond',
    unheard: 'Aucun message à écouter',
    unheardWords: 'Les nouveaux messages apparaissent ici d’eux-mêmes.',
    todo: 'Personne n’attend d’être rappelé',
    todoWords:
      'Les appels manqués et abandonnés restent ici jusqu’à ce que quelqu’un s’en soit occupé.',
    missed: 'Aucun appel manqué',
    voicemail: 'Pas encore de message',
    searched: (q) => `Aucun appel pour « ${q} »`,
    words:
      'Élargissez les dates, retirez un filtre, ou cherchez une partie d’un numéro ou d’un nom.',
    searchedWords:
      'Cherchez une partie du numéro, écrit de n’importe quelle façon, ou du nom que l’opérateur connaît.',
    viewAll: 'Afficher tous les appels',
    withoutSearch: 'Effacer la recherche',
  },

  outcome: {
    answered: 'Répondu',
    voicemail: 'Message',
    missed: 'Manqué',
    abandoned: 'Abandonné',
    blocked: 'Bloqué',
    failed: 'Échec',
    live: 'Non terminé',
  },

  reason: {
    bridged: (phone) => `Pris par ${phone ?? 'un téléphone'}`,
    messageNotTaken: (phone) => `Non pris par ${phone}`,
    messageNoKey: 'Aucune touche choisie',
    messagePressed: (key) => `Touche ${key}, pour laisser un message`,
    not_accepted: (phone) => `Non pris par ${phone ?? 'le téléphone qui a sonné'}`,
    no_answer: (phone) => (phone ? `Sans réponse ; ${phone} a sonné` : 'Sans réponse'),
    busy: (phone) => (phone ? `Occupé : ${phone}` : 'Occupé'),
    bad_number: (phone) => `Le numéro de ${phone ?? 'l’un des téléphones'} ne fonctionne pas`,
    line_closed: 'En dehors des heures d’ouverture',
    emptyMessage: 'Arrivé à la messagerie, n’a rien dit',
    emptyMessageChosen: 'A choisi la messagerie, n’a rien dit',
    hung_up_in_greeting: 'A raccroché pendant l’annonce de la messagerie',
    hung_up_in_menu: (after) =>
      after === null ? 'A raccroché dans le menu' : `A raccroché dans le menu après ${after}`,
    hung_up_while_ringing: (phone) => `A raccroché, ${phone ?? 'un téléphone'} sonnait`,
    blocklist: 'Refusé : numéro bloqué',
    anonymous: 'Refusé : numéro masqué',
    twilio_error: 'Le réseau téléphonique a signalé une erreur',
    unknown: 'On ne sait pas comment il s’est terminé',
    untold: 'Le réseau téléphonique n’a pas dit comment il s’est terminé',
    calledAgain: (words, clock) =>
      `${words} ; a rappelé${clock === undefined ? '' : ` à ${clock}`}, répondu`,
    done: (words) => `Traité. ${words}`,
  },

  row: {
    unheard: 'Non écouté.',
    todo: 'À traiter.',
    talk: 'parole',
    message: 'message',
    inAll: 'en tout',
    play: 'Écouter',
    playLabel: (who, length) =>
      length === null ? `Écouter le message de ${who}` : `Écouter le message de ${who}, ${length}`,
    callBack: 'Rappeler',
    callBackLabel: (who) => `Rappeler ${who}`,
    copy: 'Copier le numéro',
    copyLabel: (who) => `Copier le numéro de ${who}`,
    copied: 'Numéro copié',
    copyFailed: 'Le numéro n’a pas pu être copié',
    markDone: 'Marquer comme traité',
    markDoneLabel: (who) => `Marquer comme traité : ${who}`,
    select: (who) => `Sélectionner l’appel de ${who}`,
    done: 'Traité',
  },

  marks: {
    heard: 'Marquer comme écouté',
    unheard: 'Marquer comme non écouté',
    done: 'Marquer comme traité',
    undone: 'Pas encore traité, finalement',
    note: 'Ajouter une note',
    editNote: 'Modifier la note',
    undo: 'Annuler',
    again: 'Réessayer',
    heardToast: (n) =>
      n < 2 ? 'Message marqué comme écouté' : `${messages(n)} marqués comme écoutés`,
    unheardToast: (n) =>
      n < 2 ? 'Message marqué comme non écouté' : `${messages(n)} marqués comme non écoutés`,
    doneToast: (n) => (n < 2 ? 'Appel marqué comme traité' : `${calls(n)} marqués comme traités`),
    undoneToast: (n) =>
      n < 2 ? 'Appel marqué comme non traité' : `${calls(n)} marqués comme non traités`,
    failed: 'La marque n’a pas été enregistrée',
    failedOffline: 'La marque n’a pas été enregistrée : le serveur est injoignable',
    gone: 'Cet appel n’existe plus',
    notAllowed: 'Vous n’avez pas le droit de marquer les appels',
  },

  note: {
    label: (who) => `Note sur l’appel de ${who}`,
    field: 'Note, visible par toute l’équipe',
    save: 'Enregistrer',
    saving: 'Enregistrement…',
    cancel: 'Annuler',
    saved: 'Note enregistrée',
    removed: 'Note supprimée',
    failed: 'La note n’a pas été enregistrée. Elle est toujours dans le champ.',
    long: (n) => `Trop long : ${plural(n, { one: 'caractère', other: 'caractères' })} en trop.`,
  },

  selection: {
    label: 'Appels sélectionnés',
    count: (n) => (n < 2 ? `${n} sélectionné` : `${n} sélectionnés`),
    clear: 'Effacer la sélection',
    exported: (n) => (n < 2 ? 'Appel exporté' : `${calls(n)} exportés`),
    tooMany: 'On peut marquer 200 appels à la fois.',
    file: 'appels.csv',
  },

  caller: {
    none: 'Numéro inconnu',
    withheld: 'Numéro masqué',
    unknownPlace: 'Lieu inconnu',
    internet: 'Appel par Internet',
  },

  live: {
    title: 'En cours',
    where: 'Où en est cet appel',
    menu: 'Menu',
    inMenu: 'Dans le menu',
    pressed: (key) => `Touche ${key}`,
    rang: (phone) => `${phone} a sonné`,
    ringing: (phone) => `${phone} sonne`,
    talking: (phone) => `En ligne avec ${phone}`,
    voicemail: 'Messagerie',
    message: 'Laisse un message',
    ending: 'Fin de l’appel',
    inCall: 'En communication',
    aPhone: 'un téléphone',
  },

  news: {
    call: (who) => `Nouvel appel de ${who}`,
    callRinging: (who, phone) => `Nouvel appel de ${who}, ${phone} sonne`,
    message: (who) => `Nouveau message de ${who}`,
    calls: newCalls,
  },

  player: {
    group: (who) => `Message de ${who}`,
    play: 'Écouter',
    pause: 'Pause',
    position: 'Position dans le message',
    positionText: (at, of) => `${at} sur ${of}`,
    speed: (rate) => `Vitesse ${rate}`,
    download: 'Télécharger',
    openCall: 'Ouvrir l’appel',
    close: 'Fermer le lecteur',
    again: 'Réessayer',
    loading: 'Chargement du message',
    failures: {
      recording_not_ready:
        'Le réseau téléphonique prépare encore ce message. Nouvel essai en cours…',
      recording_gone: 'L’audio de ce message n’existe plus.',
      scope_missing:
        'Vous n’avez pas le droit d’écouter les messages. Connectez-vous avec un compte ou un jeton qui l’a.',
      upstream_failed: 'Le stockage de l’audio ne l’a pas fourni.',
      unreachable: 'Le serveur est injoignable. Vérifiez votre connexion.',
      unplayable: 'Ce navigateur ne sait pas lire cet audio. Vous pouvez le télécharger.',
      other: (code) => `L’audio n’a pas pu être chargé (${code}).`,
    },
  },

  keys: {
    title: 'Clavier',
    lead: 'Les touches simples agissent tant que le focus est dans la liste. Elles se désactivent dans les réglages.',
    off: 'Les touches simples sont désactivées dans les réglages.',
    close: 'Fermer',
    does: {
      move: 'ligne suivante, précédente',
      open: 'ouvrir l’appel',
      heard: 'marquer comme écouté, non écouté',
      done: 'marquer comme traité, non traité',
      note: 'note',
      select: 'sélectionner, sélectionner jusqu’ici',
      escape: 'fermer le lecteur, effacer la sélection',
      play: 'écouter le message de la ligne, ou pause',
      skip: '5 s en arrière, en avant (dans le lecteur)',
      speed: 'moins vite, plus vite (dans le lecteur)',
      search: 'rechercher',
      places: 'appels, chiffres',
      table: 'ce tableau',
    },
    space: 'Espace',
    then: 'puis',
  },

  empty: {
    title: 'Prêt pour le premier appel',
    lead: 'Chaque appel à votre numéro apparaît ici dès qu’il sonne : qui a appelé, comment il s’est terminé et pourquoi, et le message à écouter.',
    phone: 'Appelez votre numéro depuis votre propre téléphone',
    phoneHint:
      'Choisissez une touche du menu, ou laissez un message : il apparaît ici de lui-même.',
    simulated: 'Ou simulez un appel',
    simulatedHint: 'Avec une installation locale, sans téléphone ni compte :',
    command: 'script/call --press 2 --hang-up-after 4',
  },

  time: {
    now: 'à l’instant',
    today: 'Aujourd’hui',
    yesterday: 'Hier',
    second: (n) => `${n} s`,
    minute: (n) => `${n} min`,
    hour: (n) => `${n} h`,
  },

  callPage,
  figures,
  settings,
  blocks,
  users,
  doctor,
};
