import { refreshSession } from './session';

/** Signing in or out holds for the browser, not for one tab: the others look again. */
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('modex-session') : null;

export function notifyOtherTabs(): void {
  channel?.postMessage('changed');
}

export function listenToOtherTabs(): void {
  channel?.addEventListener('message', () => void refreshSession().catch(() => null));
}
