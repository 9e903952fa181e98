package asyncio.io;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.Future;
import asyncio.TimeoutException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class PipesTest {
    private final Children children = new Children();

    @AfterEach
    void nothingIsLeft() throws Exception {
        children.checkNothingIsLeft();
    }

    /** Writes down what it hears. */
    private static final class Log implements SubprocessProtocol {
        final List<String> calls = new ArrayList<>();
        final StringBuilder out = new StringBuilder();
        final Future<Void> lost = getRunningLoop().createFuture();
        SubprocessTransport transport;

        @Override
        public void connectionMade(SubprocessTransport transport) {
            this.transport = transport;
            calls.add("made");
        }

        @Override
        public void pipeDataReceived(int fd, byte[] data) {
            out.append(fd).append(new String(data, UTF_8));
        }

        @Override
        public void pipeConnectionLost(int fd, Throwable error) {
            calls.add("pipe " + fd + " " + error);
        }

        @Override
        public void processExited() {
            calls.add("exited " + transport.getReturncode());
        }

        @Override
        public void connectionLost(Throwable error) {
            calls.add("lost " + error);
            lost.setResult(null);
        }
    }

    @Test
    void protocolHearsOfAllThatHappens() throws Exception {
        run(() -> {
            var endpoint = await(Pipes.subprocessExec(Log::new, "sh", "-c", "read a; echo \"$a\"; exit 3"));
            var log = endpoint.protocol();
            var transport = endpoint.transport();
            assertEquals(List.of("made"), log.calls);
            assertSame(log.transport, transport);
            assertNull(transport.getReturncode());
            assertNull(transport.getPipeTransport(3));
            assertEquals(
                    transport.getPid(),
                    transport.getExtraInfo(ExtraInfo.SUBPROCESS).pid());
            ((WriteTransport) transport.getPipeTransport(0)).write("hello\n".getBytes(UTF_8));
            await(log.lost);
            assertEquals("1hello\n", log.out.toString());
            assertEquals(
                    List.of("exited 3", "lost null", "made", "pipe 0 null", "pipe 1 null", "pipe 2 null"),
                    log.calls.stream().sorted().toList());
            assertEquals("made", log.calls.get(0));
            assertEquals("lost null", log.calls.get(5));
            assertEquals(3, transport.getReturncode());
            assertFalse(transport.isClosing());
        });
    }

    @Test
    void transportThatIsClosedKills() throws Exception {
        run(() -> {
            var endpoint = await(Pipes.subprocessShell(Log::new, "exec sleep 60"));
            endpoint.transport().close();
            endpoint.transport().close();
            await(endpoint.protocol().lost);
            assertEquals(-9, endpoint.transport().getReturncode());
            endpoint.transport().kill();
        });
    }

    @Test
    void signalsAreThoseOfProcesses() throws Exception {
        run(() -> {
            var endpoint = await(Pipes.subprocessExec(Log::new, "sleep", "60"));
            endpoint.transport().sendSignal(10);
            await(endpoint.protocol().lost);
            assertEquals(-10, endpoint.transport().getReturncode());
            assertThrows(
                    java.nio.file.NoSuchFileException.class, () -> await(Pipes.subprocessExec(Log::new, "/no/such")));
        });
    }

    // write after close() or write_eof() of a pipe is dropped; the transport of a program that has ended is not closing
    @Test
    void whatIsWrittenAfterTheEndIsDropped() throws Exception {
        run(() -> {
            var endpoint = await(Pipes.subprocessExec(Log::new, "cat"));
            var stdin = (WriteTransport) endpoint.transport().getPipeTransport(0);
            stdin.write("one".getBytes(UTF_8));
            stdin.writeEof();
            assertTrue(stdin.isClosing());
            stdin.write("two".getBytes(UTF_8));
            stdin.close();
            stdin.write("three".getBytes(UTF_8));
            await(endpoint.protocol().lost);
            assertEquals("1one", endpoint.protocol().out.toString());
            assertFalse(endpoint.transport().isClosing());
            endpoint.transport().close();
            assertTrue(endpoint.transport().isClosing());
            var cat = await(Command.exec("cat")
                    .withStdin(Stdio.PIPE)
                    .withStdout(Stdio.PIPE)
                    .start());
            cat.stdin().write("one");
            cat.stdin().close();
            assertEquals("one", await(cat.communicate("two".getBytes(UTF_8))).stdoutText());
        });
    }

    // ---- streams and channels

    private static StreamReaderProtocol newProtocol() {
        return StreamReaderProtocol.create(StreamReader.create(StreamReader.DEFAULT_LIMIT));
    }

    /** A protocol with its reader. */
    private static final class Reading implements Protocol {
        final StreamReader reader = StreamReader.create(1000);
        final StreamReaderProtocol inner = StreamReaderProtocol.create(reader);

        @Override
        public void connectionMade(Transport transport) throws Exception {
            inner.connectionMade(transport);
        }

        @Override
        public void dataReceived(byte[] data) throws Exception {
            inner.dataReceived(data);
        }

        @Override
        public boolean eofReceived() throws Exception {
            return inner.eofReceived();
        }

        @Override
        public void connectionLost(Throwable error) throws Exception {
            inner.connectionLost(error);
        }
    }

    @Test
    void inputStreamIsReadToItsEndAndClosed() throws Exception {
        var closed = new CountDownLatch(1);
        var bytes = "x".repeat(300_000).getBytes(UTF_8);
        var input = new ByteArrayInputStream(bytes) {
            @Override
            public void close() {
                closed.countDown();
            }
        };
        run(() -> {
            var endpoint = await(Pipes.connectReadPipe(Reading::new, input));
            assertSame(input, endpoint.transport().getExtraInfo("pipe"));
            assertArrayEquals(bytes, await(endpoint.protocol().reader.read()));
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> ((WriteTransport) endpoint.transport()).write(new byte[1]));
        });
        closed.await();
    }

    @Test
    void errorOfAnInputStreamIsThatOfItsReader() throws Exception {
        var input = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("broken");
            }
        };
        run(() -> {
            var endpoint = await(Pipes.connectReadPipe(Reading::new, input));
            var error = assertThrows(
                    IOException.class, () -> await(endpoint.protocol().reader.read()));
            assertEquals("broken", error.getMessage());
        });
    }

    @Test
    void channelsOfAPipeMeet() throws Exception {
        var pipe = Pipe.open();
        run(() -> {
            var reading = await(Pipes.connectReadPipe(Reading::new, pipe.source()));
            var protocol = newProtocol();
            var writing = await(Pipes.connectWritePipe(() -> protocol, pipe.sink()));
            var writer = StreamWriter.create(writing.transport(), protocol, null);
            writer.write("a\n");
            assertEquals("a\n", new String(await(reading.protocol().reader.readline()), UTF_8));
            writer.write(new byte[1_000_000]);
            assertThrows(TimeoutException.class, () -> await(waitFor(writer.drain(), ofMillis(50))));
            writer.close();
            assertEquals(1_000_000, await(reading.protocol().reader.read()).length);
            await(writer.waitClosed());
        });
        assertFalse(pipe.source().isOpen());
        assertFalse(pipe.sink().isOpen());
    }

    @Test
    void channelThatIsClosedEndsItsRead() throws Exception {
        var pipe = Pipe.open();
        run(() -> {
            var reading = await(Pipes.connectReadPipe(Reading::new, pipe.source()));
            assertThrows(
                    TimeoutException.class,
                    () -> await(waitFor(reading.protocol().reader.read(), ofMillis(20))));
            reading.transport().close();
            // Within the size of a pipe, and soon.
            assertThrows(IOException.class, () -> {
                for (int i = 0; i < 60_000; i++) {
                    pipe.sink().write(ByteBuffer.allocate(1));
                    await(sleep(ofMillis(1)));
                }
            });
            assertFalse(pipe.source().isOpen());
        });
        pipe.sink().close();
    }

    @Test
    void writerHearsThatTheReaderIsGone() throws Exception {
        var pipe = Pipe.open();
        pipe.source().close();
        run(() -> {
            var protocol = newProtocol();
            var endpoint = await(Pipes.connectWritePipe(() -> protocol, Channels.newOutputStream(pipe.sink())));
            var writer = StreamWriter.create(endpoint.transport(), protocol, null);
            writer.write("x");
            var error = assertThrows(SocketException.class, () -> await(writer.waitClosed()));
            assertEquals("Broken pipe", error.getMessage());
        });
    }

    @Test
    void outputStreamGetsEverything() throws Exception {
        var closed = new CountDownLatch(1);
        var output = new ByteArrayOutputStream() {
            @Override
            public void close() {
                closed.countDown();
            }
        };
        run(() -> {
            var protocol = newProtocol();
            var endpoint = await(Pipes.connectWritePipe(() -> protocol, output));
            var transport = endpoint.transport();
            for (int i = 0; i < 1000; i++) {
                transport.write(("line " + i + "\n").getBytes(UTF_8));
            }
            transport.writeEof();
            await(StreamWriter.create(transport, protocol, null).waitClosed());
        });
        closed.await();
        assertEquals(1000, output.toString(UTF_8).lines().count());
    }
}
