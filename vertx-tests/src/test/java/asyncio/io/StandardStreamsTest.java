package asyncio.io;

import static asyncio.Asyncio.*;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static org.junit.jupiter.api.Assertions.*;

import asyncio.TimeoutException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.PrintStream;
import java.net.SocketException;
import java.nio.channels.Channels;
import java.nio.channels.Pipe;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(120)
class StandardStreamsTest {
    private final InputStream in = System.in;
    private final PrintStream out = System.out;
    private final PrintStream err = System.err;

    @AfterEach
    void setBack() {
        System.setIn(in);
        System.setOut(out);
        System.setErr(err);
    }

    private static String line(StreamReader reader) {
        return new String(await(reader.readline()), UTF_8);
    }

    // ---- in this JVM

    @Test
    void linesOfStdin() throws Exception {
        System.setIn(new ByteArrayInputStream("a\nb\n".getBytes(UTF_8)));
        run(() -> {
            var stdin = StandardStreams.stdin();
            assertSame(stdin, StandardStreams.stdin());
            assertEquals("a\n", line(stdin));
            assertEquals("b\n", line(stdin));
            assertEquals("", line(stdin));
            assertTrue(stdin.atEof());
        });
    }

    @Test
    void readThatWaitsHoldsUpNothingAndLosesNothing() throws Exception {
        var pipe = Pipe.open();
        System.setIn(Channels.newInputStream(pipe.source()));
        var typed = new PrintStream(Channels.newOutputStream(pipe.sink()), true, UTF_8);
        for (int i = 0; i < 3; i++) {
            run(() -> assertThrows(
                    TimeoutException.class,
                    () -> await(waitFor(StandardStreams.stdin().readline(), ofMillis(50)))));
        }
        typed.print("for the next loop\nand the same\n");
        run(() -> {
            assertEquals("for the next loop\n", line(StandardStreams.stdin()));
            assertEquals("and the same\n", line(StandardStreams.stdin()));
        });
        pipe.sink().close();
    }

    @Test
    void outputIsThatOfSystemOutAndStaysOpen() throws Exception {
        var printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, false, UTF_8));
        run(() -> {
            var stdout = StandardStreams.stdout();
            System.out.println("1");
            stdout.write("2\n");
            await(stdout.drain());
            stdout.close();
            await(stdout.waitClosed());
            System.out.println("3");
            StandardStreams.stdout().write("4\n");
        });
        System.out.println("5");
        System.out.flush();
        assertEquals("1\n2\n3\n4\n5\n", printed.toString(UTF_8));
    }

    @Test
    void stderrIsAnother() throws Exception {
        var printed = new ByteArrayOutputStream();
        System.setErr(new PrintStream(printed, false, UTF_8));
        run(() -> {
            StandardStreams.stderr().write("oops");
            assertNotSame(StandardStreams.stderr(), StandardStreams.stdout());
        });
        assertEquals("oops", printed.toString(UTF_8));
    }

    @Test
    void outputThatFailsRaises() throws Exception {
        System.setOut(new PrintStream(new OutputStream() {
            @Override
            public void write(int b) throws java.io.IOException {
                throw new java.io.IOException("No space left on device");
            }
        }));
        run(() -> {
            var stdout = StandardStreams.stdout();
            stdout.write("x");
            assertThrows(SocketException.class, () -> await(stdout.waitClosed()));
        });
    }

    @Test
    void outsideOfALoopTheyAreRefused() {
        var error = assertThrows(IllegalStateException.class, StandardStreams::stdin);
        assertTrue(error.getMessage().startsWith("StandardStreams.stdin: no running event loop"), error.getMessage());
    }

    // ---- of another JVM

    /** Doubles numbers until the line "stop", and leaves a read behind that waits. */
    static final class Doubler {
        public static void main(String[] args) throws Exception {
            run(() -> {
                var stdin = StandardStreams.stdin();
                var stdout = StandardStreams.stdout();
                stdout.write("ready\n");
                while (true) {
                    var line = line(stdin).strip();
                    if (line.isEmpty() || line.equals("stop")) {
                        break;
                    }
                    stdout.write(2 * Integer.parseInt(line) + "\n");
                    await(stdout.drain());
                }
                createTask(stdin.readline());
                await(sleep(ofMillis(1)));
                stdout.write("x".repeat(100_000) + "\n");
                StandardStreams.stderr().write("end\n");
            });
            System.out.println("bye");
        }
    }

    private static Command doubler() {
        return Jvm.of(Doubler.class);
    }

    /** Before that it may tell on which kind of fibers it runs. */
    private static void assertEndsWithEnd(String text) {
        assertTrue(text.endsWith("end\n"), text);
    }

    private static final String AFTER = "x".repeat(100_000) + "\nbye\n";

    @Test
    void pipes() throws Exception {
        run(() -> {
            // Its stdin stays open.
            with(await(doubler().withPipes().start()), process -> {
                assertEquals("ready\n", line(process.stdout()));
                process.stdin().write("21\n");
                assertEquals("42\n", line(process.stdout()));
                process.stdin().write("stop\n");
                assertEquals(AFTER, new String(await(process.stdout().read()), UTF_8));
                assertEndsWithEnd(new String(await(process.stderr().read()), UTF_8));
                assertEquals(0, await(process.waitEnded()));
            });
        });
    }

    @Test
    void files(@TempDir Path folder) throws Exception {
        var input = Files.writeString(folder.resolve("in"), "1\n2\n");
        var output = folder.resolve("out");
        run(() -> {
            var command = doubler().withStdin(Stdio.file(input)).withStdout(Stdio.file(output));
            assertEndsWithEnd(await(command.run()).checkReturncode().stderrText());
        });
        assertEquals("ready\n2\n4\n" + AFTER, Files.readString(output));
    }
}
