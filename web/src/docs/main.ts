// The API's description, browsable.  Requests tried here carry the session's cookie.

import SwaggerUI from 'swagger-ui-dist/swagger-ui-es-bundle.js';
import './docs.css';

const dark = matchMedia('(prefers-color-scheme: dark)');
const follow = (): void => {
  document.documentElement.classList.toggle('dark-mode', dark.matches);
};
dark.addEventListener('change', follow);
follow();

SwaggerUI({
  dom_id: '#docs',
  url: '/docs/mainline.yaml',
  validatorUrl: null, // else the description would be sent to another host
  deepLinking: true,
  defaultModelsExpandDepth: 0,
});
