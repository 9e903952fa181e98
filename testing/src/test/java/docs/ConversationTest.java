package docs;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMinutes;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.IncompleteReadException;
import asyncio.TimeoutException;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;
import asyncio.testing.AsyncioTest;
import asyncio.testing.MemoryStreams;
import java.net.SocketException;

/** Code that reads and writes streams, tested without a socket, in virtual time. */
class ConversationTest {
    static void greet(StreamReader reader, StreamWriter writer) {
        try {
            writer.write("who?\n");
            var name = await(waitFor(reader.readline(), ofMinutes(1)));
            writer.write("hello " + new String(name, UTF_8));
        } catch (TimeoutException e) {
            writer.write("bye\n");
        } finally {
            writer.close();
        }
    }

    @AsyncioTest
    void greetsByName() {
        try (var connection = MemoryStreams.connectTo(ConversationTest::greet)) {
            connection.writer().write("Ada\n");
            assertEquals(
                    "who?\nhello Ada\n", new String(await(connection.reader().read()), UTF_8));
        }
    }

    @AsyncioTest
    void waitsAMinute() {
        var before = getRunningLoop().time();
        try (var connection = MemoryStreams.connectTo(ConversationTest::greet)) {
            assertEquals("who?\n", new String(await(connection.reader().readline()), UTF_8));
            assertEquals("bye\n", new String(await(connection.reader().readline()), UTF_8));
        }
        assertEquals(ofMinutes(1), getRunningLoop().time().minus(before));
    }

    @AsyncioTest
    void aWriterWaitsForAReaderThatDoesNotRead() {
        var ends = MemoryStreams.pair(1000);
        var written = new int[1];
        var writing = createTask(async(() -> {
            for (; written[0] < 200; written[0]++) {
                ends.client().writer().write(new byte[1000]);
                await(ends.client().writer().drain());
            }
            ends.client().writer().writeEof();
        }));
        await(sleep(ofMinutes(1)));
        // 64 KiB are on their way to the reader, as many wait in the transport.
        assertTrue(written[0] > 128 && written[0] < 150, () -> written[0] + " written");
        assertEquals(200_000, await(ends.server().reader().read()).length);
        await(writing);
        assertThrows(
                IncompleteReadException.class,
                () -> await(ends.server().reader().readexactly(1)));
        ends.server().close();
        await(ends.server().writer().waitClosed());
        ends.client().close();
    }

    @AsyncioTest
    void oneEndSeesThatTheOtherIsGone() {
        var ends = MemoryStreams.pair();
        ends.server().writer().transport().abort();
        assertEquals(0, await(ends.client().reader().read()).length);
        ends.client().writer().write("too late");
        assertThrows(SocketException.class, () -> await(ends.client().writer().waitClosed()));
    }
}
