import { useState } from 'react';
import { ProblemAlert } from '../../../components/problem-alert';
import { ProblemError } from '../../../lib/api/problem';
import type { ShowDetail } from '../../../lib/api/types';
import { useUpdateShow } from '../api/update-show';
import { toUpdateShow, valuesOfShow } from '../show-form-values';
import { ShowForm } from './show-form';

interface EditShowProps {
  show: ShowDetail;
  onSaved: () => void;
  onDiscard: () => void;
  /** Reads the show anew and starts over. */
  onReload: () => void;
}

/**
 * Edits the show as it was when the form opened, and says so to the server: the sale may go on
 * meanwhile and move the counters, but a second organiser's edit is not overwritten.
 */
export function EditShow({ show, onSaved, onDiscard, onReload }: EditShowProps) {
  const [opened] = useState(() => ({ etag: show.etag, values: valuesOfShow(show) }));
  const update = useUpdateShow();
  const outdated = update.error instanceof ProblemError && update.error.status === 412;

  return (
    <ShowForm
      initialValues={opened.values}
      submitLabel="Save changes"
      pending={update.isPending}
      error={update.error}
      onDiscard={onDiscard}
      onSubmit={(values) => {
        const changes = toUpdateShow(opened.values, values);
        if (Object.keys(changes).length === 0) return onSaved();
        update.mutate({ id: show.id, etag: opened.etag, changes }, { onSuccess: onSaved });
      }}
    >
      {update.error && (
        <ProblemAlert
          error={update.error}
          onRetry={outdated ? onReload : undefined}
          retryLabel="Load the newest version"
        />
      )}
    </ShowForm>
  );
}
