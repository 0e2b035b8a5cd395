import { Text, VisuallyHidden, type TextProps } from '@mantine/core';
import { formatCountdown, spokenMilestone } from '../lib/time/countdown';

interface CountdownProps extends TextProps {
  /** Whole seconds left, from `useSecondsLeft`. */
  seconds: number;
  /** What it counts towards, for those who cannot see where it stands. */
  label: string;
  /** Not among many countdowns, where nobody would know which one speaks. */
  silent?: boolean;
}

/** A ticking time. Read out at a few milestones only: a voice each second helps nobody. */
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
