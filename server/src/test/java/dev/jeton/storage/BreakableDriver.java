package dev.jeton.storage;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Proxy;
import java.sql.CallableStatement;
import java.sql.Connection;
import java.sql.Driver;
import java.sql.DriverManager;
import java.sql.DriverPropertyInfo;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.Properties;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;

/**
 * Stands before the real driver of one database and lets a statement fail when a test wants it. It is meant for changes of
 * the management API: of a server's threads only its workers are counted, and with the commit of what recorded a change
 * the counting ends.
 */
public final class BreakableDriver implements Driver, AutoCloseable {
    private static final String COUNTED_THREADS = "jeton-worker";
    private static final String LAST_STATEMENT = "insert into change_events";
    private static final int NEVER = -1;
    private static final int AT_COMMIT = 0;

    private final String url;
    private final Driver real;
    /** The statement to be broken, counted from 1. */
    private volatile int broken = NEVER;

    private final AtomicInteger counted = new AtomicInteger();
    private final AtomicBoolean broke = new AtomicBoolean();
    private volatile boolean afterCommit;

    private BreakableDriver(String url, Driver real) {
        this.url = url;
        this.real = real;
    }

    /** For all who connect to that database of this process from now on. */
    public static BreakableDriver before(String url) throws SQLException {
        Driver real = DriverManager.getDriver(url);
        BreakableDriver driver = new BreakableDriver(url, real);
        // The first one that takes the URL gets it.
        DriverManager.deregisterDriver(real);
        DriverManager.registerDriver(driver);
        DriverManager.registerDriver(real);
        return driver;
    }

    /** From now on the {@code number}th statement fails, before it reaches the database. */
    public void breakStatement(int number) {
        arm(number, false);
    }

    /** The next change cannot be committed. */
    public void breakCommit() {
        arm(AT_COMMIT, false);
    }

    /** The first statement after the next commit of a change fails. */
    public void breakAfterCommit() {
        arm(1, true);
    }

    private void arm(int number, boolean after) {
        counted.set(0);
        broke.set(false);
        afterCommit = after;
        broken = number;
    }

    /** Whether that statement or commit was there to fail; nothing fails any more. */
    public boolean hasBroken() {
        broken = NEVER;
        return broke.get();
    }

    private static boolean isCountedThread() {
        return Thread.currentThread().getName().startsWith(COUNTED_THREADS);
    }

    private void aboutToExecute() throws SQLException {
        if (broken > AT_COMMIT && !afterCommit && isCountedThread() && counted.incrementAndGet() == broken) {
            fail();
        }
    }

    private void aboutToCommit() throws SQLException {
        if (broken == AT_COMMIT) {
            fail();
        }
    }

    /** Whatever is read after it belongs to the change no more, unless that is what is to fail. */
    private void committed() {
        if (afterCommit) {
            afterCommit = false;
        } else {
            broken = NEVER;
        }
    }

    private void fail() throws SQLException {
        broken = NEVER;
        broke.set(true);
        throw new SQLException("broken by a test");
    }

    /** One connection, of which only what executes and what commits is looked at. */
    private final class Watched {
        private final Connection connection;
        private boolean recorded;

        Watched(Connection connection) {
            this.connection = connection;
        }

        Connection proxy() {
            return proxied(Connection.class, (method, arguments) -> {
                if (method.getName().equals("commit") && recorded) {
                    recorded = false;
                    aboutToCommit();
                    Object result = invoke(connection, method, arguments);
                    committed();
                    return result;
                }
                String sql =
                        arguments != null && arguments.length > 0 && arguments[0] instanceof String text ? text : "";
                return switch (invoke(connection, method, arguments)) {
                    case CallableStatement call -> statement(CallableStatement.class, call, sql);
                    case PreparedStatement prepared -> statement(PreparedStatement.class, prepared, sql);
                    case Statement plain -> statement(Statement.class, plain, sql);
                    case null -> null;
                    case Object result -> result;
                };
            });
        }

        private <S extends Statement> S statement(Class<S> type, S statement, String sql) {
            return proxied(type, (method, arguments) -> {
                if (method.getName().startsWith("execute")) {
                    aboutToExecute();
                    recorded |= isCountedThread() && sql.startsWith(LAST_STATEMENT);
                }
                return invoke(statement, method, arguments);
            });
        }
    }

    @FunctionalInterface
    private interface Call {
        @Nullable
        Object on(Method method, Object @Nullable [] arguments) throws Throwable;
    }

    private static <T> T proxied(Class<T> type, Call call) {
        return type.cast(Proxy.newProxyInstance(
                BreakableDriver.class.getClassLoader(),
                new Class<?>[] {type},
                (_, method, arguments) -> call.on(method, arguments)));
    }

    private static @Nullable Object invoke(Object target, Method method, Object @Nullable [] arguments)
            throws Throwable {
        try {
            return method.invoke(target, arguments);
        } catch (InvocationTargetException e) {
            throw e.getTargetException();
        }
    }

    @Override
    public @Nullable Connection connect(String asked, Properties properties) throws SQLException {
        if (!acceptsURL(asked)) {
            return null;
        }
        return new Watched(real.connect(asked, properties)).proxy();
    }

    @Override
    public boolean acceptsURL(String asked) {
        return asked.equals(url);
    }

    @Override
    public DriverPropertyInfo[] getPropertyInfo(String asked, Properties properties) throws SQLException {
        return real.getPropertyInfo(asked, properties);
    }

    @Override
    public int getMajorVersion() {
        return real.getMajorVersion();
    }

    @Override
    public int getMinorVersion() {
        return real.getMinorVersion();
    }

    @Override
    public boolean jdbcCompliant() {
        return real.jdbcCompliant();
    }

    @Override
    public Logger getParentLogger() {
        return Logger.getGlobal();
    }

    @Override
    public void close() throws SQLException {
        DriverManager.deregisterDriver(this);
    }
}
