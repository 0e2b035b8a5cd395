import { refreshSession } from './session';

/** Signing in or out applies to all tabs; the others refresh their session. */
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('modex-session') : null;

export function notifyOtherTabs(): void {
  channel?.postMessage('changed');
}

export function listenToOtherTabs(): void {
  channel?.addEventListener('message', () => void refreshSession().catch(() => null));
}
