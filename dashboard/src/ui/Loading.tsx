import { Skeleton } from '@mantine/core';
import { useEffect, useState } from 'react';

/** The final shape in grey after 150 ms, nothing before: what is quick does not flicker. */
export function Loading({ rows = 6, height = 24 }: { rows?: number; height?: number }) {
  const [late, setLate] = useState(false);
  useEffect(() => {
    const timer = setTimeout(() => setLate(true), 150);
    return () => clearTimeout(timer);
  }, []);
  return (
    <div role="status" aria-label="Loading" aria-busy>
      {late &&
        Array.from({ length: rows }, (_, row) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: the rows are all alike
          <Skeleton key={row} height={height} mb={16} animate={false} />
        ))}
    </div>
  );
}
