import { useQuery } from '@tanstack/react-query';
import { request } from '../../api/client';
import { useMay } from '../../session/session';
import { counted } from '../../ui/figures';
import { Loading } from '../../ui/Loading';

interface Overview {
  series: { tokens: number | null }[];
}

/** What an act on code breaks: that code ran before each of these tokens, if it runs at all. */
export function ExtensionImpact({ runs, consequence }: { runs: boolean; consequence: string }) {
  const may = useMay('read:stats');
  const tokens = useQuery({
    queryKey: ['usage', 'overview', 24, 'tokens'],
    queryFn: async ({ signal }) => {
      const answer = await request('/api/v2/usage/overview?hours=24', { signal });
      const { series } = (await answer.json()) as Overview;
      return series.reduce((sum, step) => sum + (step.tokens ?? 0), 0);
    },
    enabled: may && runs,
    staleTime: 0,
  });
  if (!runs) {
    return <p>It runs before no token at present. {consequence}</p>;
  }
  if (tokens.isLoading) {
    return <Loading rows={1} />;
  }
  return (
    <p>
      It runs before each token but those for the Management API:{' '}
      {tokens.data === undefined ? (
        'how many there were in the last day is not known. '
      ) : (
        <>
          <strong>{counted(tokens.data, 'token')}</strong> in the last day.{' '}
        </>
      )}
      {consequence}
    </p>
  );
}
