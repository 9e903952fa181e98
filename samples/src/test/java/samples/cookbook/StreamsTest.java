package samples.cookbook;

import static asyncio.Asyncio.*;
import static asyncio.io.ExtraInfo.PEERNAME;
import static asyncio.io.Streams.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.TimeoutException;
import asyncio.io.ConnectOptions;
import asyncio.io.Datagrams;
import asyncio.io.Protocol;
import asyncio.io.Server;
import asyncio.io.ServerOptions;
import asyncio.io.SslContexts;
import asyncio.io.StreamReader;
import asyncio.io.StreamWriter;
import asyncio.io.Transport;
import asyncio.io.Transports;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The recipes of docs/streams.md. */
@Timeout(value = 60, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class StreamsTest {

    // ---- recipes

    static String ask(int port, String question) {
        try (var connection = await(openConnection("localhost", port))) {
            connection.writer().write(question + "\n");
            await(connection.writer().drain());
            var answer = await(connection.reader().readline());
            return new String(answer, UTF_8).strip();
        }
    }

    /** Answers each line with the same in capitals. */
    static void shout(StreamReader reader, StreamWriter writer) {
        try (writer) {
            for (var line : each(reader)) {
                writer.write(new String(line, UTF_8).toUpperCase());
                await(writer.drain());
            }
        }
    }

    static void serve(int port) throws Exception {
        with(await(startServer(StreamsTest::shout, "localhost", port)), server -> {
            await(server.serveForever());
        });
    }

    static Coroutine<Server> limited() {
        var options = ServerOptions.NONE.withMaxConnections(1000).withLimit(4096);
        return startServer(
                (reader, writer) -> {
                    try (writer) {
                        await(waitFor(reader.readline(), ofSeconds(30)));
                        writer.write("you are " + writer.getExtraInfo(PEERNAME) + "\n");
                    }
                },
                "localhost",
                0,
                options);
    }

    static void stop(Server server) {
        server.close();
        server.closeClients();
        try {
            await(waitFor(server.waitClosed(), ofSeconds(5)));
        } catch (TimeoutException e) {
            server.abortClients();
        }
    }

    static String overTls(String host, int port, Path trusted) throws Exception {
        var context = await(toThread(() -> SslContexts.trusting(trusted)));
        var options = ConnectOptions.NONE.withSsl(context).withHappyEyeballsDelay(ofMillis(250));
        try (var connection = await(openConnection(host, port, options))) {
            connection.writer().write("hello\n");
            return new String(await(connection.reader().readline()), UTF_8);
        }
    }

    /** Counts what comes. */
    static final class Counter implements Protocol {
        private Transport transport;
        private long count;

        @Override
        public void connectionMade(Transport transport) {
            this.transport = transport;
        }

        @Override
        public void dataReceived(byte[] data) {
            count += data.length;
        }

        @Override
        public boolean eofReceived() {
            transport.write(Long.toString(count).getBytes(UTF_8));
            return false;
        }
    }

    static Coroutine<Server> counting() {
        return Transports.createServer(Counter::new, "localhost", 0);
    }

    static List<String> pings(InetSocketAddress server) throws Exception {
        var answers = new ArrayList<String>();
        with(await(Datagrams.connect(server)), socket -> {
            for (var i = 0; i < 3; i++) {
                await(socket.send(("ping " + i).getBytes(UTF_8)));
                var answer = await(waitFor(socket.receive(), ofSeconds(5)));
                answers.add(new String(answer.data(), UTF_8));
            }
        });
        return answers;
    }

    // ---- that they work

    @Test
    void aServerAnswers() {
        run(() -> {
            var server = await(startServer(StreamsTest::shout, "localhost", 0));
            assertEquals("HELLO", ask(server.port(), "hello"));
            stop(server);
            assertEquals(0, server.sockets().size());
        });
    }

    @Test
    void aServerServesUntilItIsCancelled() throws Exception {
        run(() -> {
            int port;
            try (var free = new ServerSocket(0)) {
                port = free.getLocalPort();
            }
            var serving = createTask(async(() -> serve(port)));
            String answer = null;
            while (answer == null) {
                await(sleep(ofMillis(5)));
                try {
                    answer = ask(port, "x");
                } catch (Exception e) {
                    assertTrue(e instanceof ConnectException, e::toString);
                }
            }
            assertEquals("X", answer);
            serving.cancel();
            assertThrows(CancelledError.class, () -> await(serving));
        });
    }

    @Test
    void aServerKnowsItsClients() {
        run(() -> {
            var server = await(limited());
            assertTrue(ask(server.port(), "who").startsWith("you are /"));
            stop(server);
        });
    }

    @Test
    void aProtocolCounts() {
        run(() -> {
            var server = await(counting());
            try (var connection = await(openConnection("localhost", server.port()))) {
                connection.writer().write(new byte[100_000]);
                connection.writer().writeEof();
                assertEquals("100000", new String(await(connection.reader().read()), UTF_8));
            }
            server.close();
        });
    }

    @Test
    void datagramsGoToAndFro() throws Exception {
        run(() -> {
            var server = await(Datagrams.bind(new InetSocketAddress("127.0.0.1", 0)));
            var echo = createTask(async(() -> {
                for (var datagram : each(server)) {
                    await(server.send(datagram.data(), datagram.address()));
                }
            }));
            assertEquals(List.of("ping 0", "ping 1", "ping 2"), pings((InetSocketAddress) server.localAddress()));
            server.close();
            await(echo);
        });
    }
}
