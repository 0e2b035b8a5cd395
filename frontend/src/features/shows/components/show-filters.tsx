import { Autocomplete, CloseButton, Group, Select, Switch, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconMapPin, IconSearch } from '@tabler/icons-react';
import type { ShowKind } from '../../../lib/api/types';
import { kindNames } from '../../../lib/kind-names';
import type { ShowFilters as Filters } from '../api/get-shows';
import { useDraft } from '../use-draft';
import classes from './show-filters.module.css';

interface ShowFiltersProps {
  filters: Filters;
  /** Regions to offer; any other may be typed. */
  regions: string[];
  onChange: (filters: Filters) => void;
}

const kinds = Object.entries(kindNames).map(([value, label]) => ({ value, label }));

export function ShowFilters({ filters, regions, onChange }: ShowFiltersProps) {
  const text = useDraft(filters.q ?? '');
  const place = useDraft(filters.region ?? '');
  const takeText = (value: string) => {
    text.ask(value.trim());
    onChange({ ...filters, q: value.trim() });
  };
  const takeRegion = (value: string) => {
    if (value.trim() === (filters.region ?? '')) return;
    place.ask(value.trim());
    onChange({ ...filters, region: value.trim() });
  };
  const search = useDebouncedCallback(takeText, 300);

  return (
    <Group component="search" gap="sm" align="flex-end" className={classes.bar}>
      <TextInput
        className={classes.text}
        label="Search"
        placeholder="Title, place or doctor"
        leftSection={<IconSearch size={16} />}
        value={text.draft}
        onChange={({ currentTarget }) => {
          text.setDraft(currentTarget.value);
          search(currentTarget.value);
        }}
        rightSection={
          text.draft !== '' && (
            <CloseButton
              size="sm"
              aria-label="Clear search"
              onClick={() => {
                text.setDraft('');
                search.cancel();
                takeText('');
              }}
            />
          )
        }
      />
      <Select
        className={classes.choice}
        label="Kind"
        placeholder="All kinds"
        data={kinds}
        value={filters.kind ?? null}
        onChange={(kind) => onChange({ ...filters, kind: (kind as ShowKind | null) ?? undefined })}
        clearable
        clearButtonProps={{ 'aria-label': 'All kinds' }}
      />
      <Autocomplete
        className={classes.choice}
        label="Region"
        placeholder="All regions"
        leftSection={<IconMapPin size={16} />}
        data={regions}
        value={place.draft}
        onChange={place.setDraft}
        onOptionSubmit={takeRegion}
        onBlur={() => takeRegion(place.draft)}
        onKeyDown={(event) => event.key === 'Enter' && takeRegion(place.draft)}
        onClear={() => takeRegion('')}
        clearable
        clearButtonProps={{ 'aria-label': 'All regions' }}
      />
      <Switch
        className={classes.switch}
        label="Only available"
        checked={filters.available === 'true'}
        onChange={({ currentTarget }) =>
          onChange({ ...filters, available: currentTarget.checked ? 'true' : undefined })
        }
      />
    </Group>
  );
}
