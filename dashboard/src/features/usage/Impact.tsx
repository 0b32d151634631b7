import { useQuery } from '@tanstack/react-query';
import { api, data } from '../../api/client';
import { Failure } from '../../ui/Failure';
import { counted, Time } from '../../ui/figures';
import { Loading } from '../../ui/Loading';

interface Props {
  of: 'clients' | 'resource-servers' | 'signing-keys';
  id: string;
  /** What happens to whoever used it: "They will be refused." */
  consequence: string;
}

/** What breaks, in numbers: tokens of the last day, the newest, from how many addresses. */
export function Impact({ of, id, consequence }: Props) {
  const impact = useQuery({
    queryKey: ['usage', 'impact', of, id],
    queryFn: async ({ signal }) => {
      switch (of) {
        case 'clients':
          return data(api.GET('/usage/clients/{id}/impact', { params: { path: { id } }, signal }));
        case 'resource-servers':
          return data(api.GET('/usage/resource-servers/{id}/impact', { params: { path: { id } }, signal }));
        case 'signing-keys':
          return data(api.GET('/usage/signing-keys/{kid}/impact', { params: { path: { kid: id } }, signal }));
      }
    },
    staleTime: 0,
  });
  if (impact.isPending) {
    return <Loading rows={1} />;
  }
  if (impact.isError) {
    return (
      <Failure
        what="What this breaks is not known"
        problem={impact.error}
        retry={() => void impact.refetch()}
      />
    );
  }
  const { tokens_day, newest_at, addresses_day, addresses_day_at_least } = impact.data;
  return (
    <p>
      {tokens_day === 0 && newest_at === null ? (
        'No token was issued in the last day. '
      ) : (
        <>
          Issued <strong>{counted(tokens_day, 'token')}</strong> in the last day, newest{' '}
          <Time at={newest_at} />, from {addresses_day_at_least ? 'at least ' : ''}
          {counted(addresses_day, 'address', 'addresses')}.{' '}
        </>
      )}
      {consequence}
    </p>
  );
}
