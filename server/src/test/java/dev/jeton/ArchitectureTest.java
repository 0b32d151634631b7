package dev.jeton;

import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaAccess;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.core.importer.Location;
import com.tngtech.archunit.junit.AnalyzeClasses;
import com.tngtech.archunit.junit.ArchTest;
import com.tngtech.archunit.lang.ArchRule;
import java.time.Clock;
import java.time.InstantSource;
import java.util.Date;
import java.util.Set;

/** The shape of the server that docs and conventions promise. */
@AnalyzeClasses(
        packages = "dev.jeton",
        importOptions = {ImportOption.DoNotIncludeTests.class, ArchitectureTest.WithoutTheVerifier.class})
class ArchitectureTest {
    /** The library that others embed has rules of its own. */
    static final class WithoutTheVerifier implements ImportOption {
        @Override
        public boolean includes(Location location) {
            return !location.contains("/dev/jeton/verifier/");
        }
    }

    private static final String[] FOUNDATIONS = {
        "dev.jeton.config..",
        "dev.jeton.http..",
        "dev.jeton.storage..",
        "dev.jeton.oauth..",
        "dev.jeton.audit..",
        "dev.jeton.management..",
        "dev.jeton.tls..",
        "dev.jeton.operations.."
    };
    /** A feature is whatever is neither a foundation, nor the wiring, nor the library that others embed. */
    private static final DescribedPredicate<JavaClass> FEATURES = describe(
            "features",
            type -> type.getPackageName().startsWith("dev.jeton.")
                    && !resideInAnyPackage(FOUNDATIONS).test(type)
                    && !type.getPackageName().startsWith("dev.jeton.verifier"));

    /** Handles are passed on by whoever opens a transaction; what is asked of them is SQL. */
    private static final DescribedPredicate<JavaAccess<?>> SQL = describe(
            "run SQL",
            access -> resideInAnyPackage("org.jdbi..", "java.sql..", "javax.sql..")
                    .test(access.getTargetOwner()));

    private static final DescribedPredicate<JavaClass> STORES =
            describe("stores", type -> outermost(type).getSimpleName().endsWith("Store"));

    private static final Set<Class<?>> CLOCKS = Set.of(Clock.class, InstantSource.class);
    private static final DescribedPredicate<JavaAccess<?>> THE_SYSTEM_CLOCK =
            describe("ask the system clock", access -> switch (access.getName()) {
                case "now" -> access.getTargetOwner().getPackageName().equals("java.time");
                case "system", "systemUTC", "systemDefaultZone", "tickMillis", "tickSeconds", "tickMinutes" ->
                    CLOCKS.stream().anyMatch(clock -> access.getTargetOwner().isEquivalentTo(clock));
                case "currentTimeMillis" -> access.getTargetOwner().isEquivalentTo(System.class);
                case "<init>" ->
                    access.getTargetOwner().isEquivalentTo(Date.class)
                            && access.getDescription().contains("Date.<init>()");
                default -> false;
            });

    @ArchTest
    static final ArchRule PACKAGES_HAVE_NO_CYCLES =
            slices().matching("dev.jeton.(*)..").should().beFreeOfCycles();

    @ArchTest
    static final ArchRule FOUNDATIONS_KNOW_NO_FEATURE =
            noClasses().that().resideInAnyPackage(FOUNDATIONS).should().dependOnClassesThat(FEATURES);

    @ArchTest
    static final ArchRule ONLY_HTTP_KNOWS_THE_ENGINE = noClasses()
            .that()
            .resideOutsideOfPackage("dev.jeton.http..")
            .should()
            .dependOnClassesThat()
            .resideInAnyPackage("io.vertx..", "io.netty..");

    @ArchTest
    static final ArchRule ONLY_STORAGE_AND_STORES_RUN_SQL = noClasses()
            .that()
            .resideOutsideOfPackage("dev.jeton.storage..")
            .and(DescribedPredicate.not(STORES))
            .should()
            .accessTargetWhere(SQL);

    @ArchTest
    static final ArchRule ONLY_MAIN_ASKS_THE_SYSTEM_CLOCK =
            noClasses().that().doNotBelongToAnyOf(Main.class).should().accessTargetWhere(THE_SYSTEM_CLOCK);

    private static JavaClass outermost(JavaClass type) {
        return type.getEnclosingClass().map(ArchitectureTest::outermost).orElse(type);
    }

    private ArchitectureTest() {}
}
