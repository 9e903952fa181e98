package asyncio.semantics;

import static java.nio.charset.StandardCharsets.UTF_8;
import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A program in a JVM of its own, which has the class path of this one and its flags that choose the kind of fibers. */
final class OtherJvm implements AutoCloseable {
    private final Process process;
    private final BufferedReader output;
    private String pushedBack;

    private OtherJvm(Process process) {
        this.process = process;
        output = process.inputReader(UTF_8);
    }

    /** Starts {@code program} with the JVM's flags {@code flags}. */
    static OtherJvm start(List<String> flags, Class<?> program, String... args) throws IOException {
        var command = new ArrayList<String>();
        // Whoever starts the tests in the background of a shell has it ignore Ctrl-C; our programs must not inherit
        // that.
        command.addAll(List.of("env", "--default-signal=INT"));
        command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
        for (var flag : ManagementFactory.getRuntimeMXBean().getInputArguments()) {
            if (flag.startsWith("--add-opens") || flag.startsWith("-Dasyncio.")) {
                command.add(flag);
            }
        }
        command.addAll(List.of("-XX:TieredStopAtLevel=1", "-Xshare:auto"));
        command.addAll(flags);
        command.addAll(
                List.of("-cp", System.getProperty("surefire.test.class.path", System.getProperty("java.class.path"))));
        command.add(program.getName());
        command.addAll(List.of(args));
        return new OtherJvm(
                new ProcessBuilder(command).redirectErrorStream(true).start());
    }

    void pressCtrlC() throws Exception {
        assertEquals(
                0,
                new ProcessBuilder("kill", "-INT", String.valueOf(process.pid()))
                        .start()
                        .waitFor());
    }

    /** Reads up to this line; what else is said before, such as what the fibers are, does not matter. */
    void expect(String line) throws IOException {
        var seen = new ArrayList<String>();
        while (true) {
            var next = output.readLine();
            assertNotNull(next, () -> "ended without '" + line + "': " + seen);
            seen.add(next);
            if (next.equals(line)) {
                return;
            }
        }
    }

    /** Reads up to a line that begins so, which is then the first one of {@link #rest}. */
    void expectStart(String start) throws IOException {
        var seen = new ArrayList<String>();
        while (true) {
            var next = output.readLine();
            assertNotNull(next, () -> "ended without '" + start + "': " + seen);
            if (next.startsWith(start)) {
                pushedBack = next;
                return;
            }
            seen.add(next);
        }
    }

    /** What it still writes, up to its end. */
    List<String> rest() {
        var lines = new ArrayList<String>();
        if (pushedBack != null) {
            lines.add(pushedBack);
            pushedBack = null;
        }
        output.lines().forEach(lines::add);
        return lines;
    }

    int exitCode() throws InterruptedException {
        assertTrue(process.waitFor(60, SECONDS));
        return process.exitValue();
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
