import { describe, expect, it } from '@jest/globals';
import { WatchedShows } from './watched-shows';

describe('the shows that are watched', () => {
  it('are those on screen, each once', () => {
    const watched = new WatchedShows(() => undefined);
    watched.add(['a', 'b']);
    watched.add(['b', 'c']);
    expect(watched.ids()).toEqual(['a', 'b', 'c']);
  });

  it('stay watched until the last place that shows them is gone', () => {
    const watched = new WatchedShows(() => undefined);
    const leaveList = watched.add(['a', 'b']);
    watched.add(['b']);
    leaveList();
    expect(watched.ids()).toEqual(['b']);
  });

  it('are at most 200, the ones displayed last', () => {
    const watched = new WatchedShows(() => undefined);
    watched.add(Array.from({ length: 250 }, (_, index) => `show-${index}`));
    expect(watched.ids()).toHaveLength(200);
    expect(watched.ids().at(-1)).toBe('show-249');
  });
});
