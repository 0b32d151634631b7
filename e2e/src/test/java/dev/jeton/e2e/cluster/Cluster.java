package dev.jeton.e2e.cluster;

import dev.jeton.e2e.Await;
import dev.jeton.e2e.FreePort;
import dev.jeton.e2e.Jeton;
import dev.jeton.e2e.ManagementApi;
import dev.jeton.e2e.PostgresServer;
import dev.jeton.e2e.RunningServer;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Collectors;

/** Servers of one issuer that started at the same moment on one empty database, each in a process of its own. */
final class Cluster implements AutoCloseable {
    static final String ISSUER = "https://login.example.com/";

    /** Whether to take as long as it needs to be sure: {@code make cluster-test}. */
    static final boolean LONG = Boolean.getBoolean("jeton.cluster.long");

    /** One of the servers, and its way to the database. */
    static final class Node {
        private final RunningServer server;
        private final String base;
        private final DatabaseProxy database;
        private ManagementApi api;

        private Node(RunningServer server, String base, DatabaseProxy database) throws Exception {
            this.server = server;
            this.base = base;
            this.database = database;
            logIn();
        }

        RunningServer server() {
            return server;
        }

        /** Where it listens; ends with a slash. */
        String base() {
            return base;
        }

        DatabaseProxy database() {
            return database;
        }

        ManagementApi api() {
            return api;
        }

        /** Gets a new management token, since the one before will do no more. */
        void logIn() throws Exception {
            Await.until("it gives a management token", () -> {
                try {
                    api = new ManagementApi(base, ISSUER);
                    return true;
                } catch (AssertionError _) {
                    return false;
                }
            });
        }
    }

    private final PostgresServer postgres;
    private final List<Node> nodes = new CopyOnWriteArrayList<>();

    private Cluster(PostgresServer postgres) {
        this.postgres = postgres;
    }

    /** Of each node. */
    static final int EVENT_LOOPS = 1;

    static Cluster start(Path folder, int size) throws Exception {
        Cluster cluster = new Cluster(PostgresServer.start());
        try (ExecutorService threads = Executors.newFixedThreadPool(size)) {
            List<Future<?>> starting = new ArrayList<>();
            for (int i = 0; i < size; i++) {
                Path home = Files.createDirectory(folder.resolve("node-" + i));
                starting.add(threads.submit(() -> cluster.nodes.add(cluster.startNode(home))));
            }
            for (Future<?> started : starting) {
                started.get();
            }
            return cluster;
        } catch (Exception e) {
            cluster.close();
            throw e;
        }
    }

    private Node startNode(Path home) throws Exception {
        DatabaseProxy proxy = new DatabaseProxy(postgres.port());
        int port = FreePort.next(); // since the issuer is given, a server does not tell which port it took
        Map<String, String> variables = new HashMap<>(postgres.settings());
        variables.put("JETON_DB_URL", "jdbc:postgresql://127.0.0.1:" + proxy.port() + "/jeton");
        variables.put("JETON_ISSUER", ISSUER);
        variables.put("JETON_EVENT_LOOPS", Integer.toString(EVENT_LOOPS));
        variables.put("JETON_THROTTLE_ENABLED", "false");
        RunningServer server =
                new Jeton(home).with(variables).start("serve", "--port", Integer.toString(port), "--data", "data");
        return new Node(server, "http://127.0.0.1:" + port + "/", proxy);
    }

    /** Says what was measured, which only the long tests are for. */
    static void report(String measured) {
        if (LONG) {
            System.out.println(measured);
        }
    }

    Node node(int number) {
        return nodes.get(number);
    }

    List<Node> nodes() {
        return nodes;
    }

    /** The first column of what a query finds. */
    List<String> query(String sql) throws SQLException {
        try (Connection connection = postgres.connect();
                Statement statement = connection.createStatement();
                ResultSet rows = statement.executeQuery(sql)) {
            List<String> found = new ArrayList<>();
            while (rows.next()) {
                found.add(rows.getString(1));
            }
            return found;
        }
    }

    /** Ends the connections on which that node is notified of changes; returns how many there were. */
    int endNotifications(Node node) throws SQLException {
        return query("select pg_terminate_backend(pid) " + notifying(node)).size();
    }

    /** The processes of PostgreSQL that notify that node of changes. */
    List<String> notifiers(Node node) throws SQLException {
        return query("select pid " + notifying(node));
    }

    private static String notifying(Node node) {
        String ports = node.database().ports().stream().map(String::valueOf).collect(Collectors.joining(", "));
        return "from pg_stat_activity where query ilike 'listen%' and client_port in (" + ports + ")";
    }

    /** Asks until all nodes answer with that status. */
    void awaitEverywhere(ManagementApi.Job job, int status) throws Exception {
        for (Node node : nodes) {
            Await.until(
                    node.base() + " answers " + status,
                    () -> node.api().answer(job).statusCode() == status);
        }
    }

    @Override
    public void close() throws IOException {
        for (Node node : nodes) {
            node.database().open();
            node.server().resume();
            node.server().terminate();
        }
        for (Node node : nodes) {
            node.server().ended();
            node.database().close();
        }
        postgres.close();
    }
}
