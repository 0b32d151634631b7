package dev.jeton.e2e;

import java.nio.file.Path;
import java.util.List;

/** The Timesheets API in Java. */
class TimesheetsJavaTest extends TimesheetsContract {
    @Override
    RunningServer startApi(Jeton user) {
        Path jar = Path.of(System.getProperty("jeton.home", ".."))
                .resolve("samples/timesheets-api/target/timesheets-api.jar")
                .toAbsolutePath();
        Path java = Path.of(System.getProperty("java.home"), "bin", "java");
        return user.startAny(READY, List.of(java.toString(), "-XX:TieredStopAtLevel=1", "-jar", jar.toString()));
    }
}
