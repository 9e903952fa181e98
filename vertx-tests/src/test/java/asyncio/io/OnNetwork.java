package asyncio.io;

import static asyncio.Asyncio.allTasks;
import static asyncio.Asyncio.async;
import static asyncio.Asyncio.await;
import static asyncio.Asyncio.getRunningLoop;
import static asyncio.Asyncio.sleep;
import static asyncio.Asyncio.timeout;
import static asyncio.Asyncio.with;
import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.time.Duration.ZERO;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;

import asyncio.Action;
import asyncio.Asyncio;
import asyncio.ExceptionContext;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Timeout;

/** A test whose body is code of a loop on Vert.x; afterwards no socket of it is open. */
@Timeout(120)
abstract class OnNetwork {
    @BeforeAll
    static void openFirstSockets() {
        // The JDK keeps a pair of sockets for itself from its first one on.
        try (var first = SocketChannel.open(StandardProtocolFamily.UNIX)) {
            first.configureBlocking(false);
        } catch (IOException error) {
            throw new AssertionError(error);
        }
        Asyncio.run(async(() -> {
            with(await(Streams.startServer((reader, writer) -> writer.close(), "127.0.0.1", 0)), server -> {
                with(await(Streams.openConnection("127.0.0.1", server.port())), connection -> {
                    await(connection.reader().read());
                });
            });
        }));
    }

    final List<String> log = new CopyOnWriteArrayList<>();
    final List<ExceptionContext> reports = new ArrayList<>();

    /** Runs it; nothing may be reported to the loop. */
    final void inLoop(Action body) {
        inLoopWithReports(body);
        assertEquals(List.of(), reports);
    }

    /** {@link #inLoop} that leaves it to the test to look at {@link #reports}. */
    final void inLoopWithReports(Action body) {
        var before = sockets();
        Asyncio.run(async(() -> {
            getRunningLoop().setExceptionHandler((loop, context) -> reports.add(context));
            // The limit is there against hanging only.
            with(timeout(ofSeconds(30)), t -> {
                body.run();
            });
            assertEquals(1, allTasks().size(), () -> allTasks().toString());
        }));
        assertNoNewSockets(before);
    }

    /** What was reported, in a few words. */
    final List<String> messages() {
        return reports.stream().map(ExceptionContext::message).toList();
    }

    /** Lets the loop do so many iterations. */
    static void iterations(int n) {
        for (int i = 0; i < n; i++) {
            await(sleep(ZERO));
        }
    }

    /** Waits until something holds that code of the loop, or of another thread, or the system brings about. */
    static void until(BooleanSupplier condition) {
        while (!condition.getAsBoolean()) {
            await(sleep(ofMillis(1)));
        }
    }

    /** The sockets of this process, as the system counts them. */
    static Set<String> sockets() {
        var found = new TreeSet<String>();
        try (var all = Files.newDirectoryStream(Path.of("/proc/self/fd"))) {
            for (var fd : all) {
                try {
                    var target = Files.readSymbolicLink(fd).toString();
                    if (target.startsWith("socket:")) found.add(target);
                } catch (IOException closedMeanwhile) {
                    continue;
                }
            }
        } catch (IOException error) {
            throw new AssertionError(error);
        }
        return found;
    }

    /** Netty closes sockets in a thread of its own. */
    static void assertNoNewSockets(Set<String> before) {
        var deadline = System.nanoTime() + ofSeconds(20).toNanos();
        while (true) {
            var now = sockets();
            now.removeAll(before);
            if (now.isEmpty()) return;
            if (System.nanoTime() > deadline) fail("sockets are still open: " + now);
            try {
                Thread.sleep(2);
            } catch (InterruptedException interrupted) {
                throw new AssertionError(interrupted);
            }
        }
    }

    static byte[] bytes(String text) {
        return text.getBytes(ISO_8859_1);
    }

    static String text(byte[] bytes) {
        return new String(bytes, ISO_8859_1);
    }

    /** So many bytes of which no long stretch comes twice. */
    static byte[] pattern(int count) {
        var all = new byte[count];
        long state = 1;
        for (int i = 0; i < count; i++) {
            state = state * 6364136223846793005L + 1442695040888963407L;
            all[i] = (byte) (state >>> 56);
        }
        return all;
    }
}
