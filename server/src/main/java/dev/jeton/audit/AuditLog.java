package dev.jeton.audit;

import dev.jeton.audit.AuditEvent.TokenEvent;
import dev.jeton.storage.Database;
import dev.jeton.storage.StorageUnavailableException;
import java.nio.file.Path;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The audit log of one server: where token events are appended, and from where its other sides are had. */
public final class AuditLog implements AutoCloseable {
    private static final Duration UPKEEP_INTERVAL = Duration.ofSeconds(10);

    private final AuditStore store;
    private final GroupWriter writer;
    private final AuditReader reader;
    private final ChangeRecorder changes;
    private final UsageFiguresStore usage;
    private final AuditUpkeep upkeep;
    private final ScheduledExecutorService upkeepThread;

    private AuditLog(AuditStore store, Database database, AuditSettings settings, InstantSource clock) {
        this.store = store;
        this.writer = new GroupWriter(store, settings, clock);
        this.reader = new AuditReader(store, database);
        this.changes = new ChangeRecorder(store);
        this.usage = new UsageFiguresStore(database, store);
        this.upkeep = new AuditUpkeep(store, new UsageStore(database), database, settings, clock);
        this.upkeepThread = Executors.newSingleThreadScheduledExecutor(
                Thread.ofPlatform().name("jeton-audit-upkeep").daemon().factory());
    }

    /**
     * Opens the log: on SQLite the files in {@code dataFolder/audit}, on PostgreSQL tables of the database.
     *
     * @param database is migrated
     * @throws StorageUnavailableException if the log cannot be read or written; the message says what to do
     */
    public static AuditLog start(Database database, Path dataFolder, AuditSettings settings, InstantSource clock) {
        AuditStore store = switch (database.dialect()) {
            case SQLITE ->
                SqliteAuditStore.open(dataFolder.resolve("audit"), database.read(ChangeEventStore::newestMs));
            case POSTGRESQL -> PostgresAuditStore.open(database);
        };
        AuditLog auditLog = new AuditLog(store, database, settings, clock);
        auditLog.writer.start();
        var _ = auditLog.upkeepThread.scheduleWithFixedDelay(
                auditLog.upkeep::run, 0, UPKEEP_INTERVAL.toMillis(), TimeUnit.MILLISECONDS);
        return auditLog;
    }

    /**
     * Takes an event in; may be called on an event loop, never blocks.
     *
     * <p>With {@link AuditSettings.Durability#COMMIT} the future completes on the writer's thread when the event is
     * synced to disk; with {@link AuditSettings.Durability#ASYNC} at once. A stranger's refusal beyond the threshold is
     * only counted, and its future completes at once; its row comes when the minute ends.
     *
     * @return fails with {@link StorageUnavailableException} if the event could not be stored (it may still be found in
     *     the log if the database was lost during the commit), and at once with {@link AuditQueueFullException} if too
     *     many wait. Both are answered with 503: a token leaves only after its event is stored
     */
    public CompletableFuture<@Nullable Void> append(TokenEvent event) {
        return writer.append(event);
    }

    public AuditReader reader() {
        return reader;
    }

    public ChangeRecorder changes() {
        return changes;
    }

    public UsageFiguresStore usage() {
        return usage;
    }

    /** How many events wait to be stored. */
    public int queued() {
        return writer.queued();
    }

    /** Why events cannot be stored now, in words for the operator; empty if the last group was stored. */
    public Optional<String> trouble() {
        return Optional.ofNullable(writer.trouble()).map(StorageUnavailableException::getMessage);
    }

    /** Whether the log was found larger than {@code maxBytes} at the last look, so that days are dropped early. */
    public boolean overCap() {
        return upkeep.overCap();
    }

    /** Brings usage up to now and drops what is due; runs by itself every ten seconds, and hourly for the dropping. */
    void tend() {
        upkeep.tend();
    }

    /** Stores what is queued, within ten seconds; what is appended from now on fails. */
    @Override
    public void close() {
        writer.close();
        upkeepThread.close();
        store.close();
    }
}
