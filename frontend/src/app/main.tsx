import '@mantine/core/styles.css';
import './app.css';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';
import { startLive } from '../lib/live/live-connection';
import { queryClient } from '../lib/query-client';
import { listenToOtherTabs } from '../lib/session/other-tabs';
import { clearCacheOnUserChange } from '../lib/session/user-query';
import { App } from './app';

clearCacheOnUserChange(queryClient);
listenToOtherTabs();
startLive(queryClient);

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

createRoot(root).render(
  <StrictMode>
    <App />
  </StrictMode>,
);
