import { Title, type TitleProps } from '@mantine/core';
import { useDocumentTitle } from '@mantine/hooks';
import { useEffect, useRef } from 'react';
import { useLocation } from 'react-router';
import classes from './page-heading.module.css';

interface PageHeadingProps extends TitleProps {
  children: string;
  /** The tab's title, where it should say more than the heading. */
  documentTitle?: string;
}

/**
 * The h1 of a page. It sets the document title and takes the focus after a navigation, so that screen
 * readers announce the page and keyboard navigation starts at the top.
 */
export function PageHeading({ children, documentTitle, ...props }: PageHeadingProps) {
  const heading = useRef<HTMLHeadingElement>(null);
  useDocumentTitle(`${documentTitle ?? children} · Modex Booking`);

  // The router's key of the first page, where the browser sets the focus.
  const arrived = useLocation().key === 'default';

  useEffect(() => {
    if (!arrived) heading.current?.focus({ preventScroll: true });
  }, [arrived]);

  return (
    <Title order={1} ref={heading} tabIndex={-1} className={classes.heading} {...props}>
      {children}
    </Title>
  );
}
