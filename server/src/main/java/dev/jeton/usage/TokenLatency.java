package dev.jeton.usage;

import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.atomic.AtomicReferenceArray;

/**
 * How long the decisions of this node's token endpoint took, from the request to its answer: by the minute for an hour,
 * and by the hour for a week. It is in memory only, and begins anew with each start.
 *
 * <p>To record costs two increments and no lock. What is told is true to an eighth.
 */
public final class TokenLatency {
    private static final long MINUTE_MS = 60_000;
    private static final long HOUR_MS = 3_600_000;
    private static final int MINUTES = 60;
    private static final int HOURS = 168;

    /** Each power of two of microseconds has eight buckets; the last is for all beyond a minute. */
    private static final int BITS = 3;

    private static final int PER_POWER = 1 << BITS;
    private static final int BUCKETS = 24 * PER_POWER;

    private final AtomicReferenceArray<Slot> minutes = new AtomicReferenceArray<>(MINUTES);
    private final AtomicReferenceArray<Slot> hours = new AtomicReferenceArray<>(HOURS);

    /** @param number of the minute or the hour since 1970 */
    private record Slot(long number, AtomicIntegerArray counts) {}

    /** Half of the decisions took no longer than the one, 99 of 100 no longer than the other. */
    public record Percentiles(double p50Ms, double p99Ms) {}

    /** Takes in a decision. */
    public void record(Instant at, Duration took) {
        int bucket = bucket(took.toNanos() / 1_000);
        long ms = at.toEpochMilli();
        count(minutes, ms / MINUTE_MS, bucket);
        count(hours, ms / HOUR_MS, bucket);
    }

    private static void count(AtomicReferenceArray<Slot> slots, long number, int bucket) {
        int place = (int) (number % slots.length());
        Slot slot = slots.get(place);
        while (slot == null || slot.number() < number) {
            Slot fresh = new Slot(number, new AtomicIntegerArray(BUCKETS));
            slot = slots.compareAndSet(place, slot, fresh) ? fresh : slots.get(place);
        }
        // A clock that was set back is not waited for.
        slot.counts().incrementAndGet(bucket);
    }

    /** Of that minute; empty if nothing is known of it. */
    public Optional<Percentiles> ofMinute(Instant minute) {
        return percentiles(of(minutes, minute.toEpochMilli() / MINUTE_MS, 1));
    }

    /** Of that hour. */
    public Optional<Percentiles> ofHour(Instant hour) {
        return percentiles(of(hours, hour.toEpochMilli() / HOUR_MS, 1));
    }

    /** Of so many minutes from that one on, together. */
    public Optional<Percentiles> ofMinutes(Instant first, int count) {
        return percentiles(of(minutes, first.toEpochMilli() / MINUTE_MS, count));
    }

    /** Of so many hours from that one on, together. */
    public Optional<Percentiles> ofHours(Instant first, int count) {
        return percentiles(of(hours, first.toEpochMilli() / HOUR_MS, count));
    }

    private static long[] of(AtomicReferenceArray<Slot> slots, long first, int count) {
        long[] counts = new long[BUCKETS];
        for (int place = 0; place < slots.length(); place++) {
            Slot slot = slots.get(place);
            if (slot != null && slot.number() >= first && slot.number() < first + count) {
                for (int bucket = 0; bucket < BUCKETS; bucket++) {
                    counts[bucket] += slot.counts().get(bucket);
                }
            }
        }
        return counts;
    }

    private static Optional<Percentiles> percentiles(long[] counts) {
        long all = 0;
        for (long count : counts) {
            all += count;
        }
        return all == 0
                ? Optional.empty()
                : Optional.of(new Percentiles(
                        ms(counts, Math.ceilDiv(all * 50, 100)), ms(counts, Math.ceilDiv(all * 99, 100))));
    }

    /** The upper end of the bucket in which that many are reached. */
    private static double ms(long[] counts, long wanted) {
        long seen = 0;
        int bucket = 0;
        while (bucket < BUCKETS - 1 && seen + counts[bucket] < wanted) {
            seen += counts[bucket++];
        }
        return micros(bucket + 1) / 1_000.0;
    }

    private static int bucket(long micros) {
        if (micros < PER_POWER) {
            return (int) Math.max(0, micros);
        }
        int shift = 63 - Long.numberOfLeadingZeros(micros) - BITS;
        return (int) Math.min(BUCKETS - 1, (shift + 1L) * PER_POWER + ((micros >> shift) & (PER_POWER - 1)));
    }

    /** The least that falls into that bucket. */
    private static long micros(int bucket) {
        int shift = bucket / PER_POWER - 1;
        return shift < 0 ? bucket : (long) (PER_POWER + bucket % PER_POWER) << shift;
    }
}
