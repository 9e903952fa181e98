package asyncio.http;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.*;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * Bodies far larger than the memory, down and up; {@code -Dasyncio.huge.body=…} says how many bytes they have, 2 GiB
 * unless set, and a fifth of it where the build runs the other kinds of fibers.
 */
@Timeout(value = 240, threadMode = Timeout.ThreadMode.SEPARATE_THREAD)
class HugeBodyTest {
    private final List<Process> processes = new ArrayList<>();

    private Process start(Class<?> program, String... arguments) throws IOException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (var flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-opens") || flag.startsWith("-Dasyncio.")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-Xmx64m", "-cp"));
        command.add(System.getProperty("surefire.test.class.path", System.getProperty("java.class.path")));
        command.add(program.getName());
        command.addAll(List.of(arguments));
        var process = new ProcessBuilder(command).redirectErrorStream(true).start();
        processes.add(process);
        return process;
    }

    @AfterEach
    void end() {
        processes.forEach(Process::destroyForcibly);
    }

    @Test
    void bodiesLargerThanTheMemory() throws Exception {
        var size = Long.getLong("asyncio.huge.body", (2L << 30) / Integer.getInteger("asyncio.tests.divisor", 1));
        var server = start(HugeBodies.Server.class);
        var port = server.inputReader(UTF_8)
                .lines()
                .filter(line -> line.startsWith("port "))
                .findFirst()
                .orElseThrow()
                .substring(5);
        var client = start(HugeBodies.Client.class, "http://127.0.0.1:" + port + "/", Long.toString(size));
        var said = client.inputReader(UTF_8).lines().toList();
        assertTrue(client.waitFor(60, SECONDS));
        assertTrue(said.contains("received " + size), said::toString);
        assertTrue(said.contains("sent " + size), said::toString);
        assertEquals(0, client.exitValue(), said::toString);
    }
}
