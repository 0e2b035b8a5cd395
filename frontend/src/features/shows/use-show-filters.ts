import { useCallback, useMemo } from 'react';
import { useSearchParams } from 'react-router';
import type { ShowKind } from '../../lib/api/types';
import { kindNames } from '../../lib/kind-names';
import type { ShowFilters } from './api/get-shows';

/** The filters live in the address: a search can be shared, and Back returns to it. */
export function useShowFilters() {
  const [params, setParams] = useSearchParams();
  const filters = useMemo(() => readFilters(params), [params]);

  const setFilters = useCallback(
    (next: ShowFilters) => setParams(writeFilters(next), { replace: true }),
    [setParams],
  );
  return { filters, setFilters };
}

function readFilters(params: URLSearchParams): ShowFilters {
  const [q, kind, region] = [params.get('q'), params.get('kind'), params.get('region')];
  return {
    ...(q && { q }),
    ...(kind && kind in kindNames && { kind: kind as ShowKind }),
    ...(region && { region }),
    ...(params.get('available') === 'true' && { available: 'true' as const }),
  };
}

function writeFilters(filters: ShowFilters): URLSearchParams {
  const set = Object.entries(filters).filter(([, value]) => value);
  return new URLSearchParams(set.map(([name, value]) => [name, String(value)]));
}
