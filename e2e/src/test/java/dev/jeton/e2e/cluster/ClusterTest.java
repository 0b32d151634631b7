package dev.jeton.e2e.cluster;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Two servers on one database. They are started once for all, as that takes longer than most of the tests. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ClusterTest {
    private Cluster cluster;
    private Path folder;

    @BeforeAll
    void start(@TempDir Path temporary) throws Exception {
        folder = temporary;
        cluster = Cluster.start(folder, 2);
    }

    @AfterAll
    void stop() throws Exception {
        if (cluster != null) {
            cluster.close();
        }
    }

    /** Before the nested classes add to what they made. */
    @Test
    void they_make_one_set_of_keys_one_system_api_and_one_client_each_for_bootstrap_and_command_line()
            throws Exception {
        StartTest.requireOneOfEach(cluster, folder);
    }

    @Nested
    class WhatIsWithdrawn extends WithdrawalContract {
        WhatIsWithdrawn() {
            super(cluster);
        }
    }

    @Nested
    class PausedNode extends PausedNodeContract {
        PausedNode() {
            super(cluster);
        }
    }

    @Nested
    class ConcurrentWrites extends ConcurrentWritesContract {
        ConcurrentWrites() {
            super(cluster);
        }
    }
}
