package docs;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import io.vertx.core.Vertx;
import io.vertx.pgclient.PgBuilder;
import io.vertx.pgclient.PgConnectOptions;
import io.vertx.sqlclient.Pool;
import io.vertx.sqlclient.PoolOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;

/**
 * A PostgreSQL with an empty database for all tests of a class: a static field with {@code @RegisterExtension}. Where
 * none is installed as Debian does it the tests are skipped, but fail where {@code CI=true} says that it has to be
 * there.
 */
final class PostgresServer implements BeforeAllCallback, AfterAllCallback {
    private static final Path VERSIONS = Path.of("/usr/lib/postgresql");
    private static final long PATIENCE_SECONDS = 60;

    /** Debian's user for it: root may not run it. */
    private static final String USER = "postgres";

    private Path folder;
    private Process process;
    private int port;

    Pool pool(Vertx vertx, int size) {
        var options = new PgConnectOptions()
                .setHost("127.0.0.1")
                .setPort(port)
                .setUser(USER)
                .setDatabase("postgres");
        return PgBuilder.pool()
                .with(new PoolOptions().setMaxSize(size))
                .connectingTo(options)
                .using(vertx)
                .build();
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        var programs = programs();
        if (programs == null) {
            var missing = "No PostgreSQL in " + VERSIONS + ", so nothing is tested against it";
            if ("true".equals(System.getenv("CI"))) fail(missing);
            System.out.println(context.getDisplayName() + ": " + missing);
            abort(missing);
        }
        folder = Files.createTempDirectory("asyncio4j-postgres");
        if (isRoot()) {
            var users = folder.getFileSystem().getUserPrincipalLookupService();
            Files.setOwner(folder, users.lookupPrincipalByName(USER));
        }
        var data = folder.resolve("data").toString();
        var initdb =
                start(programs.resolve("initdb"), "-D", data, "-U", USER, "-A", "trust", "-E", "UTF8", "--no-sync");
        if (initdb.waitFor() != 0) throw new AssertionError("initdb: " + log());
        try (var socket = new ServerSocket(0)) {
            port = socket.getLocalPort();
        }
        process = start(
                programs.resolve("postgres"),
                "-D",
                data,
                "-p",
                "" + port,
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=",
                "-c",
                "fsync=off");
        // Should this JVM die before the tests have ended.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroy));
        awaitReady();
    }

    /** Where the newest version that is installed has its programs; null if there is none. */
    private static Path programs() throws IOException {
        if (!Files.isDirectory(VERSIONS)) return null;
        try (var versions = Files.list(VERSIONS)) {
            return versions.map(version -> version.resolve("bin"))
                    .filter(bin -> Files.isExecutable(bin.resolve("postgres")))
                    .max(Comparator.comparing(Path::toString))
                    .orElse(null);
        }
    }

    private static boolean isRoot() {
        return "root".equals(System.getProperty("user.name"));
    }

    private Process start(Path program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        if (isRoot()) command.addAll(List.of("setpriv", "--reuid=" + USER, "--regid=" + USER, "--init-groups"));
        command.add(program.toString());
        command.addAll(List.of(arguments));
        return new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.appendTo(
                        folder.resolve("log.txt").toFile()))
                .start();
    }

    private String log() throws IOException {
        return Files.readString(folder.resolve("log.txt"));
    }

    private void awaitReady() throws Exception {
        for (var end = System.nanoTime() + TimeUnit.SECONDS.toNanos(PATIENCE_SECONDS);
                !log().contains("ready to accept connections"); ) {
            if (!process.isAlive() || System.nanoTime() > end) throw new AssertionError("PostgreSQL: " + log());
            Thread.sleep(20);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (process != null) {
            // It waits for its clients, which have to be closed by now.
            process.destroy();
            if (!process.waitFor(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                fail("PostgreSQL did not end: " + log());
            }
        }
        if (folder == null) return;
        try (var files = Files.walk(folder)) {
            for (var file : files.sorted(Comparator.reverseOrder()).toList()) Files.deleteIfExists(file);
        }
    }
}
