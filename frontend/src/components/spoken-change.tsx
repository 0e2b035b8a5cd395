import { VisuallyHidden } from '@mantine/core';
import { useEffect, useRef, useState } from 'react';

/** At most one announcement in this time: a busy counter changes ten times a second. */
const PAUSE_MS = 4000;

/** A live region that announces changes of `children`, not the initial text. */
export function SpokenChange({ children }: { children: string }) {
  const [spoken, setSpoken] = useState('');
  const last = useRef({ text: children, at: 0 });

  useEffect(() => {
    if (children === last.current.text) return;
    const wait = Math.max(0, last.current.at + PAUSE_MS - performance.now());
    const timer = setTimeout(() => {
      last.current = { text: children, at: performance.now() };
      setSpoken(children);
    }, wait);
    return () => clearTimeout(timer);
  }, [children]);

  return <VisuallyHidden role="status">{spoken}</VisuallyHidden>;
}
