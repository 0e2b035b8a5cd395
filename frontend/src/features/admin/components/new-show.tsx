import { useState } from 'react';
import { ProblemAlert } from '../../../components/problem-alert';
import type { Show } from '../../../lib/api/types';
import { currentZoneName } from '../../../lib/time/time-zones';
import { useCreateShow } from '../api/create-show';
import { emptyShow, toCreateShow } from '../show-form-values';
import { ShowForm } from './show-form';

interface NewShowProps {
  onCreated: (show: Show) => void;
  onDiscard: () => void;
}

export function NewShow({ onCreated, onDiscard }: NewShowProps) {
  const [initialValues] = useState(() =>
    emptyShow(currentZoneName(Intl.DateTimeFormat().resolvedOptions().timeZone)),
  );
  const create = useCreateShow();
  return (
    <ShowForm
      initialValues={initialValues}
      submitLabel="Create show"
      pending={create.isPending}
      error={create.error}
      onDiscard={onDiscard}
      onSubmit={(values) =>
        create.mutate(toCreateShow(values), { onSuccess: ({ data }) => onCreated(data) })
      }
    >
      {create.error && <ProblemAlert error={create.error} />}
    </ShowForm>
  );
}
