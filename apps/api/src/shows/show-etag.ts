import type { ShowView } from '@modex/domain';

/**
 * `"<revision>-<version>-<…>"`. The last part is what changes in a show's view by the passing of
 * time alone: without it, a show whose selling has just opened would still be answered with 304.
 */
export function etagOfShow(revision: number, view: ShowView): string {
  return `"${revision}-${view.version}-${view.secondsToOpen || view.availability}"`;
}
