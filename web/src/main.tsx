import { render } from 'preact';
import { App } from './components/app.tsx';
import { router } from './router/router.ts';
import { followLanguage } from './settings/language.ts';
import './styles/main.css';

const root = document.getElementById('app');
if (root !== null) {
  router.start();
  // Without its words a language is no use, and English is always here.
  await followLanguage().catch(() => undefined);
  render(<App />, root);
}
