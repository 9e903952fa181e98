package asyncio.http;

import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.abort;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.TestWatcher;

/**
 * A server that others wrote, in a process of its own for all tests of a class: a static field with
 * {@code @RegisterExtension}. Where it is not installed the tests are skipped, but fail where {@code CI=true} says that
 * it has to be there. What it logged is printed if a test fails.
 */
final class RealServer implements BeforeAllCallback, AfterAllCallback, TestWatcher {

    /** Writes what the server needs into its folder, and gives the command that starts it. */
    interface Setup {
        List<String> command(Path folder, int port) throws Exception;
    }

    static final String PYTHON = "/usr/bin/python3";

    /** Where this JVM looks first: others run beside it. */
    private static final AtomicInteger nextPort = new AtomicInteger(new Random().nextInt(10_000));

    private final String name;
    private final List<String> needed;
    private final Setup setup;
    private Path folder;
    private Process process;
    private int port;

    /**
     * A server that is started before the tests.
     *
     * @param name what messages call it
     * @param needed files that are there if it is installed
     */
    RealServer(String name, List<String> needed, Setup setup) {
        this.name = name;
        this.needed = needed;
        this.setup = setup;
    }

    int port() {
        return port;
    }

    /** Where its files are. */
    Path folder() {
        return folder;
    }

    String url() {
        return "http://127.0.0.1:" + port + "/";
    }

    String log() throws IOException {
        return Files.readString(folder.resolve("log.txt"), StandardCharsets.ISO_8859_1);
    }

    @Override
    public void beforeAll(ExtensionContext context) throws Exception {
        for (var file : needed) {
            if (!Files.exists(Path.of(file))) {
                var missing = file + " is missing, so nothing is tested against " + name;
                if ("true".equals(System.getenv("CI"))) {
                    fail(missing);
                }
                System.out.println(context.getDisplayName() + ": " + missing);
                abort(missing);
            }
        }
        folder = Files.createTempDirectory("asyncio4j-" + name);
        port = freePort();
        process = new ProcessBuilder(setup.command(folder, port))
                .directory(folder.toFile())
                .redirectErrorStream(true)
                .redirectOutput(folder.resolve("log.txt").toFile())
                .start();
        // Should this JVM die before the tests have ended.
        Runtime.getRuntime().addShutdownHook(new Thread(process::destroyForcibly));
        awaitListening();
    }

    /** Not one that the system gives to others before the server listens: those are above 32767. */
    private static int freePort() {
        while (true) {
            int candidate = 20_000 + nextPort.getAndIncrement() % 10_000;
            try (var socket = new ServerSocket(candidate, 1, InetAddress.getByName("127.0.0.1"))) {
                return socket.getLocalPort();
            } catch (IOException taken) {
                // The next one.
            }
        }
    }

    private void awaitListening() throws Exception {
        var address = new InetSocketAddress("127.0.0.1", port);
        for (long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(RawServer.PATIENCE_SECONDS); ; ) {
            try (var socket = new Socket()) {
                socket.connect(address, 1000);
                return;
            } catch (IOException notYet) {
                if (!process.isAlive() || System.nanoTime() > end) {
                    throw new AssertionError(name + " does not listen: " + log());
                }
                Thread.sleep(20);
            }
        }
    }

    @Override
    public void testFailed(ExtensionContext context, Throwable cause) {
        try {
            System.out.println(context.getDisplayName() + " failed; " + name + " logged:\n" + log());
        } catch (IOException unreadable) {
            System.out.println(context.getDisplayName() + " failed; the log of " + name + ": " + unreadable);
        }
    }

    @Override
    public void afterAll(ExtensionContext context) throws Exception {
        if (process != null) {
            process.destroy();
            if (!process.waitFor(RawServer.PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                process.destroyForcibly();
                fail(name + " did not end: " + log());
            }
        }
        if (folder != null) {
            try (var files = Files.walk(folder)) {
                for (var file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.deleteIfExists(file);
                }
            }
        }
    }
}
