import { useEffect, useRef, useState } from 'react';

/**
 * What stands in a field before it is applied. It follows `applied` when that was changed from
 * elsewhere (a link, a cleared search), but not when it merely catches up with what was asked for,
 * since the reader may have typed on meanwhile.
 */
export function useDraft(applied: string) {
  const [draft, setDraft] = useState(applied);
  const asked = useRef(applied);

  useEffect(() => {
    if (applied === asked.current) return;
    asked.current = applied;
    setDraft(applied);
  }, [applied]);

  return {
    draft,
    setDraft,
    /** Call with what is about to be applied. */
    ask: (value: string) => {
      asked.current = value;
    },
  };
}
