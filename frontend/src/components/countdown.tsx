import { Text, VisuallyHidden, type TextProps } from '@mantine/core';
import { formatCountdown, spokenMilestone } from '../lib/time/countdown';

interface CountdownProps extends TextProps {
  /** Whole seconds left, from `useSecondsLeft`. */
  seconds: number;
  /** The accessible name. */
  label: string;
  /** No announcements, for lists with many countdowns. */
  silent?: boolean;
}

/** A countdown. Screen readers announce a few milestones, not every second. */
export function Countdown({ seconds, label, silent, ...props }: CountdownProps) {
  return (
    <>
      <Text
        component="span"
        role="timer"
        aria-label={label}
        style={{ fontVariantNumeric: 'tabular-nums' }}
        {...props}
      >
        {formatCountdown(seconds)}
      </Text>
      {!silent && <VisuallyHidden role="status">{spoken(label, seconds)}</VisuallyHidden>}
    </>
  );
}

function spoken(label: string, seconds: number): string {
  const milestone = spokenMilestone(seconds);
  return milestone ? `${label}: ${milestone}` : '';
}
