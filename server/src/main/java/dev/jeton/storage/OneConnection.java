package dev.jeton.storage;

import java.lang.reflect.InvocationHandler;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import javax.sql.DataSource;

/**
 * A data source that gives everybody the same connection, which nobody of them can close: what they do in its transaction
 * is one transaction.
 */
final class OneConnection {
    private OneConnection() {}

    static DataSource of(Connection connection) {
        Connection kept = proxy(Connection.class, (_, method, arguments) -> {
            if (method.getName().equals("close")) {
                return null;
            }
            try {
                return method.invoke(connection, arguments);
            } catch (InvocationTargetException e) {
                throw e.getTargetException();
            }
        });
        return proxy(DataSource.class, (_, method, _) -> switch (method.getName()) {
            case "getConnection" -> kept;
            case "toString" -> "OneConnection[" + connection + "]";
            default -> throw new UnsupportedOperationException(method.getName());
        });
    }

    private static <T> T proxy(Class<T> type, InvocationHandler handler) {
        return type.cast(Proxy.newProxyInstance(OneConnection.class.getClassLoader(), new Class<?>[] {type}, handler));
    }
}
