import { refreshSession } from './session';

/** Signing in or out holds for the browser, not for one tab: the others look again. */
const channel = 'BroadcastChannel' in globalThis ? new BroadcastChannel('modex-session') : null;

export function tellOtherTabs(): void {
  channel?.postMessage('changed');
}

export function followOtherTabs(): void {
  channel?.addEventListener('message', () => void refreshSession().catch(() => null));
}
