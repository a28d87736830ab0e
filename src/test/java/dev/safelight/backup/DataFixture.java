package dev.safelight.backup;

import dev.safelight.testing.TestDatabase;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.UserDefinedFileAttributeView;
import java.time.Instant;
import java.time.InstantSource;
import javax.sql.DataSource;
import org.flywaydb.core.Flyway;
import org.springframework.jdbc.core.simple.JdbcClient;

/// A data folder with one READY asset and an upload that is still open, and the database that knows them.
final class DataFixture {
    static final Instant NOW = Instant.parse("2026-11-28T12:00:00Z");
    static final String ORIGINAL = "raw/raw/2026/11/one/a.jpg";
    static final String VARIANT = "processed/processed/image/one/v1/small-320w.webp";

    private static final String ASSET = "00000000-0000-0000-0000-000000000002";

    final Path data;
    final DataSource database;
    final JdbcClient sql;

    DataFixture(Path folder) {
        this.data = folder.resolve("data");
        this.database =
                TestDatabase.fresh("migrated_for_backup", DataFixture::migrate).dataSource();
        this.sql = JdbcClient.create(database);
        try {
            Files.createDirectories(data.resolve("store/objects"));
            Files.writeString(data.resolve("store/keys.properties"), "worker.access=SL1\n");
            Files.writeString(data.resolve("admin.key"), "sl_secret\n");
            object(ORIGINAL, "an original");
            object(VARIANT, "a variant");
        } catch (IOException failed) {
            throw new UncheckedIOException(failed);
        }
        fill();
    }

    private static void migrate(DataSource source) {
        Flyway.configure().dataSource(source).load().migrate();
    }

    Path object(String path, String content) throws IOException {
        Path file = data.resolve("store/objects").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
        Files.getFileAttributeView(file, UserDefinedFileAttributeView.class)
                .write("user.content-type", ByteBuffer.wrap("image/jpeg".getBytes(StandardCharsets.UTF_8)));
        return file;
    }

    static String attribute(Path file) throws IOException {
        var view = Files.getFileAttributeView(file, UserDefinedFileAttributeView.class);
        ByteBuffer value = ByteBuffer.allocate(100);
        view.read("user.content-type", value);
        return new String(value.array(), 0, value.position(), StandardCharsets.UTF_8);
    }

    private void fill() {
        sql.sql("""
                insert into api_key (id, name, secret_hash, roles, created_at)
                values ('00000000-0000-0000-0000-000000000001', E'tab\\there \\\\ "ü"', '\\x00ff', '{admin,"a,b"}', now());
                insert into asset (id, space, owner, metadata, current_version, created_at)
                values ('%1$s', 'product', '00000000-0000-0000-0000-000000000001', '{"alt":"line\\nbreak"}', 1, now());
                insert into asset_version (asset_id, version, status, moderation, file_name, declared_type, original_key,
                    original_bytes, original_etag, focal_x, focal_y, created_at)
                values ('%1$s', 1, 'READY', 'approved', 'a.jpg', 'image/jpeg', 'raw/2026/11/one/a.jpg', 11, 'e',
                        0.1, 0.30000000000000004, now()),
                       ('%1$s', 2, 'PENDING', 'pending', 'b.jpg', 'image/jpeg', 'raw/2026/11/two/b.jpg', 5, null,
                        null, null, now());
                insert into variant (asset_id, version, name, format, width, height, bytes, bucket, key, object_key, etag,
                    recipe, created_at)
                values ('%1$s', 1, 'small', 'WEBP', 320, 200, 9, 'PROCESSED', 'processed/image/one/v1/small-320w.webp',
                    'processed/image/one/v1/small-320w.webp', 'e', 'r', now());
                insert into upload (id, asset_id, version, owner, request_hash, object_key, content_type, bytes, state,
                    created_at, expires_at, method, space)
                values ('00000000-0000-0000-0000-000000000003', '%1$s', 2, '00000000-0000-0000-0000-000000000001', 'h',
                    'raw/2026/11/two/b.jpg', 'image/jpeg', 5, 'PENDING', now(), now(), 'POST', 'product');
                insert into job_run (kind, instance, outcome, started_at) values ('process', 'x', 'RUNNING', now());
                insert into job_run (kind, instance, outcome, started_at) values ('process', 'y', 'SUCCEEDED', now());
                insert into scheduled_tasks (task_name, task_instance, execution_time, picked, picked_by, version, priority)
                values ('process', 'x', now(), true, 'worker-1', 1, 50);
                insert into orphan (bucket, object_key, bytes, etag, modified_at, found_at, seen_at)
                values ('raw', 'raw/stray', 1, 'e', now(), now(), now());
                """.formatted(ASSET)).update();
    }

    Manifest backUp(Path target) throws InterruptedException {
        return new Backup(data, "test", InstantSource.fixed(NOW), Progress.NONE).run(database, target);
    }
}
