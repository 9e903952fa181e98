package asyncio.io;

import static asyncio.Asyncio.*;
import static asyncio.io.Streams.openConnection;
import static asyncio.io.Streams.startServer;
import static java.nio.charset.StandardCharsets.UTF_8;
import static java.time.Duration.ofMillis;
import static java.time.Duration.ofSeconds;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import asyncio.CancelledError;
import asyncio.Coroutine;
import asyncio.IncompleteReadException;
import asyncio.Semaphore;
import asyncio.Task;
import asyncio.TimeoutException;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Many connections, of which many go wrong: what was acknowledged is right, and nothing is left. */
@Timeout(value = 120, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class FaultMixTest {
    private static final int CLIENTS = 2000 / Integer.getInteger("asyncio.tests.divisor", 1);
    private static final int AT_ONCE = 200;

    private int acknowledged;
    private int broken;
    private int cancelled;

    /**
     * Takes messages of a length and that many bytes, and answers each with its checksum; hangs up where it is told so.
     */
    private static void serve(StreamReader reader, StreamWriter writer) {
        try {
            while (true) {
                var length = ByteBuffer.wrap(await(reader.readexactly(4))).getInt();
                if (length < 0) {
                    writer.transport().abort();
                    return;
                }
                var sum = new CRC32();
                sum.update(await(reader.readexactly(length)));
                writer.write(ByteBuffer.allocate(8).putLong(sum.getValue()).array());
                await(writer.drain());
            }
        } catch (IncompleteReadException e) {
            // The client is gone.
        } catch (Exception e) {
            assertTrue(e instanceof IOException, e::toString);
        } finally {
            writer.close();
        }
    }

    private Coroutine<Void> client(int port, int number, Semaphore free) {
        return async(() -> with(free, permit -> {
            var random = new Random(number);
            try (var connection = await(openConnection("127.0.0.1", port))) {
                for (var message = 0; message < 5; message++) {
                    switch (random.nextInt(20)) {
                        case 0 -> connection.writer().transport().abort();
                        case 1 -> connection.writer().write(new byte[] {-1, 0, 0, 0});
                        case 2 -> await(sleep(ofMillis(random.nextInt(20))));
                        default -> {}
                    }
                    talk(connection, random);
                }
            } catch (CancelledError e) {
                cancelled++;
                throw e;
            } catch (IncompleteReadException | TimeoutException e) {
                broken++;
            } catch (Exception e) {
                assertTrue(e instanceof IOException, e::toString);
                broken++;
            }
        }));
    }

    private void talk(StreamConnection connection, Random random) {
        var data = new byte[random.nextInt(4) == 0 ? random.nextInt(200_000) : random.nextInt(2000)];
        random.nextBytes(data);
        connection.writer().write(ByteBuffer.allocate(4).putInt(data.length).array());
        connection.writer().write(data);
        // The array may be used again.
        var sum = new CRC32();
        sum.update(data);
        Arrays.fill(data, (byte) 7);
        await(connection.writer().drain());
        var answer = connection.reader().readexactly(8);
        var got = random.nextInt(10) == 0 ? await(waitFor(answer, ofMillis(random.nextInt(10)))) : await(answer);
        assertEquals(sum.getValue(), ByteBuffer.wrap(got).getLong());
        acknowledged++;
    }

    @Test
    void whatIsAcknowledgedIsRightAndNothingIsLeft() throws Exception {
        var before = new int[1];
        run(() -> {
            // Loads what is loaded once.
            var warm = await(startServer(FaultMixTest::serve, "127.0.0.1", 0));
            await(openConnection("127.0.0.1", warm.port())).close();
            warm.close();
            await(warm.waitClosed());
            before[0] = openFiles();

            var server = await(startServer(FaultMixTest::serve, "127.0.0.1", 0, ServerOptions.NONE.withBacklog(1000)));
            var free = Semaphore.create(AT_ONCE);
            var tasks = new ArrayList<Task<Void>>();
            for (var number = 0; number < CLIENTS; number++) {
                tasks.add(createTask(client(server.port(), number, free)));
            }
            var random = new Random(1);
            while (tasks.stream().anyMatch(task -> !task.done())) {
                await(sleep(ofMillis(5)));
                tasks.get(random.nextInt(tasks.size())).cancel();
            }
            for (var task : tasks) {
                if (!task.cancelled()) {
                    task.result();
                }
            }
            server.close();
            await(waitFor(server.waitClosed(), ofSeconds(20)));
            for (var wait = 0; wait < 400 && openFiles() > before[0]; wait++) {
                await(sleep(ofMillis(10)));
            }
            assertEquals(1, allTasks().size());
            assertTrue(openFiles() <= before[0], () -> openFiles() + " open files, before " + before[0]);
        });
        assertTrue(acknowledged > CLIENTS, () -> acknowledged + " acknowledged");
        assertTrue(broken > CLIENTS / 20, () -> broken + " broken");
        assertTrue(cancelled > 0);
    }

    private static int openFiles() {
        try (var files = Files.list(Path.of("/proc/self/fd"))) {
            return (int) files.count();
        } catch (IOException e) {
            return 0;
        }
    }

    /** A program of its own, whose limit of files is low: its port on the first line, then a line for each report. */
    static final class Crowded {
        public static void main(String[] arguments) {
            // What a first line of the log needs is read from files.
            System.getLogger("asyncio").log(System.Logger.Level.WARNING, "begins");
            run(() -> {
                var server = await(startServer(
                        (reader, writer) -> {
                            try (writer) {
                                for (var line : each(reader)) {
                                    writer.write(line);
                                }
                            }
                        },
                        "127.0.0.1",
                        0,
                        ServerOptions.NONE.withBacklog(1000)));
                System.out.println(server.port());
                await(toThread(() -> System.in.read()));
                server.close();
                server.abortClients();
            });
        }
    }

    @Test
    void aServerThatWasOutOfFilesAcceptsAgain() throws Exception {
        assumeTrue(Files.exists(Path.of("/proc/self/fd")), "needs Linux");
        var java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        var command = "ulimit -n 400; exec '" + java + "' -cp '" + System.getProperty("java.class.path") + "' '"
                + Crowded.class.getName() + "'";
        var program = new ProcessBuilder("bash", "-c", command)
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        var sockets = new ArrayList<Socket>();
        try (var output = new BufferedReader(new InputStreamReader(program.getInputStream(), UTF_8))) {
            int port = Integer.parseInt(output.readLine());
            // A class that is first needed when there are no more files cannot be loaded from a folder.
            for (var i = 0; i < 3; i++) {
                try (var socket = new Socket("127.0.0.1", port)) {
                    assertTrue(answers(socket, 30_000));
                    socket.shutdownOutput();
                    assertEquals(-1, socket.getInputStream().read());
                }
            }
            for (var i = 0; i < 600; i++) {
                sockets.add(new Socket("127.0.0.1", port));
            }
            var answered = 0;
            while (answered < sockets.size() && answers(sockets.get(answered), 2000)) {
                answered++;
            }
            int limit = answered;
            // They are accepted in the order of their coming, until there are no more files.
            assertTrue(limit > 20 && limit < 400, () -> limit + " answered");
            for (var socket : List.copyOf(sockets)) {
                socket.close();
            }
            sockets.clear();
            sockets.add(new Socket("127.0.0.1", port));
            assertTrue(answers(sockets.get(0), 30_000));
        } finally {
            for (var socket : sockets) {
                socket.close();
            }
            program.destroyForcibly();
        }
    }

    private static boolean answers(Socket socket, int millis) {
        try {
            socket.setSoTimeout(millis);
            socket.getOutputStream().write("x\n".getBytes(UTF_8));
            return socket.getInputStream().readNBytes(2).length == 2;
        } catch (IOException e) {
            return false;
        }
    }
}
