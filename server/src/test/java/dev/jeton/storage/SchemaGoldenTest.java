package dev.jeton.storage;

import static java.util.stream.Collectors.joining;

import dev.jeton.Golden;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The schema as each kind of database understood the migrations. */
class SchemaGoldenTest {
    private static final String SQLITE = """
            select sql || ';'
              from sqlite_master
             where sql is not null and name not like 'sqlite%' and tbl_name <> 'flyway_schema_history'
             order by tbl_name, type desc, name""";

    private static final String POSTGRESQL = """
            select line
              from (select table_name, 0 as part, ordinal_position as place,
                           table_name || '.' || column_name || ' ' || data_type
                           || case when is_nullable = 'NO' then ' not null' else '' end
                           || coalesce(' default ' || column_default, '')
                           || case when is_identity = 'YES' then ' generated ' || lower(identity_generation)
                                   else '' end as line
                      from information_schema.columns
                     where table_schema = 'public'
                     union all
                    select conrelid::regclass::text, 1, 0,
                           conrelid::regclass || ': ' || conname || ' ' || pg_get_constraintdef(oid)
                      from pg_constraint
                     where connamespace = 'public'::regnamespace and contype <> 'n'
                     union all
                    select tablename, 2, 0, tablename || ': ' || indexdef
                      from pg_indexes
                     where schemaname = 'public') as schema
             where table_name <> 'flyway_schema_history'
             order by table_name, part, place, line""";

    @Test
    void the_schema_of_sqlite_is_the_reviewed_one(@TempDir Path folder) {
        check(Database.Dialect.SQLITE, folder, SQLITE, "schema.sqlite.sql");
    }

    @Test
    void the_schema_of_postgresql_is_the_reviewed_one(@TempDir Path folder) {
        check(Database.Dialect.POSTGRESQL, folder, POSTGRESQL, "schema.postgres.sql");
    }

    private static void check(Database.Dialect dialect, Path folder, String dump, String file) {
        try (Database database = TestDatabase.migrated(dialect, folder)) {
            String schema = database.<String, RuntimeException>read(handle ->
                    handle.createQuery(dump).mapTo(String.class).list().stream().collect(joining("\n", "", "\n")));
            Golden.check(file, schema);
        }
    }
}
